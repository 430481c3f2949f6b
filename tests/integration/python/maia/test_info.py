# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What maia_secret_definition_info tells of a project, on the sandbox."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION as DEFINITION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.info import (
    OPERATION as INFO,
)
from integration.python.maia_world import MaiaWorld
from sandbox.maia.store import GENERIC_SECRET
from unit.faces import run_action
from unit.keys import make_key


def make(world: MaiaWorld, **options: Any) -> None:
    result = run_action(DEFINITION, world.options(**{"project": "Shop Analytics", **options}))
    assert result["changed"], result


def info(world: MaiaWorld, project: str = "Shop Analytics", **options: Any) -> dict[str, Any]:
    result = run_action(INFO, world.options(project=project, **options))
    assert not result.get("failed"), result
    return result


def add_foreign(world: MaiaWorld, name: str, auth_type: str) -> None:
    project = world.project()
    world.service.add_connection(project.id, name, auth_provider="NONE", auth_type=auth_type)


def test_each_definition_tells_what_it_points_at(world: MaiaWorld) -> None:
    location = {"type": "AWS_SECRET_MANAGER", "region": "eu-west-1"}
    make(world, name="one", secret_name="a", description="For one")
    make(world, name="two", secret_name="b", secret_label="key", secrets_location=location)
    add_foreign(world, "theirs", GENERIC_SECRET)
    add_foreign(world, "another_kind", "OAUTH_AUTHORIZATION_CODE")
    one, two, theirs = info(world)["definitions"]
    assert one == {
        "name": "one",
        "id": None,  # Maia's lists show none
        "ours": True,
        "description": "For one",
        "secret_name": "a",
        "secret_label": None,
        "secrets_location": None,
        "edited_in_maia": False,
        "fingerprint": None,
        "value_version": None,
    }
    assert (two["secret_label"], two["secrets_location"]) == ("key", location)
    assert (theirs["name"], theirs["ours"]) == ("theirs", False)


def test_names_choose_and_their_case_matters(world: MaiaWorld) -> None:
    for name in ("one", "two"):
        make(world, name=name, secret_name="a")
    result = info(world, names=["two", "One", "three"])
    assert [definition["name"] for definition in result["definitions"]] == ["two"]
    assert result["warnings"] == [
        "There is no definition 'One', but 'one', which differs in case only."
        " Upper and lower case matter."
    ]
    assert info(world, names=[])["definitions"] == []


@pytest.mark.parametrize(
    ("environments", "overridden"),
    [(["all"], {"test", "production"}), (["test", "test"], {"test"}), ([], set())],
)
def test_overrides_of_some_environments(
    world: MaiaWorld, environments: list[str], overridden: set[str]
) -> None:
    both = {"test": {"secret_name": "t"}, "production": {"secret_name": "p"}}
    make(world, name="one", secret_name="a", environment_overrides=both)
    make(world, name="two", secret_name="a")
    world.clear()
    one, two = info(world, environments=environments)["definitions"]
    assert one["environment_overrides"].keys() == overridden
    assert two["environment_overrides"] == {}
    assert world.requests().get("ListOverrides", 0) == len(overridden)
    if overridden:
        assert one["environment_overrides"]["test"]["secret_name"] == "t"


def test_a_value_is_never_shown_but_its_fingerprint_is(world: MaiaWorld) -> None:
    key = make_key()
    make(world, name="one", project="Marketing Reports", api_key=key, value_version=7)
    result = info(world, "Marketing Reports")
    (one,) = result["definitions"]
    assert one["secret_name"].startswith("one-")
    assert len(one["fingerprint"]) == 12
    assert one["value_version"] == 7
    assert key not in json.dumps(result)


def test_a_refusal_names_the_project(world: MaiaWorld) -> None:
    result = run_action(
        INFO, world.options("none", project="0" * 8 + "-0000-0000-0000-" + "0" * 12)
    )
    assert result["msg"].startswith("Maia secret definitions of project '00000000-")
    assert result["error"]["kind"] == "not_permitted"
