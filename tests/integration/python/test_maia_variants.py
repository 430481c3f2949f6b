# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maia's modules and the inventory, with each Maia that its documentation allows for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.inventory.maia_projects import variables_of
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules import (
    definition as definition_operation,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules import (
    environment as environment_operation,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules import (
    info as info_operation,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules import (
    pipeline as pipeline_operation,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.targets import (
    Selection,
    list_targets,
)
from integration.python.maia_world import MaiaWorld, maia_world
from sandbox.maia.store import Step
from sandbox.maia.variants import TELLING, VARIANTS
from unit.faces import run_action
from unit.fakes import FakeRuntime
from unit.keys import make_key

DEFINITION = definition_operation.OPERATION
INFO = info_operation.OPERATION
ENVIRONMENT = environment_operation.OPERATION
PIPELINE = pipeline_operation.OPERATION
ALL_PROJECTS = {
    "Shop Analytics": "aws",
    "Billing Insights": "azure",
    "Finance Warehouse": "snowflake",
    "Marketing Reports": "maia",
}
HIDDEN_WARNING = (
    "These API credentials may not look at all agents (HTTP 403), so that the vault of some"
    " environments is unknown. Give them the account role Admin or Super Admin, or set"
    " authorize_vault for these environments."
)
NO_VAULT_WARNING = (
    "The environment's agent does not show which vault it reads; name the vault yourself, which is"
    " then not compared."
)


@pytest.fixture(
    params=[
        name if name in TELLING else pytest.param(name, marks=pytest.mark.long) for name in VARIANTS
    ]
)
def variant(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(variant: str) -> Iterator[MaiaWorld]:
    with maia_world() as made:
        made.service.behave(variant)
        yield made


def run(world: MaiaWorld, operation: Operation, **options: Any) -> dict[str, Any]:
    given = {"project": "Shop Analytics", "requests_per_minute": 100_000, **options}
    return run_action(operation, world.options(**given))


def done(world: MaiaWorld, operation: Operation, **options: Any) -> dict[str, Any]:
    result = run(world, operation, **options)
    assert not result.get("failed"), result
    return result


def test_overrides_are_made_kept_changed_and_deleted(world: MaiaWorld) -> None:
    base = {"name": "stripe", "secret_name": "shop"}
    for secret in ("test", "other"):
        options = {**base, "environment_overrides": {"test": {"secret_name": secret}}}
        assert done(world, DEFINITION, **options)["changed"]
        assert not done(world, DEFINITION, **options)["changed"]
    (found,) = done(world, INFO, environments=["all"])["definitions"]
    assert found["environment_overrides"]["test"]["secret_name"] == "other"
    gone = {**base, "environment_overrides": {"test": None}}
    assert done(world, DEFINITION, **gone)["changes"] == ["environment_overrides.test"]
    assert not done(world, DEFINITION, **gone)["changed"]


def test_a_long_list_is_read_to_its_end(world: MaiaWorld) -> None:
    for number in range(230):
        world.service.add_connection(
            world.project().id, f"n{number}", auth_provider="NONE", auth_type="GENERIC_SECRET"
        )
    names = [definition["name"] for definition in done(world, INFO)["definitions"]]
    assert names == [f"n{number}" for number in range(230)]
    # One that is far down the list is not made a second time.
    refused = run(world, DEFINITION, name="n229", secret_name="shop")
    assert refused["error"]["kind"] == "foreign_object"


def test_another_ones_definition_is_never_replaced(world: MaiaWorld) -> None:
    project = world.project()
    world.service.add_connection(project.id, "stripe")
    refused = run(world, DEFINITION, name="stripe", secret_name="shop", on_foreign="adopt")
    assert refused["msg"] == (
        "Maia secret definition 'stripe' in project 'Shop Analytics': a connection of another kind"
        " has this name; choose another name."
    )


def test_the_older_api_makes_a_definition(world: MaiaWorld) -> None:
    wanted = {"name": "stripe", "secret_name": "shop", "api": "secret_references"}
    assert done(world, DEFINITION, **wanted, agent_type="aws")["changed"]
    assert not done(world, DEFINITION, **wanted, agent_type="aws")["changed"]


def test_a_refusal_is_understood(world: MaiaWorld) -> None:
    refused = run(world, DEFINITION, name="x", secret_name="s", identity="metadata")
    assert refused["error"]["status"] == 403


def test_a_pipeline_is_run(world: MaiaWorld) -> None:
    world.service.publish("Shop Analytics", "test", "probe", steps=(Step("Load", "SUCCESS"),))
    result = done(world, PIPELINE, environment="test", pipeline="probe")
    assert result["status"] == "SUCCESS"
    assert [step["name"] for step in result["steps"]] == ["Load"]


# --- agents ---

CUSTOMERS = {name: vault for name, vault in ALL_PROJECTS.items() if vault != "maia"}
UNKNOWN: dict[str, str | None] = dict.fromkeys(ALL_PROJECTS)
# What is known of each project's vault, and the one warning that a run has.
VAULTS: dict[str, tuple[dict[str, str | None], list[str]]] = {
    "agents forbidden": (UNKNOWN, [HIDDEN_WARNING]),
    "hosted agents forbidden": ({**CUSTOMERS, "Marketing Reports": None}, [HIDDEN_WARNING]),
    "hosted agents not found": ({**CUSTOMERS, "Marketing Reports": None}, []),
    "hosted agents disguised": ({**CUSTOMERS, "Marketing Reports": None}, []),
}


def test_the_inventory_lists_all_hosts_and_warns_at_most_once(
    world: MaiaWorld, variant: str
) -> None:
    runtime = FakeRuntime()
    with world.client(runtime, requests_per_minute=100_000) as client:
        targets = list_targets(client, Selection(), Selection()).targets
    vaults, warnings = VAULTS.get(variant, (dict(ALL_PROJECTS), []))
    found = {target.project.name: variables_of(target) for target in targets}
    assert len(targets) == 2 * len(ALL_PROJECTS)
    assert {name: variables["maia_vault"] for name, variables in found.items()} == vaults
    assert runtime.warnings == warnings
    for variables in found.values():
        assert ("authorize_vault" in variables) is (variables["maia_vault"] is not None)


@pytest.mark.parametrize("project", ALL_PROJECTS)
def test_an_environments_vault_is_known_or_there_is_one_warning(
    world: MaiaWorld, variant: str, project: str
) -> None:
    result = done(world, ENVIRONMENT, project=project, environment="test")
    vault = VAULTS.get(variant, (ALL_PROJECTS, []))[0][project]
    assert result["vault"] == vault
    hidden = "forbidden" in variant
    expected = [HIDDEN_WARNING if hidden else NO_VAULT_WARNING] if vault is None else []
    assert result.get("warnings", []) == expected


@pytest.mark.parametrize("project", ALL_PROJECTS)
def test_a_definition_for_another_vault_than_the_runners_is_refused(
    world: MaiaWorld, variant: str, project: str
) -> None:
    vault = VAULTS.get(variant, (ALL_PROJECTS, []))[0][project]
    warnings: list[str] = []
    for expected in ("aws", "azure", "snowflake", "maia"):
        runner = {"environment": "test", "vault": expected}
        options = {"project": project, "name": expected, "secret_name": "shop"}
        result = run(world, DEFINITION, **options, expected_runner=runner)
        listed = {each["name"] for each in done(world, INFO, project=project)["definitions"]}
        if vault is not None and vault != expected:
            assert result["error"]["kind"] == "configuration"
            assert f"from the vault '{vault}', and not from '{expected}'" in result["msg"]
            assert expected not in listed
        else:
            assert expected in listed
            warnings += result.get("warnings", [])
    # Of what is forbidden it warns once in a run.
    unshown = [HIDDEN_WARNING] if "forbidden" in variant else [NO_VAULT_WARNING] * 4
    assert warnings == ([] if vault else unshown)


def test_the_runner_of_an_environment_that_there_is_not_is_refused(world: MaiaWorld) -> None:
    base = {"name": "stripe", "secret_name": "shop"}
    runner = {"environment": "tset", "vault": "aws"}
    refused = run(world, DEFINITION, **base, expected_runner=runner)
    assert refused["error"]["kind"] == "not_visible"
    assert done(world, INFO)["definitions"] == []
    hosted = {"name": "stripe", "api_key": make_key(), "expected_runner": {**runner}}
    assert "its vault is aws, and a definition is only" in run(world, DEFINITION, **hosted)["msg"]
    # What is to be gone may have outlived it.
    gone = {"name": "stripe", "state": "absent", "expected_runner": runner}
    assert not done(world, DEFINITION, **gone)["changed"]


def test_for_matillion_s_own_vault_only_a_definition_with_its_key_is_deleted(
    world: MaiaWorld,
) -> None:
    done(world, DEFINITION, name="stripe", secret_name="shop")
    runner = {"environment": "test", "vault": "maia"}
    gone = {"name": "stripe", "state": "absent", "expected_runner": runner}
    refused = run(world, DEFINITION, **gone)
    assert "does not name a secret that was made for it" in refused["msg"]
    assert done(world, DEFINITION, **{**gone, "expected_runner": {**runner, "vault": "aws"}})


def test_a_runner_in_google_cloud_reads_a_vault_that_is_named() -> None:
    with maia_world() as made:
        agent = made.service.add_agent("GKE runner", "gcp", "gke")
        made.service.add_environment(made.project().id, "google", agent)
        result = done(made, ENVIRONMENT, environment="google")
    assert result["vault"] is None
    (warning,) = result["warnings"]
    assert "reads Google Secret Manager, which this collection does not write to" in warning
