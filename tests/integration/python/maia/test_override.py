# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment overrides: the plan as a table, and both behaviours of the server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.connections_api import (
    fields_from,
    with_fields,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.overrides_api import (
    OverridesApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.model.override import (
    after_changes,
    parse_overrides,
    plan_overrides,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.info import (
    OPERATION as INFO,
)
from integration.python.maia_world import MaiaWorld, maia_world
from sandbox.maia.store import SecretTarget
from unit.faces import run_action
from unit.keys import make_key

LOCATION = {"type": "AWS_SECRET_MANAGER", "region": "eu-west-1"}


def pointing(name: str | None, label: str | None = None, location: Any = None) -> dict[str, Any]:
    return {"secret_name": name, "secret_label": label, "secrets_location": location}


@pytest.mark.parametrize(
    ("wanted", "held", "purge", "changes"),
    [
        pytest.param({}, {}, False, {}, id="nothing wanted, nothing there"),
        pytest.param({}, {"a": pointing("x")}, False, {}, id="what is not named stays"),
        pytest.param({}, {"a": pointing("x")}, True, {"a": None}, id="what is not named goes"),
        pytest.param({"a": None}, {"a": pointing("x")}, False, {"a": None}, id="removed by name"),
        pytest.param({"a": None}, {}, True, {}, id="removed already"),
        pytest.param({"a": {"secret_name": "x"}}, {}, False, {"a": pointing("x")}, id="a new one"),
        pytest.param(
            {"a": {"secret_name": "x"}}, {"a": pointing("x", "l")}, False, {}, id="label stays"
        ),
        pytest.param(
            {"a": {"secret_name": "y"}},
            {"a": pointing("x", "l", LOCATION)},
            False,
            {"a": pointing("y", "l", LOCATION)},
            id="another secret, the rest stays",
        ),
        pytest.param(
            {"a": {"secret_name": "x", "secret_label": "", "secrets_location": {}}},
            {"a": pointing("x", "l", LOCATION)},
            False,
            {"a": pointing("x")},
            id="cleared",
        ),
        pytest.param(
            {"a": {"secret_name": "x", "secret_label": ""}},
            {"a": pointing("x")},
            True,
            {},
            id="nothing to clear",
        ),
        pytest.param(
            {"b": {"secret_name": "x"}, "a": {"secret_name": "x"}},
            {"c": pointing("x")},
            True,
            {"a": pointing("x"), "b": pointing("x"), "c": None},
            id="several at once, in order",
        ),
    ],
)
def test_plan(
    wanted: dict[str, Any], held: dict[str, Any], purge: bool, changes: dict[str, Any]
) -> None:
    planned = plan_overrides(wanted, held, purge=purge)
    assert [(c.environment, c.after) for c in planned] == list(changes.items())
    assert all(c.before == held.get(c.environment) for c in planned)
    after = after_changes(held, planned)
    assert plan_overrides(wanted, after, purge=purge) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"a": "secret"}, "environment_overrides for 'a' is not a dictionary"),
        # As templates make them of what is not there.
        ({"a": ""}, "or null to have no override there"),
        ({"a": []}, "or null to have no override there"),
        ({"a": {}}, "for 'a' has no secret_name; give it, or null to have no override there"),
        ({"a": {"name": "x"}}, "for 'a' has name; give only secret_name, secret_label"),
        ({"a": {"secret_label": "x"}}, "for 'a' has no secret_name"),
        ({"a": {"secret_name": " "}}, "for 'a' has no secret_name"),
        ({"a": {"secret_name": 7}}, "secret_name in environment_overrides for 'a' is not a str"),
        (
            {"a": {"secret_name": "x", "secrets_location": "eu"}},
            "secrets_location in environment_overrides for 'a' is not a dict",
        ),
    ],
)
def test_what_cannot_be_an_override(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        parse_overrides("stripe", given)
    assert reason in str(refusal.value)


def test_what_is_given_as_nothing_is_to_be_removed() -> None:
    given = {"a": None, 2024: {"secret_name": "x", "secret_label": None}}
    assert parse_overrides("stripe", given) == {"a": None, "2024": {"secret_name": "x"}}


def test_what_we_do_not_know_of_an_override_goes_back_as_it_came() -> None:
    held = {
        "connectionProperties": {"secretName": "old", "secretKey": "old", "future": [1]},
        "secretsLocation": LOCATION,
        "owner": "data",
    }
    assert fields_from(held) == pointing("old", "old", LOCATION)
    assert with_fields(held, pointing("new")) == {
        "connectionProperties": {"secretName": "new", "future": [1]},
        "owner": "data",
    }
    assert fields_from({}) == pointing(None)


# --- against the sandbox, in both of the server's behaviours ---


@pytest.fixture(params=["documented", "older overrides"])
def world(request: pytest.FixtureRequest) -> Iterator[MaiaWorld]:
    with maia_world() as made:
        made.service.behave(request.param)
        yield made


def run(world: MaiaWorld, *, check_mode: bool = False, **changed: Any) -> dict[str, Any]:
    options = {"project": "Shop Analytics", "name": "stripe", "secret_name": "shop", **changed}
    return run_action(OPERATION, world.options(**options), check_mode=check_mode, diff=True)


def held(world: MaiaWorld) -> dict[str, Any]:
    entries = [entry for entry in world.service.contents() if entry.kind == "override"]
    return {
        str(entry.details["environment"]): (
            entry.details.get("secret_name"),
            entry.details.get("secret_key"),
        )
        for entry in entries
    }


def writes(world: MaiaWorld) -> dict[str, int]:
    return {
        name: count for name, count in world.requests().items() if not name.startswith(("L", "T"))
    }


STEPS: list[dict[str, Any]] = [
    {"test": {"secret_name": "shop/test", "secret_label": "key"}},
    {"test": {"secret_name": "other"}, "production": {"secret_name": "shop/live"}},
    {"test": {"secret_name": "other", "secret_label": ""}},
    {"test": None},
    {},
]


def test_overrides_settle_and_check_mode_is_honest(world: MaiaWorld) -> None:
    after = []
    for step, purge in zip(STEPS, (False, False, False, False, True), strict=True):
        options: dict[str, Any] = {"environment_overrides": step, "purge_overrides": purge}
        before = held(world)
        predicted = run(world, check_mode=True, **options)
        assert held(world) == before
        done = run(world, **options)
        assert done["changed"]
        assert predicted == {**done, "id": predicted["id"], "check_mode": True}
        world.clear()
        assert not run(world, **options)["changed"]
        assert writes(world) == {}
        after.append(held(world))
    assert after == [
        {"test": ("shop/test", "key")},
        {"test": ("other", "key"), "production": ("shop/live", None)},
        {"test": ("other", None), "production": ("shop/live", None)},
        {"production": ("shop/live", None)},
        {},
    ]


def test_results_and_diffs_show_what_the_overrides_point_at(world: MaiaWorld) -> None:
    run(world, environment_overrides={"test": {"secret_name": "a"}})
    result = run(world, environment_overrides={"test": {"secret_name": "b"}})
    assert result["changes"] == ["environment_overrides.test"]
    assert result["environment_overrides"] == {"test": pointing("b")}
    assert result["diff"]["before"]["environment_overrides"] == {"test": pointing("a")}
    assert result["diff"]["after"]["environment_overrides"] == {"test": pointing("b")}


@pytest.mark.parametrize("check_mode", [False, True])
def test_nothing_is_written_if_an_environment_does_not_exist(
    world: MaiaWorld, check_mode: bool
) -> None:
    wanted = {"production": {"secret_name": "a"}, "Test": {"secret_name": "a"}}
    result = run(world, check_mode=check_mode, environment_overrides=wanted)
    assert "did you mean 'test'? Upper and lower case matter" in result["msg"]
    assert writes(world) == {}


def test_nothing_is_written_if_the_definition_is_not_ours(world: MaiaWorld) -> None:
    world.service.add_connection(world.project().id, "stripe")
    result = run(world, environment_overrides={"test": {"secret_name": "a"}})
    assert result["error"]["kind"] == "conflict"
    assert writes(world) == {}


def test_an_override_that_was_edited_in_maia_is_said_and_not_pointed_back(
    world: MaiaWorld,
) -> None:
    wanted: dict[str, Any] = {"environment_overrides": {"test": {"secret_name": "shop/test"}}}
    run(world, **wanted)
    project = world.project()
    theirs = f"{project.id}-test-stripe-{uuid.uuid4()}"
    project.overrides["test", "stripe"].target = SecretTarget(theirs)
    world.clear()
    for check_mode in (True, False):
        refused = run(world, check_mode=check_mode, **wanted)
        assert "override for environment 'test': its value was changed in Maia's" in refused["msg"]
    assert writes(world) == {}
    found = run_action(
        INFO, world.options(project="Shop Analytics", names=["stripe"], environments=["test"])
    )
    [definition] = found["definitions"]
    assert not definition["edited_in_maia"]
    assert definition["environment_overrides"]["test"]["edited_in_maia"]
    assert run(world, **wanted, on_edited="overwrite")["changed"]
    assert held(world) == {"test": ("shop/test", None)}


# Somebody else is quicker: between our reading and our request.
@pytest.mark.parametrize("was_there", [False, True])
def test_a_reading_that_is_out_of_date_is_no_obstacle(
    world: MaiaWorld, monkeypatch: pytest.MonkeyPatch, was_there: bool
) -> None:
    run(world, environment_overrides={"test": {"secret_name": "a"}} if not was_there else {})
    item = {"name": "stripe", "connectionOverrides": {}} if was_there else None
    monkeypatch.setattr(OverridesApi, "_item", lambda _self, _environment: item)
    result = run(world, environment_overrides={"test": {"secret_name": "b"}})
    assert not result.get("failed"), result
    assert held(world) == {"test": ("b", None)}


def test_overrides_are_listed_once_for_each_environment(world: MaiaWorld) -> None:
    wanted = {"test": {"secret_name": "a"}}
    for name in ("one", "two"):
        run(world, name=name, environment_overrides=wanted)
    for name in ("one", "two"):
        run(world, name=name, environment_overrides=wanted)
    world.clear()
    for name in ("one", "two"):
        assert not run(world, name=name, environment_overrides=wanted)["changed"]
    assert world.requests() == {}


def test_a_remembered_list_never_causes_a_wrong_write(world: MaiaWorld) -> None:
    run(world, environment_overrides={"test": {"secret_name": "a", "secret_label": "old"}})
    run(world, environment_overrides={"test": {"secret_name": "a"}})
    override = world.project().override("test", "stripe")
    override.target = type(override.target)(secret_name="theirs", secret_key="new")
    run(world, environment_overrides={"test": {"secret_name": "b"}})
    assert held(world) == {"test": ("b", "new")}


def test_a_list_that_was_found_out_of_date_is_remembered_no_more(world: MaiaWorld) -> None:
    run(world, environment_overrides={"test": {"secret_name": "a"}})
    run(world, environment_overrides={"test": {"secret_name": "a"}})
    override = world.project().override("test", "stripe")
    override.target = type(override.target)(secret_name="b")
    counts = []
    for _turn in range(3):
        world.clear()
        assert not run(world, environment_overrides={"test": {"secret_name": "b"}})["changed"]
        counts.append(world.requests().get("ListOverrides", 0))
    # Once to find out, once for everybody, then never again.
    assert counts == [1, 1, 0]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"api": "secret_references", "agent_type": "aws"}, "knows no environment overrides"),
        ({"secret_name": None, "api_key": "key"}, "mutually exclusive"),
        ({"secret_name": None, "api_key": "key", "purge_overrides": True}, "mutually exclusive"),
    ],
)
def test_only_for_definitions_that_point_at_a_secret(
    world: MaiaWorld, changed: dict[str, Any], text: str
) -> None:
    given = {name: make_key() if value == "key" else value for name, value in changed.items()}
    overrides = {"test": {"secret_name": "a"}}
    all_given = {"environment_overrides": overrides, "secret_name": "shop", **given}
    options: dict[str, Any] = {name: value for name, value in all_given.items() if value}
    args = world.options(project="Shop Analytics", name="stripe", **options)
    assert text in run_action(OPERATION, args)["msg"]
    assert world.requests() == {}


def test_purging_a_definition_with_a_value_is_refused(world: MaiaWorld) -> None:
    args = world.options(
        project="Marketing Reports", name="stripe", api_key=make_key(), purge_overrides=True
    )
    assert "has no environment overrides" in run_action(OPERATION, args)["msg"]


def test_deleting_the_definition_does_not_ask_for_overrides(world: MaiaWorld) -> None:
    wanted = {"test": {"secret_name": "a"}}
    run(world, environment_overrides=wanted)
    world.clear()
    assert run(world, state="absent", environment_overrides=wanted)["changes"] == ["state"]
    assert "ListOverrides" not in world.requests()
