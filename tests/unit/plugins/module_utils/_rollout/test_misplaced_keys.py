# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key among a target's variables that is for something else, and what a target says of kinds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.operation import OPERATION
from unit.faces import run_action, run_module
from unit.keys import make_key, random_text

KEY = make_key()
# None of them is authorized: nobody looks at the runner, and no connection is given.
TARGET = {
    "authorize_project": "Shop",
    "authorize_environment": "production",
    "authorize_vault": "aws",
    "authorize_check_runner": False,
    "authorize_secret_name": "stripe/shop",
}


def both(capsys: pytest.CaptureFixture[str], **args: Any) -> dict[str, Any]:
    module = run_module(OPERATION, {**args, "progress": False}, capsys)
    action = run_action(OPERATION, {**args, "progress": False})
    module.setdefault("changed", False)
    assert module == action
    return module


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"authorize_secret_name": f"stripe/{KEY}"}, "authorize_secret_name"),
        ({"authorize_label": KEY}, "authorize_label"),
        ({"authorize_api_key_env": KEY}, "authorize_api_key_env"),
        ({"authorize_definition": {"description": f"a {KEY}"}}, "authorize_definition.description"),
        ({"authorize_aws": {"tags": {"a": KEY}}}, "authorize_aws.tags.a"),
        ({"authorize_aws": {"tags": {KEY: "a"}}}, "authorize_aws.tags"),
        ({"authorize_component": {"definition": KEY}}, "authorize_component.definition"),
        ({"authorize_permissions": ["charges", KEY]}, "authorize_permissions"),
    ],
)
def test_it_is_the_failure_of_its_target_alone(
    variables: dict[str, Any], place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    targets = [
        {**TARGET, "name": "one", "authorize_api_key": make_key("whsec", "x"), **variables},
        {
            **TARGET,
            "name": "two",
            "authorize_secret_name": "stripe/two",
            "authorize_definition_name": "stripe_two",
            "authorize_api_key": make_key("whsec", "x"),
            "authorize_verify": "local",
        },
    ]
    result = both(capsys, targets=targets)
    first, second = result["targets"]["one"], result["targets"]["two"]
    assert first["msg"].startswith(f"Option {place}: it holds what looks like a Stripe API key")
    assert first["msg"].endswith(
        "take the key out; only authorize_api_key or authorize_old_api_key takes one."
    )
    assert not first["changed"]
    assert "webhook signing secret" in second["msg"]
    assert KEY not in json.dumps(result)


def test_in_what_all_targets_share_it_is_refused_for_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shared = {"authorize_api_key": make_key(), "authorize_azure": {"content_type": KEY}}
    result = both(capsys, defaults=shared, targets=[{**TARGET, "name": "one"}])
    assert result["msg"].startswith("Option defaults.authorize_azure.content_type: it holds")
    assert "targets" not in result


def test_a_secret_behind_a_mistyped_name_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = random_text(40)
    mistyped = {"authorize_aws": {"secret_kye": unknown, "name": "x"}}
    for targets in ([{**TARGET, "name": "one", "authorize_api_kye": unknown}], []):
        args = {"defaults": mistyped, "targets": targets}
        result = run_module(OPERATION, args, capsys, invocation=True)
        assert unknown not in json.dumps([result, run_action(OPERATION, args)])


@pytest.mark.parametrize("name", ["authorize_on_publishable_key", "authorize_publishable_key"])
@pytest.mark.parametrize("shared", [True, False])
def test_the_variable_for_publishable_keys_has_two_names(name: str, shared: bool) -> None:
    variables = {
        name: "reject",
        "authorize_api_key": make_key("pk"),
        "authorize_verify": "local",
    }
    target = {**TARGET, "name": "one", **({} if shared else variables)}
    result = run_action(
        OPERATION, {"defaults": variables if shared else {}, "targets": [target], "progress": False}
    )
    assert "it is a publishable key" in result["msg"]


def test_an_unrestricted_key_is_warned_of_once_for_all_targets() -> None:
    targets = [{**TARGET, "name": name, "authorize_verify": "local"} for name in ("one", "two")]
    # It is looked at, and is of the wrong mode.
    defaults = {"authorize_api_key": make_key("sk", "test"), "authorize_expected_mode": "live"}
    warned = run_action(OPERATION, {"defaults": defaults, "targets": targets, "progress": False})
    assert [text.split(" (")[0] for text in warned["warnings"]] == [
        "one, two: The Stripe API key is unrestricted"
    ]
    defaults["authorize_on_secret_key"] = "allow"
    silent = run_action(OPERATION, {"defaults": defaults, "targets": targets, "progress": False})
    assert "warnings" not in silent
