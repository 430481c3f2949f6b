# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollout of many targets makes of the role's variables; tests/lanes compares the two."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import RefusedOptions
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validated
from ansible_collections.maia.stripe_query.plugins.module_utils._flow import flows, steps
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.role_options import (
    MAIN,
    REVOKE,
    ROLLBACK,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.variables import complete
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.source import KEY_SOURCES

ROLE = Path(__file__).resolve().parents[5] / "roles" / "authorize"


def load(name: str) -> Any:
    return yaml.safe_load((ROLE / f"{name}.yml").read_text(encoding="utf-8"))


def test_a_key_from_anywhere_is_what_a_proof_compares_with() -> None:
    least = {"authorize_project": "p", "authorize_environment": "production"}
    for source in KEY_SOURCES:
        found = flows.comparing(complete({**least, f"authorize_{source}": "/x"}, validated))
        assert found["authorize_azure"] == {
            "value_version": None,
            "compare": "prefer_value",
            "replace_value": True,
        }
        assert found["authorize_update_value"] == "on_change"
    without = flows.comparing(complete(least, validated))
    assert without["authorize_azure"] == {}
    assert without["authorize_update_value"] == "never"


@pytest.mark.parametrize("vault", VAULTS)
def test_a_deletion_takes_no_key(vault: str) -> None:
    """It may be in a lookup that finds it no more."""
    assert not steps.DELETE_SECRET[vault].variables.keys() & {*KEY_SOURCES}
    tasks = (ROLE / "tasks" / f"{vault}_absent.yml").read_text(encoding="utf-8")
    assert "authorize_secret_name" in tasks or VAULTS[vault].in_definition
    assert "authorize_api_key" not in tasks


def test_a_rollback_leaves_out_what_cannot_be_given_with_it() -> None:
    for step in steps.ROLL_BACK.values():
        for rule in step.operation.spec.mutually_exclusive:
            if "rolled_back_to" in rule:
                assert set(rule) <= {"rolled_back_to", *step.not_of_families}


@pytest.mark.parametrize("vault", VAULTS)
def test_a_rollback_changes_nothing_but_the_key(vault: str) -> None:
    """The inventory may have moved on since the key was stored."""
    settings = VAULTS[vault].settings
    more = {"value_version", "update_value", *settings, *filter(None, settings.values())}
    expected = {"fingerprint_key", "agent_type", "agent_id"} & settings.keys()
    for step in (steps.ROLL_BACK[vault], steps.KEEP_KEY_ALONE[vault]):
        families = dict.fromkeys(step.families, dict.fromkeys(more, "given"))
        variables = {**dict.fromkeys(step.variables.values()), **families}
        params = step.params(variables, {}, lambda _module, _spec, options: dict(options))
        assert params.keys() == expected


def test_the_defaults_are_the_role_s() -> None:
    least = {"authorize_project": "p", "authorize_environment": "production"}
    defaults = load("defaults/main") | {
        "authorize_definition_name": "stripe_production",
        "authorize_verify": "never",
        "authorize_guards": None,
        "authorize_check_runner": True,
        "authorize_prove": False,
        "authorize_on_publishable_key": "warn",
    }
    assert complete(least, validated) == {
        name: (least | defaults)[name] for name in (*MAIN, *ROLLBACK, *REVOKE)
    }
    name = load("defaults/main")["authorize_definition_name"]
    assert name == "stripe_{{ authorize_environment | default('') }}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"authorize_project": "p", "authorize_environment": "e", "authorize_vault": "gcp"},
            f"value of authorize_vault must be one of: {', '.join(['auto', *VAULTS])}, got: gcp",
        ),
    ],
)
def test_what_ansible_refuses_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedOptions, match=re.escape(message)):
        complete(given, validated)


def test_a_variable_goes_before_the_same_option_of_its_family() -> None:
    variables = complete(
        {
            "authorize_project": "p",
            "authorize_environment": "e",
            "authorize_maia": {"project": "another", "region": "eu1"},
        },
        validated,
    )
    params = steps.FIND_VAULT.params(variables, {}, validated)
    assert params["project"] == "p"
    assert params["region"] == "eu1"


def test_a_family_gives_neither_the_key_nor_the_secret_and_only_what_is_left_out() -> None:
    variables = complete(
        {
            "authorize_project": "p",
            "authorize_environment": "e",
            "authorize_secret_name": "named",
            "authorize_api_key_env": "KEY",
            "authorize_aws": {
                "name": "another",
                "api_key_file": "/another",
                "update_value": "never",
                "region": "eu-west-1",
            },
        },
        validated,
    )
    params = steps.KEEP_SECRET["aws"].params(variables, {}, validated)
    assert params["name"] == "named"
    assert params["api_key_file"] is None
    assert params["update_value"] == "never"
    overridden = {**variables, "authorize_update_value": "always"}
    assert steps.KEEP_SECRET["aws"].params(overridden, {}, validated)["update_value"] == "always"


def test_an_option_that_the_module_has_not_is_refused_in_its_words() -> None:
    variables = complete(
        {
            "authorize_project": "p",
            "authorize_environment": "e",
            "authorize_maia": {"colour": "red"},
        },
        validated,
    )
    message = r"Unsupported parameters for \(maia.stripe_query.maia_environment_info\) module: col"
    with pytest.raises(RefusedOptions, match=message):
        steps.FIND_VAULT.params(variables, {}, validated)
