# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role does for a host: the file of tasks, and what is done beside."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.plugin_utils._role_plan import role_plan
from unit.role_plans import LEAST

NAMED = {**LEAST, "authorize_secret_name": "stripe/shop", "authorize_check_runner": False}
AWS = {**NAMED, "authorize_vault": "aws", "authorize_aws": {"region": "eu-west-1"}}
GONE = {**AWS, "authorize_state": "absent"}
FOUND = {"vault": "azure", "name": "test"}
AZURE = {**NAMED, "authorize_azure": {"vault_url": "https://shop.vault.azure.net"}}


@pytest.mark.parametrize(
    ("variables", "tasks", "done"),
    [
        (AWS, "aws_present", set()),
        (GONE, "aws_absent", set()),
        ({**AWS, "authorize_vault": "auto"}, "runner", {"finds_vault"}),
        ({**AWS, "authorize_check_runner": True}, "aws_present", set()),
        ({**GONE, "authorize_check_runner": True}, "aws_absent", set()),
        ({**AWS, "authorize_verify": "local"}, "extended", {"checks_key"}),
        ({**AWS, "authorize_verify": "stripe"}, "extended", {"checks_key", "asks_stripe"}),
        ({**AWS, "authorize_expected_mode": "live"}, "extended", {"checks_key"}),
        (
            {**AWS, "authorize_stripe": {"expected_account": "acct_1"}},
            "extended",
            {"checks_key", "asks_stripe"},
        ),
        ({**GONE, "authorize_expected_mode": "live"}, "aws_absent", set()),
        ({**AWS, "authorize_component": {"path": "shop"}}, "extended", {"sets_components"}),
        ({**GONE, "authorize_component": {"path": "shop"}}, "aws_absent", set()),
        ({**AWS, "authorize_prove": True}, "extended", {"proves"}),
        ({**GONE, "authorize_prove": True}, "aws_absent", set()),
        (
            {**AWS, "authorize_guards": True, "authorize_check_runner": None},
            "extended",
            {"checks_key", "asks_stripe", "proves"},
        ),
        (
            {**AWS, "authorize_guards": True, "authorize_verify": "never"},
            "extended",
            {"proves"},
        ),
    ],
)
def test_more_is_done_if_it_is_asked_for(
    variables: dict[str, Any], tasks: str, done: set[str]
) -> None:
    plan = role_plan(variables, target="shop")
    assert plan["refusal"] == ""
    assert plan["tasks"] == tasks
    assert {name for name, value in plan.items() if value is True} == done


def test_once_maia_was_asked_its_vault_decides() -> None:
    variables = {**AZURE, "authorize_vault": "auto", "authorize_verify": "local"}
    assert role_plan(variables, target="shop")["vault"] == "unknown"
    plan = role_plan(variables, target="shop", runner=FOUND)
    assert (plan["tasks"], plan["vault"]) == ("azure_present", "azure")


def test_an_answer_about_another_target_does_not_count() -> None:
    """A variable that a task registered is there when the role runs for the next target."""
    plan = role_plan(AWS, target="shop", runner=FOUND)
    assert (plan["tasks"], plan["refusal"]) == ("aws_present", "")


@pytest.mark.parametrize(
    ("given", "compared"),
    [
        ({"authorize_check_runner": None}, True),
        ({"authorize_check_runner": "yes"}, True),
        ({}, False),
        ({"authorize_guards": False, "authorize_check_runner": None}, False),
        ({"authorize_check_runner": True, "authorize_state": "absent"}, False),
        # It is the runner's.
        ({"authorize_check_runner": True, "authorize_vault": "auto"}, False),
    ],
)
def test_a_vault_that_is_named_is_compared_with_the_runners(
    given: dict[str, Any], compared: bool
) -> None:
    plan = role_plan({**AWS, **given}, target="shop")
    expected = {"environment": "test", "vault": "aws"}
    assert plan["expected_runner"] == (expected if compared else None)


def test_the_place_is_that_of_the_result() -> None:
    plan = role_plan(AWS, target="shop")
    place = ("project", "environment", "vault", "definition_name", "state")
    assert [plan[name] for name in place] == ["Shop", "test", "aws", "stripe_test", "present"]
