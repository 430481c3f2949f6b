# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key in Matillion's own vault and the definition that names it, on the sandbox."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ApiError
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import Draft
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.connections_api import (
    ConnectionsApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.hosted_vault import (
    fingerprint_in,
    is_edited,
    name_for,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION as DEFINITION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.hosted import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    find_project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
)
from integration.python.maia_world import MaiaWorld, maia_world
from sandbox.maia.store import Project, SecretTarget
from unit.faces import run_action
from unit.fakes import FakeRuntime
from unit.keys import make_key

SUBJECT = "Maia secret definition 'stripe' in project 'Marketing Reports'"


def run(world: MaiaWorld, *, check_mode: bool = False, **changed: Any) -> dict[str, Any]:
    options = {"project": "Marketing Reports", "name": "stripe", **changed}
    return run_action(OPERATION, world.options(**options), check_mode=check_mode)


def project_of(world: MaiaWorld) -> Project:
    return world.project("Marketing Reports")


def point(world: MaiaWorld, secret_name: str) -> None:
    """As somebody else does it, with the description kept."""
    project_of(world).connections["stripe"].target = SecretTarget(secret_name)


def pointed_at(world: MaiaWorld) -> str:
    return str(project_of(world).connections["stripe"].target.secret_name)


def edited_name(world: MaiaWorld) -> str:
    return f"{project_of(world).id}-production-stripe-{uuid.uuid4()}"


def test_the_value_is_stored_first_and_then_named(world: MaiaWorld) -> None:
    key = make_key()
    result = run(world, api_key=key)
    assert result["changes"] == ["state", "value"]
    assert re.fullmatch(r"stripe-[0-9a-f]{64}", result["secret_name"])
    assert pointed_at(world) == result["secret_name"]
    assert world.service.hosted_value("Marketing Reports", "stripe") == key
    assert not run(world, api_key=key)["changed"]


def test_each_new_value_is_a_new_secret(world: MaiaWorld) -> None:
    first, second = make_key(), make_key()
    names = [run(world, api_key=key)["secret_name"] for key in (first, second, first)]
    assert len(set(names)) == 3
    assert world.service.hosted_value("Marketing Reports", "stripe") == first
    assert set(names) == project_of(world).secrets.keys()


def test_a_new_description_makes_no_new_secret(world: MaiaWorld) -> None:
    key = make_key()
    run(world, api_key=key)
    result = run(world, api_key=key, description="For campaigns")
    assert result["changes"] == ["description"]
    assert len(project_of(world).secrets) == 1
    assert run(world, api_key=make_key(), update_value="never")["changed"] is False


def test_the_definition_alone_tells_the_value_without_its_description(world: MaiaWorld) -> None:
    key = make_key()
    run(world, api_key=key)
    project_of(world).connections["stripe"].description = "[maia.stripe_query]"
    assert not run(world, api_key=key)["changed"]


def test_if_the_definition_cannot_be_written_the_next_run_mends_it(world: MaiaWorld) -> None:
    key = make_key()
    world.fail("CreateConnection", status=400)
    assert run(world, api_key=key)["failed"]
    assert run(world, api_key=key)["changed"]
    assert not run(world, api_key=key)["changed"]
    assert world.service.hosted_value("Marketing Reports", "stripe") == key


def test_no_request_to_connections_carries_a_value(world: MaiaWorld) -> None:
    """maia_world() fails where the sandbox met one; this shows that it does look."""
    with pytest.raises(AssertionError), maia_world() as other:
        point_at_a_key(other)
    run(world, api_key=make_key())


def point_at_a_key(world: MaiaWorld) -> None:
    """What no module of ours does."""
    with world.client(FakeRuntime()) as client:
        project = find_project(client, "Shop Analytics")
        with pytest.raises(ApiError):
            ConnectionsApi(client, project).create(Draft("s", "", secret_name=make_key()))


@pytest.mark.parametrize("operation", [OPERATION, DEFINITION])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_hybrid_project_is_refused_before_anything_is_sent(
    world: MaiaWorld, operation: Operation, check_mode: bool
) -> None:
    options = {"project": "Shop Analytics", "name": "stripe", "api_key": make_key()}
    refused = run_action(operation, world.options(**options), check_mode=check_mode)
    assert refused["msg"] == (
        "Maia secret definition 'stripe' in project 'Shop Analytics': its project is Hybrid,"
        " without a vault of Matillion's, and its runners read aws; store the key in their vault,"
        " and give secret_name in place of the key."
    )
    assert all(call.startswith(("Token", "List")) for call in world.requests())


def test_where_the_kind_of_project_cannot_be_known_maia_is_asked(world: MaiaWorld) -> None:
    world.service.behave("agents forbidden")
    options: dict[str, Any] = {"project": "Shop Analytics", "api_key": make_key()}
    predicted = run(world, **options, check_mode=True)
    assert predicted["changed"]
    assert "warnings" not in predicted
    assert run(world, **options)["error"]["status"] == 400


def test_the_kind_of_project_is_asked_for_a_new_value_only(
    world: MaiaWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = make_key()
    for number, (value, asked) in enumerate(((key, 1), (key, 0), (make_key(), 1))):
        # A run that shares nothing with those before.
        monkeypatch.setattr("ansible.constants.DEFAULT_LOCAL_TMP", str(tmp_path / str(number)))
        world.clear()
        run(world, api_key=value)
        counted = world.requests()
        assert [counted.get(f"List{each}", 0) for each in ("Agents", "Environments")] == [asked] * 2


# --- what is not published ---


@pytest.mark.parametrize(
    ("variant", "option"),
    [
        ("hosted type renamed", {"secret_type": "API_KEY"}),
        ("hosted field renamed", {"value_field": "secret"}),
    ],
)
def test_another_word_can_be_given_and_a_refusal_says_so(
    world: MaiaWorld, variant: str, option: dict[str, Any]
) -> None:
    world.service.behave(variant)
    key = make_key()
    refused = run(world, api_key=key)
    (name,) = option
    assert re.fullmatch(
        rf"{SUBJECT}: storing its value in Matillion's vault failed: Maia refused the"
        r" request \(HTTP 400\).*\. Which request it takes is not published; ours had type"
        r" GENERIC_SECRET, value in value, path secrets; check that it is a Full SaaS"
        r" project, set secret_type, value_field or"
        r" secrets_path to what your account takes, or make the secret in Maia's user interface"
        r" and give its name to maia_secret_definition as secret_name\.",
        refused["msg"],
    )
    assert name in refused["msg"]
    assert key not in str(refused)
    assert "stripe" not in project_of(world).connections
    assert run(world, api_key=key, **option)["changed"]
    assert not run(world, api_key=key, **option)["changed"]


def test_another_path_is_called(world: MaiaWorld) -> None:
    refused = run(world, api_key=make_key(), secrets_path="vault/secrets")
    assert refused["error"]["status"] == 404
    assert "path vault/secrets" in refused["msg"]


@pytest.mark.parametrize(
    "option",
    [
        {"secrets_path": "../../agents"},
        {"secrets_path": ""},
        {"secrets_path": "secrets?x=1"},
        {"value_field": "name"},
        {"value_field": "type"},
        {"value_field": "a b"},
        {"secret_type": ""},
    ],
)
def test_a_word_that_cannot_be_one_is_refused_before_anything_is_sent(
    world: MaiaWorld, option: dict[str, Any]
) -> None:
    assert run(world, api_key=make_key(), **option)["error"]["kind"] == "configuration"
    assert world.requests() == {}


# --- what somebody else did ---


def test_what_was_edited_in_maia_is_said_and_not_pointed_back(world: MaiaWorld) -> None:
    key = make_key()
    run(world, api_key=key)
    theirs = edited_name(world)
    point(world, theirs)
    for check_mode in (True, False):
        refused = run(world, api_key=key, check_mode=check_mode)
        assert refused["msg"] == (
            f"{SUBJECT}: its value was changed in Maia's user interface, which created a new"
            f" secret; find out who and why; set on_edited to overwrite to point it back."
        )
    assert pointed_at(world) == theirs
    assert run(world, api_key=key, on_edited="overwrite")["changes"] == ["value"]
    assert world.service.hosted_value("Marketing Reports", "stripe") == key
    assert not run(world, api_key=key)["changed"]


def test_a_reference_that_was_edited_is_not_pointed_back_either(world: MaiaWorld) -> None:
    options = {"project": "Marketing Reports", "name": "stripe", "secret_name": "by_hand"}
    assert run_action(DEFINITION, world.options(**options))["changed"]
    point(world, edited_name(world))
    refused = run_action(DEFINITION, world.options(**options))
    assert "in Maia's user interface" in refused["msg"]
    # What is wanted may be what somebody made there.
    same = {**options, "secret_name": pointed_at(world)}
    assert not run_action(DEFINITION, world.options(**same))["changed"]
    overwriting = world.options(**options, on_edited="overwrite")
    assert run_action(DEFINITION, overwriting)["changes"] == ["secret_name"]


def test_a_copied_name_is_not_taken_for_this_definitions(world: MaiaWorld) -> None:
    key = make_key()
    run(world, api_key=key)
    other = run(world, name="other", api_key=key)["secret_name"]
    point(world, other)
    refused = run(world, api_key=key)
    assert "does not name a secret that was made for it" in refused["msg"]


def test_a_fingerprint_that_was_changed_by_hand_is_another_value(world: MaiaWorld) -> None:
    key = make_key()
    name = run(world, api_key=key)["secret_name"]
    point(world, f"{name[:-20]}{'0' * 4}{name[-16:]}")
    assert run(world, api_key=key)["changes"] == ["value"]


def test_deleting_says_what_stays(world: MaiaWorld) -> None:
    run(world, api_key=make_key())
    result = run(world, state="absent")
    assert result["changed"]
    assert result["warnings"] == [
        "The value stays in Matillion's vault, where nothing names it any more. Maia's API has no"
        " call to delete it, so have the key revoked in Stripe."
    ]
    assert "warnings" not in run(world, state="absent")


def test_a_definition_that_points_elsewhere_by_now_is_not_deleted(world: MaiaWorld) -> None:
    run(world, api_key=make_key())
    point(world, "someone-elses")
    refused = run(world, state="absent")
    assert (
        "does not name a secret that was made for it in Matillion's vault; delete" in refused["msg"]
    )
    assert not refused["changed"]


# --- names ---

PLAIN = Fingerprint("0123456789abcdef", "0" * 32, place="fedcba98")


@pytest.mark.parametrize("fingerprint", [PLAIN, replace(PLAIN, key_id="89abcdef")])
def test_a_name_holds_its_fingerprint_for_its_definition_only(fingerprint: Fingerprint) -> None:
    name = name_for("shop-1", fingerprint)
    assert fingerprint_in(name, "shop-1") == fingerprint
    for other in ("shop", "shop-2", "shop-1-", ""):
        assert fingerprint_in(name, other) is None
    assert fingerprint_in(None, "shop-1") is None
    assert name_for("shop-1", fingerprint) != name


@pytest.mark.parametrize(
    ("secret_name", "expected"),
    [
        ("{id}-production-stripe-{uuid}", True),
        ("{id}-my env-stripe-{uuid}", True),
        ("{id}-production-stripes-{uuid}", False),
        ("{other}-production-stripe-{uuid}", False),
        ("{id}-production-stripe", False),
        ("stripe-0123", False),
        (None, False),
    ],
)
def test_the_user_interfaces_names_are_known(secret_name: str | None, expected: bool) -> None:
    ids = {name: str(uuid.uuid4()) for name in ("id", "other", "uuid")}
    name = None if secret_name is None else secret_name.format(**ids)
    assert is_edited(name, ids["id"], "stripe") is expected
