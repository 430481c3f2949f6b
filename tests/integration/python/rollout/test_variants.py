# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a target goes through, with each Maia that its documentation allows for.

The role has the same steps as tasks; make lanes compares what comes of both.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from integration.python.rollout.test_operation import options, run, target
from sandbox.client import SandboxClient
from sandbox.maia.variants import TELLING, VARIANTS
from unit.keys import make_key

*OTHERS, LAST = VAULTS
UNKNOWN_VAULT = (
    "Maia environment 'test' of project '{}': its runner does not show which vault it reads; set"
    f" authorize_vault to {', '.join(OTHERS)} or {LAST}."
)
NOT_UNDERSTOOD = (
    "Which request it takes is not published; ours had type GENERIC_SECRET, value in value, path"
    " secrets; check that it is a Full SaaS project, set authorize_definition.secret_type,"
    " authorize_definition.value_field or"
    " authorize_definition.secrets_path to what your account takes, or make the secret in Maia's"
    " user interface and give its name to maia_secret_definition as secret_name."
)
SHOP, MARKETING = "Shop Analytics", "Marketing Reports"
# Where there is no right outcome, or none without an option: for which project, what is said, and
# what to give then.
HIDDEN = {
    "agents forbidden": (SHOP, MARKETING),
    "hosted agents forbidden": (MARKETING,),
    "hosted agents not found": (MARKETING,),
    "hosted agents disguised": (MARKETING,),
}
RENAMED = {
    "hosted type renamed": {"secret_type": VARIANTS["hosted type renamed"].hosted_type},
    "hosted field renamed": {"value_field": VARIANTS["hosted field renamed"].hosted_field},
}
RUNNERS = {SHOP: "aws", MARKETING: "maia"}


@pytest.fixture
def variant(request: pytest.FixtureRequest, services: SandboxClient) -> str:
    services.behave(request.param)
    return str(request.param)


def fleet(services: SandboxClient, **variables: Any) -> dict[str, Any]:
    """A project on AWS and one in Full SaaS, whose vaults are to be found out."""
    args = options(services)
    args["defaults"] |= {"authorize_vault": "auto", **variables}
    args["targets"] = [
        {
            **target("test", authorize_project=project, authorize_secret_name=f"stripe/{vault}"),
            "name": project,
        }
        for project, vault in RUNNERS.items()
    ]
    return args


def outcomes(args: dict[str, Any], action: str) -> dict[str, Any]:
    """Each target's result of an action; none may have failed."""
    found = run({**args, "action": action, "threads": 2})
    assert not found.get("failed"), found["msg"]
    return dict(found["targets"])


def changed(args: dict[str, Any], action: str) -> list[bool]:
    return [each["changed"] for each in outcomes(args, action).values()]


@pytest.mark.parametrize("variant", VARIANTS, indirect=True)
def test_what_cannot_be_known_or_done_ends_in_the_documented_sentence(
    services: SandboxClient, variant: str
) -> None:
    found = run({**fleet(services), "per_host": True})["targets"]
    for project, vault in RUNNERS.items():
        result = found[project]
        if project in HIDDEN.get(variant, ()):
            assert result["msg"] == UNKNOWN_VAULT.format(project)
            assert not result["changed"]
        elif project == MARKETING and variant in RENAMED:
            assert result["msg"].endswith(NOT_UNDERSTOOD)
            assert not result["changed"]
        else:
            assert not result.get("failed"), result
            assert result["vault"] == vault


@pytest.mark.parametrize(
    "variant",
    [name if name in TELLING else pytest.param(name, marks=pytest.mark.long) for name in VARIANTS],
    indirect=True,
)
def test_with_what_these_sentences_ask_for_all_goes_well(
    services: SandboxClient, variant: str
) -> None:
    args = fleet(services, authorize_definition=RENAMED.get(variant, {}))
    for each in args["targets"]:
        if each["name"] in HIDDEN.get(variant, ()):
            each["authorize_vault"] = RUNNERS[each["name"]]
    outcomes(args, "preflight")
    assert services.writes("aws") + services.writes("maia") == 0
    assert changed(args, "authorize") == [True, True]
    assert changed(args, "authorize") == [False, False]
    for result in outcomes(args, "prove").values():
        verdicts = {link["link"]: link["verdict"] for link in result["proof"]}
        assert verdicts["definition"] == "proven"
        assert verdicts["secret"] in ("proven", "recorded")
    for result in outcomes(args, "audit").values():
        assert (result["secret_changes"], result["definition_changes"]) == ([], [])
    old = [each["authorize_api_key"] for each in args["targets"]]
    for each, key in zip(args["targets"], old, strict=True):
        each["authorize_api_key"] = make_key()
        each["authorize_old_api_key"] = key
    assert changed(args, "rotate") == [True, True]
    assert changed(args, "rollback") == [True, True]
    assert changed(args, "rollback") == [False, False]
    assert changed(args, "revoke") == [True, True]
    assert changed(args, "revoke") == [False, False]
    assert [each for each in services.contents("maia") if each.kind == "definition"] == []
