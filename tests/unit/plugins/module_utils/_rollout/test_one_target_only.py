# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the variables of one target hold, they decide nothing for the others."""

from __future__ import annotations

import datetime
import re
from itertools import cycle
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.action.authorize_targets import ActionModule
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.collisions import (
    find_collisions,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.variables import (
    ROLE_SPEC,
    with_defaults,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.operation import (
    FLOWS,
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._targets import target_of
from unit.faces import NO_HOSTS, run_action, stand_ins
from unit.keys import make_key


def nested(levels: int) -> Any:
    return [nested(levels - 1)] if levels else "a"


# What cannot even be sent to a module, and what is of another type than any variable.
UNSENDABLE: dict[str, Any] = {
    "400 digits": 10**400,
    "5000 digits": 10**5000,
    "5000 digits in a dict": {"port": 10**5000},
    "5000 digits as text": "9" * 5000,
    "infinity": float("inf"),
    "no number": float("nan"),
    "half a pair": "a\ud800",
    "too deep": nested(60),
    "bytes": b"a",
    "an object": object(),
}
ODD: dict[str, Any] = {
    "a list": ["a", 1],
    "a list of lists": [["a"]],
    "a dict": {"a": {"b": [1]}},
    "keys of two types": {1: {"secret_name": "a"}, "a": None},
    "true": True,
    "a number": 7,
    "a fraction": 1.5,
    "a date": datetime.date(2026, 1, 2),
    "nothing": "",
    "spaces": " ",
}
# Its key is refused, so that no service is asked for anything.
TARGET = {
    "authorize_project": "Shop",
    "authorize_environment": "production",
    "authorize_vault": "aws",
    "authorize_check_runner": False,
    "authorize_verify": "local",
    "authorize_secret_name": "stripe/shop",
}
OTHER: dict[str, Any] = {**TARGET, "name": "other", "authorize_api_key": make_key("whsec", "x")}


def same_definition(name: str, value: Any) -> dict[str, Any]:
    """One that shares secret and definition with the other, and wants the same of them."""
    return {**OTHER, "name": "odd", name: value}


def run(*targets: dict[str, Any], **options: Any) -> dict[str, Any]:
    args = {"targets": list(targets), "progress": False, **options}
    action = ActionModule(**stand_ins(args))
    return run_action(OPERATION, action._arguments(NO_HOSTS))


@pytest.mark.parametrize("action", [*FLOWS, "rotate"])
def test_without_a_target_nothing_is_in_order(action: str) -> None:
    assert run(action=action)["msg"] == (
        "Option targets: it is empty, so that nothing would be done or looked at; give at least one"
        " target, or skip the task."
    )
    assert run(action=action, collisions_only=True)["targets"] == {}


@pytest.mark.parametrize("value", UNSENDABLE.values(), ids=list(UNSENDABLE))
@pytest.mark.parametrize(
    "name", ["authorize_secret_name", "authorize_aws", "authorize_value_version", "authorize_state"]
)
def test_what_cannot_be_sent_is_refused_for_one(name: str, value: Any) -> None:
    targets = run(same_definition(name, value), OTHER)["targets"]
    assert targets["odd"]["failed"]
    assert "report this as a bug" not in targets["odd"]["msg"]
    assert "webhook signing secret" in targets["other"]["msg"]


def test_the_refusal_names_the_host_and_the_variable() -> None:
    odd = run(same_definition("authorize_aws", {"port": 10**5000}), OTHER)["targets"]["odd"]
    assert odd["msg"] == (
        "Host 'odd': in the variable authorize_aws it holds a number that is too large, or is"
        " none; give a number of a usual size."
    )


@pytest.mark.parametrize("value", UNSENDABLE.values(), ids=list(UNSENDABLE))
def test_a_host_s_variable_that_cannot_be_sent_is_its_refusal(value: Any) -> None:
    target = target_of("odd", {"authorize_aws": value}, lambda text: text)
    assert target.keys() == {"name", "refusal"}


def test_a_filter_that_raises_anything_is_the_failure_of_one_host() -> None:
    def evaluate(_text: Any) -> Any:
        raise ValueError(make_key())

    refusal = target_of("odd", {"authorize_aws": "{{ x }}"}, evaluate)["refusal"]
    assert refusal == "The variable authorize_aws cannot be evaluated (ValueError)."


# All actions look for collisions alike: each is tried with some of the values, and each value once.
WRITING = [name for name, flow in FLOWS.items() if not flow.reads]


@pytest.mark.parametrize(
    ("action", "value"),
    [*zip(cycle(WRITING), [*UNSENDABLE.values(), *ODD.values()], strict=False)],
    ids=[*UNSENDABLE, *ODD],
)
def test_nothing_that_a_variable_holds_stops_the_look_for_collisions(
    action: str, value: Any
) -> None:
    # What goes and collides with nothing is asked for in Maia, which nobody reaches here.
    expected = ("Targets ", "Maia connection: there are no credentials")
    for name in sorted(ROLE_SPEC.options):
        found = run(same_definition(name, value), OTHER, action=action, collisions_only=True)
        assert "targets" in found, (name, found)
        for host, refused in found["targets"].items():
            assert host == "odd" or refused["msg"].startswith(expected), (name, refused)


@pytest.mark.parametrize("value", ODD.values(), ids=list(ODD))
def test_targets_of_which_nothing_was_checked_can_be_compared(value: Any) -> None:
    for name in sorted(ROLE_SPEC.options):
        known = {
            each["name"]: with_defaults(each) for each in (same_definition(name, value), OTHER)
        }
        find_collisions(known, lambda host: host)
        for vault in ("auto", "azure", "snowflake", "maia"):
            some = {host: {**held, "authorize_vault": vault} for host, held in known.items()}
            find_collisions(some, lambda host: host)


TAGS = {"authorize_aws": {"tags": {"a": "x"}}}
PURGED = {"authorize_aws": {"tags": {"b": "x"}, "purge_tags": True}}


def test_a_tag_of_a_target_that_is_wrong_is_not_removed() -> None:
    stays = {**OTHER, **TAGS, "authorize_verify": "sometimes"}
    found = run(stays, {**OTHER, **PURGED, "name": "purges"}, collisions_only=True)["targets"]
    assert "they share" in str(found.get("purges"))


NULL, GIVEN = ({"environment_overrides": {"test": held}} for held in (None, {"secret_name": "x"}))


@pytest.mark.parametrize("removes", [NULL, {"purge_overrides": True}])
@pytest.mark.parametrize("wrong", [{"authorize_verify": "sometimes"}, {"authorize_aws": {"no": 1}}])
def test_an_override_of_a_target_that_is_wrong_is_not_removed(
    removes: dict[str, Any], wrong: dict[str, Any]
) -> None:
    stays = {**OTHER, "authorize_definition": GIVEN, **wrong}
    purges = {**OTHER, "name": "purges", "authorize_definition": removes}
    found = run(stays, purges, collisions_only=True)["targets"]
    assert re.search("override|cannot be decided", str(found.get("purges")))
    elsewhere = {**stays, "authorize_project": "More", "authorize_aws": {}}
    assert run(elsewhere, purges, collisions_only=True)["targets"] == {}
