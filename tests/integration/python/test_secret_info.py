# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stripe_secret_*_info modules tell: one shape for all vaults, no value, on the SDKs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from integration.python.test_documentation import aws, azure, snowflake
from integration.python.vendors import AwsVendor, SandboxVendor, vendor_of
from sandbox.client import SandboxClient
from unit.faces import run_action
from unit.keys import make_key, random_text
from unit.test_documentation import operation_of, returns_of

PLACES = {"aws": aws, "azure": azure, "snowflake": snowflake}
every_vault = pytest.mark.parametrize("vault", PLACES)
readable = pytest.mark.parametrize("vault", ["aws", "azure"])
MARKERS = ("v1:s.", "maia.stripe_query")


class World:
    """One vault, in which nothing is but what the test makes."""

    def __init__(self, vault: str, services: SandboxClient) -> None:
        self.vault = vault
        self.services = services
        self.given = PLACES[vault](services)
        self.name = self.given.pop("name")
        self.key = make_key()

    def _run(self, module: str, **options: Any) -> dict[str, Any]:
        # As in a new process; here other tests have loaded everything.
        operation = replace(operation_of(module), requirements=())
        result = run_action(operation, {**self.given, **options})
        assert not result.get("failed"), result
        return result

    def store(self, **options: Any) -> dict[str, Any]:
        given = {"api_key": self.key, "name": self.name, **options}
        return self._run(f"stripe_secret_{self.vault}", **given)

    def forget(self, **options: Any) -> None:
        options = {"name": self.name, "state": "absent", **options}
        self._run(f"stripe_secret_{self.vault}", **options)

    def look(self, *names: str, **options: Any) -> list[dict[str, Any]]:
        """What is told of these, or of all."""
        given = {"names": list(names) or None, **options}
        result = self._run(
            f"stripe_secret_{self.vault}_info",
            **{name: value for name, value in given.items() if value is not None},
        )
        assert not result["changed"]
        text = json.dumps(result)
        assert self.key not in text
        assert not any(marker in text for marker in MARKERS)
        return list(result["secrets"])

    def look_at(self, **options: Any) -> dict[str, Any]:
        [found] = self.look(self.name, **options)
        return found

    def by_hand(self, value: str) -> str:
        """Somebody else's secret of this value. Returns its name."""
        vendor = vendor_of(self.vault, self.services)
        assert isinstance(vendor, SandboxVendor)
        vendor.make_foreign(value)
        return vendor.secret


@pytest.fixture
def world(vault: str, services: SandboxClient) -> World:
    services.clear()
    return World(vault, services)


