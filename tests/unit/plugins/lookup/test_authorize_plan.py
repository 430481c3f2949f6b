# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a host, from variables as Ansible has them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.maia.stripe_query.plugins.lookup.authorize_plan import LookupModule
from unit.role_plans import LEAST

HOST = {
    **LEAST,
    "inventory_hostname": "shop",
    "authorize_vault": "aws",
    "authorize_secret_name": "stripe/shop",
    "authorize_aws": {"region": "eu-west-1"},
    "authorize_api_key_env": "STRIPE_API_KEY",
    "authorize_guards": None,
}


def plan_of(variables: dict[str, Any], **options: Any) -> dict[str, Any]:
    [plan] = LookupModule(loader=DataLoader()).run([], {**HOST, **variables}, **options)
    return plan


@pytest.mark.parametrize(
    ("guards", "guarded"),
    [({}, True), ({"authorize_guards": False}, False), ({"authorize_guards": "no"}, False)],
)
def test_a_playbook_may_be_guarded_by_default(guards: dict[str, Any], guarded: bool) -> None:
    plan = plan_of({"__authorize_guarded": True, **guards})
    assert plan["refusal"] == ""
    assert [plan[name] for name in ("proves", "checks_key", "asks_stripe")] == [guarded] * 3


def test_a_role_is_not() -> None:
    assert not plan_of({})["proves"]


@pytest.mark.parametrize(
    ("collisions", "refusal"),
    [
        ({}, ""),
        ({"skipped": True}, ""),
        ({"targets": {"other": {"msg": "It collides."}}}, ""),
        ({"targets": {"shop": {"msg": "It collides."}}}, "It collides."),
    ],
)
def test_a_host_that_collides_is_refused(collisions: dict[str, Any], refusal: str) -> None:
    assert plan_of({}, collisions=collisions)["refusal"] == refusal


def test_a_wrong_variable_is_told_before_a_collision() -> None:
    collisions = {"targets": {"shop": {"msg": "It collides."}}}
    assert (
        "authorize_vault" in plan_of({"authorize_vault": "gcp"}, collisions=collisions)["refusal"]
    )


def test_a_report_that_cannot_be_written_is_refused() -> None:
    assert "authorize_report" in plan_of({"authorize_report": "/"})["refusal"]


def test_a_variable_that_cannot_be_evaluated_is_refused() -> None:
    refusal = plan_of({"authorize_project": object()})["refusal"]
    assert "variable authorize_project" in refusal


@pytest.mark.parametrize("variables", [{}, {"authorize_vault": "gcp"}])
def test_the_result_of_another_target_is_forgotten_first(variables: dict[str, Any]) -> None:
    before = {"authorize_result": {"changed": True}}
    assert plan_of({**variables, **before})["tasks"] == "again"
    assert plan_of({**variables, "authorize_result": {}})["tasks"] != "again"
    assert plan_of({**variables, **before}, runner={})["tasks"] != "again"
    assert plan_of({**variables, **before}, find_key=False)["tasks"] != "again"


def test_a_key_is_not_looked_for_again() -> None:
    keyless = {"authorize_api_key_env": None, "authorize_check_runner": False}
    assert "there is no key to store" in plan_of(keyless)["refusal"]
    assert plan_of(keyless, find_key=False)["tasks"] == "aws_present"
