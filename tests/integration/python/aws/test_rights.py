# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rights a preflight says that AWS credentials have."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.rights import RIGHTS, _right
from integration.python.aws.conftest import Aws
from unit.faces import run_action

CREATE, TAG, PUT, DELETE = (
    f"secretsmanager:{name}"
    for name in ("CreateSecret", "TagResource", "PutSecretValue", "DeleteSecret")
)
NEEDED = {
    ("present", False): [CREATE, TAG, PUT],
    ("present", True): [PUT],
    ("absent", True): [DELETE],
    ("absent", False): [],
}


def asked(aws: Aws, identity: str, **options: Any) -> dict[str, Any]:
    given = {
        "api_key": aws.key,
        "iam_endpoint_url": aws.services.url("aws"),
        "exists": False,
        **options,
    }
    aws.services.clear()
    result = run_action(RIGHTS, aws.options(identity, **given))
    assert aws.services.writes("aws") == 0
    return {right["name"]: (right["held"], right["reason"]) for right in result["rights"]}


@pytest.mark.parametrize(("wanted", "exists"), NEEDED)
def test_what_a_run_will_need_is_simulated(aws: Aws, wanted: str, exists: bool) -> None:
    key = aws.key if wanted == "present" else None
    rights = asked(aws, "full", state=wanted, exists=exists, api_key=key)
    assert rights == dict.fromkeys(NEEDED[wanted, exists], (True, ""))
    called = aws.services.requests("aws")
    assert called.get("SimulatePrincipalPolicy", 0) == (1 if rights else 0)


def test_what_is_not_allowed_is_lacking_unless_the_secret_might_allow_it(aws: Aws) -> None:
    assert asked(aws, "lister") == dict.fromkeys((CREATE, TAG, PUT), (False, ""))
    ((held, reason),) = asked(aws, "lister", exists=True).values()
    assert held is None
    assert reason == "no policy of the caller allows it, but one of the secret itself might"


def test_who_may_not_simulate_knows_nothing(aws: Aws) -> None:
    rights = asked(aws, "writer")
    assert {held for held, _reason in rights.values()} == {None}
    assert "iam:SimulatePrincipalPolicy" in rights[CREATE][1]


def test_a_role_that_iam_does_not_find_is_unknown(aws: Aws) -> None:
    """One whose ARN has a path, which that of its session leaves out."""
    role = "arn:aws:iam::123456789012:role/team/writer"
    rights = asked(aws, "full", assume_role_arn=role)
    assert {held for held, _reason in rights.values()} == {None}


def test_nobody_else_s_iam_is_asked(aws: Aws) -> None:
    rights = asked(aws, "full", iam_endpoint_url=None)
    assert rights[CREATE] == (
        None,
        "endpoint_url is given without sts_endpoint_url and iam_endpoint_url",
    )
    assert aws.services.requests("aws") == {}


@pytest.mark.parametrize(
    ("decision", "missing", "exists", "held"),
    [
        ("allowed", [], True, True),
        ("allowed", ["aws:RequestTag/team"], True, None),
        ("explicitDeny", [], True, False),
        ("implicitDeny", [], True, None),
        ("implicitDeny", [], False, False),
        (None, [], False, None),
        ("maybe", [], False, None),
    ],
)
def test_what_the_simulator_says_is_weighed(
    decision: str | None, missing: list[str], exists: bool, held: bool | None
) -> None:
    result = {"EvalDecision": decision, "MissingContextValues": missing}
    assert _right(PUT, result, exists=exists).held is held