def some(found: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(found[name] for name in names)


@every_vault
def test_what_is_ours_is_told_without_reading_it(world: World) -> None:
    done = world.store()
    world.services.clear()
    found = world.look_at()
    assert some(found, "name", "state", "ours") == (done["name"], "present", True)
    assert found["fingerprint"] == done["fingerprint"]
    assert found["format"] == ("key_value" if world.vault == "aws" else "plaintext")
    assert found["labels"] == (["api_key"] if world.vault == "aws" else [])
    assert some(found, "left_alone_because", "unread_because", "stripe_keys") == (None,) * 3
    assert found["created"] == done["created"] or done["created"] is None
    assert not {"GetSecretValue", "GetSecret"} & world.services.requests(world.vault).keys()


def test_all_vaults_tell_the_same_things(services: SandboxClient) -> None:
    told = []
    for vault in PLACES:
        world = World(vault, services)
        world.store()
        told.append(world.look_at())
        documented = returns_of(f"stripe_secret_{vault}_info")["secrets"]["contains"]
        assert told[-1].keys() == documented.keys()
    first, *others = told
    assert all(list(other) == list(first) for other in others)


@every_vault
def test_what_is_absent_is_told_in_the_same_shape(world: World) -> None:
    absent = world.look_at()
    assert some(absent, "state", "ours", "versions") == ("absent", False, None)
    world.store()
    assert world.look_at().keys() == absent.keys()


@every_vault
def test_what_others_made_is_no_error(world: World) -> None:
    name = world.by_hand(json.dumps({"stripe": world.key, "region": "eu"}))
    [found] = world.look(f'"{name}"' if world.vault == "snowflake" else name, **_place(world))
    assert some(found, "state", "ours", "fingerprint") == ("present", False, None)
    assert some(found, "format", "labels") == (None, None)


def _place(world: World) -> dict[str, str]:
    return {"database": "PLATFORM"} if world.vault == "snowflake" else {}


@readable
@pytest.mark.parametrize("alone", [True, False])
def test_a_value_that_is_read_tells_how_it_is_stored(world: World, alone: bool) -> None:
    value = world.key if alone else json.dumps({"b": world.key, "a": "x"})
    name = world.by_hand(value)
    [found] = world.look(name, read_values=True)
    assert found["format"] == ("plaintext" if alone else "key_value")
    assert found["labels"] == ([] if alone else ["a", "b"])
    label = None if alone else "b"
    assert found["stripe_keys"] == [
        {
            "label": label,
            "kind": "restricted",
            "mode": "live",
            "counts_as": None,
            "padded": False,
            "same_as": None,
        }
    ]
    assert found["unread_because"] is None


@readable
def test_what_may_not_be_read_is_no_error(world: World) -> None:
    world.store()
    world.given |= world.services.identity(world.vault, "metadata")
    found = world.look_at(read_values=True)
    assert found["ours"]
    assert found["stripe_keys"] is None
    assert "lack" in found["unread_because"]


def test_snowflake_never_shows_a_value(services: SandboxClient) -> None:
    world = World("snowflake", services)
    world.store(grant_to=[{"type": "application", "name": "MATILLION_DATA_PRODUCTIVITY_CLOUD"}])
    found = world.look_at(read_values=True)
    assert found["unread_because"] == "The vault never shows values."
    application = "application MATILLION_DATA_PRODUCTIVITY_CLOUD"
    # The last one is the schema's, for all secrets to come.
    assert found["grants"] == [
        *(f"{privilege} to {application}" for privilege in ("READ", "USAGE")),
        "USAGE to role MAIA_READER",
    ]


def test_equal_keys_are_told_across_vaults_and_only_with_the_salt(services: SandboxClient) -> None:
    one, other = World("aws", services), World("azure", services)
    one.store()
    other.store(api_key=one.key)
    another = f"{one.name}/x"
    one.store(api_key=make_key(), name=another)
    salt = {"comparison_salt": random_text(24), "read_values": True}
    first, second = one.look(one.name, another, **salt)
    [third] = other.look(other.name, **salt)
    ids = [found["stripe_keys"][0]["same_as"] for found in (first, second, third)]
    assert ids[0] == ids[2] != ids[1]
    again = one.look_at(**{**salt, "comparison_salt": random_text(24)})
    assert again["stripe_keys"][0]["same_as"] != ids[0]


@every_vault
def test_a_short_salt_is_refused(world: World) -> None:
    operation = replace(operation_of(f"stripe_secret_{world.vault}_info"), requirements=())
    options = {**world.given, "names": [world.name], "comparison_salt": "short"}
    result = run_action(operation, options)
    assert result["error"]["subject"] == "Option comparison_salt"


@every_vault
def test_without_names_all_of_ours_are_listed(world: World) -> None:
    world.by_hand(world.key)
    name = world.store(**_place(world))["name"]
    found = world.look(**_place(world))
    assert [each["name"] for each in found] == [name]


@readable
def test_what_is_deleted_is_listed_with_its_dates(world: World) -> None:
    world.store()
    world.forget()
    [found] = world.look()
    assert some(found, "name", "state", "ours") == (world.name, "deleted", True)
    assert found["deleted_on"]
    assert bool(found["purged_on"]) == (world.vault == "azure")


@readable
def test_versions_are_told_the_newest_first(world: World) -> None:
    first = world.store()
    vendor_of(world.vault, world.services).next_moment()
    second = world.store(api_key=make_key())
    found = world.look_at()
    assert [each["id"] for each in found["versions"]] == [second["version"], first["version"]]
    assert [each["fingerprint"] for each in found["versions"]] == [
        second["fingerprint"],
        first["fingerprint"],
    ]
    stages = [each["stages"] for each in found["versions"]]
    aws_stages = [["AWSCURRENT"], ["AWSPREVIOUS"]]
    assert stages == (aws_stages if world.vault == "aws" else [["current"], []])
    assert found["value_written"] == found["versions"][0]["created"]


def test_the_value_s_date_is_not_that_of_a_description(services: SandboxClient) -> None:
    world = World("aws", services)
    world.store()
    before = world.look_at()
    world.store(description="Another", tags={"team": "data"})
    after = world.look_at()
    assert after["value_written"] == before["value_written"]
    assert some(after, "description", "tags") == ("Another", {"team": "data"})


def test_a_secret_of_another_type_is_told_and_left_alone(services: SandboxClient) -> None:
    services.clear()
    vendor: Any = vendor_of("snowflake", services)
    with vendor._session("full") as session:
        session.run(f"CREATE SECRET {vendor._name()} TYPE = PASSWORD USERNAME = 'u' PASSWORD = 'p'")
    world = World("snowflake", services)
    [found] = world.look(f'"{vendor.secret}"', database="PLATFORM")
    assert some(found, "state", "ours") == ("present", False)
    assert found["left_alone_because"] == "It is a secret of type PASSWORD."


def test_a_replica_is_told_and_left_alone(services: SandboxClient) -> None:
    world = World("aws", services)
    world.store(replica_regions=["us-east-1"])
    found = world.look_at()
    assert [each["region"] for each in found["replicas"]] == ["us-east-1"]
    world.given["region"] = "us-east-1"
    copy = world.look_at()
    assert copy["left_alone_because"] == (
        "It is a replica of the secret of this name in eu-west-1."
    )


@every_vault
def test_a_missing_right_to_look_is_an_error(world: World) -> None:
    world.store()
    world.given |= world.services.identity(world.vault, "none")
    operation = replace(operation_of(f"stripe_secret_{world.vault}_info"), requirements=())
    result = run_action(operation, {**world.given, "names": [world.name]})
    assert result["failed"]
    assert result["error"]["kind"] in ("not_permitted", "not_visible", "not_found")


def test_aws_lists_page_by_page(services: SandboxClient) -> None:
    """AWS gives at most a hundred at a time."""
    services.clear()
    world = World("aws", services)
    client = AwsVendor(services).client("full")
    made = sorted(f"page/{number:03}" for number in range(3))
    for name in made:
        world.store(name=name)
    client.create_secret(
        Name="page/other", SecretString="x", Tags=[{"Key": "maia.stripe_query.x", "Value": "1"}]
    )
    assert sorted(each["name"] for each in world.look()) == made
