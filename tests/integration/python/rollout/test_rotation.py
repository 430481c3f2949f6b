# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotations against the sandbox, Stripe's part included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.plugin_utils._audit import Rules, audit
from ansible_collections.maia.stripe_query.plugins.plugin_utils._rotation import closing
from ansible_collections.maia.stripe_query.plugins.plugin_utils._table import table
from integration.python.rollout.test_operation import counts, options, run
from sandbox.client import SandboxClient
from sandbox.service import Fault
from sandbox.state import write_private

NOW = "2026-03-31T12:00:00Z"


@pytest.fixture
def fleet(services: SandboxClient, tmp_path: Path) -> dict[str, Any]:
    """Two environments with keys that Stripe knows, authorized; the old keys are in files."""
    args = options(services, action="rotate", waves=["1", "100%"], max_fail_percentage=0)
    args["defaults"] |= {
        "authorize_verify": "stripe",
        "authorize_prove": True,
        "authorize_stripe": {"api_url": services.url("stripe"), "ca_bundle": services.state.ca},
    }
    args["targets"] = [
        {**each, "authorize_environment": name, "name": f"shop-{name}"}
        for each, name in zip(args["targets"], ("test", "production"), strict=False)
    ]
    for each in args["targets"]:
        name = f"shop-analytics-{each['authorize_environment']}"
        each["authorize_api_key"] = services.key(name)
        each["authorize_old_api_key_file"] = str(tmp_path / name)
        write_private(tmp_path / name, services.key(name))
    first = run({**args, "action": "authorize"})
    assert counts(first) == (2, 0, 0, 0), first
    return args


def rolled(services: SandboxClient, args: dict[str, Any]) -> dict[str, Any]:
    """With the keys that replace those that are there."""
    for each in args["targets"]:
        name = f"shop-analytics-{each['authorize_environment']}"
        each["authorize_api_key"] = services.rotate(name)
    services.clear()
    return args


def told(result: dict[str, Any]) -> str:
    named = [{"target": name, **each} for name, each in result["targets"].items()]
    return closing(named, time=NOW)


def test_the_given_key_is_the_old_one_until_it_is_replaced(
    services: SandboxClient, fleet: dict[str, Any]
) -> None:
    result = run(fleet)
    assert counts(result) == (0, 2, 0, 0)
    assert {each["wave"] for each in result["targets"].values()} == {0}
    assert {each["old_key"]["given"] for each in result["targets"].values()} == {True}
    assert "In 2 of 2 the given key is the old one" in told(result)
    # Of each key Stripe was asked once more than to verify it, before and while it is done.
    kinds = [each["kind"] for each in audit(result["targets"], Rules(NOW))["findings"]]
    assert kinds.count("old_key_given") == kinds.count("old_key_works") == 2
    assert services.writes("aws") == 2


def test_a_stopped_rotation_is_resumed_and_proves_what_was_done(
    services: SandboxClient, fleet: dict[str, Any]
) -> None:
    rolled(services, fleet)
    services.order(
        Fault("aws", "PutSecretValue", status=400, code="AccessDeniedException", skip=1, times=9)
    )
    stopped = run(fleet)
    assert counts(stopped) == (1, 0, 1, 0)
    assert [each["wave"] for each in stopped["targets"].values()] == [1, 2]
    text = told(stopped)
    assert text.startswith(
        "1 of 2 environments is known to have the given key. Wave 2 of 2 was the last to"
    )
    services.clear()
    resumed = run(fleet)
    assert counts(resumed) == (1, 1, 0, 0)
    assert [each["wave"] for each in resumed["targets"].values()] == [0, 1]
    assert services.writes("aws") == 1
    # The sandbox ends a key when it is rolled, as Stripe does when that is chosen.
    assert {each["old_key"]["status"] for each in resumed["targets"].values()} == {"ended"}
    assert told(resumed).startswith(
        "All 2 environments have the new key, as is proven; 1 of them had it before this run ("
    )
    assert "Stripe no longer accepts the old key" in told(resumed)
    found = audit(run({**fleet, "action": "audit"})["targets"], Rules(NOW))["findings"]
    assert not [each for each in found if each["kind"].startswith("old_key")]


def test_a_canary_is_a_wave_of_its_own(services: SandboxClient, fleet: dict[str, Any]) -> None:
    rolled(services, fleet)
    result = run({**fleet, "canary": ["shop-production"]})
    waves = {name: each["wave"] for name, each in result["targets"].items()}
    assert waves == {"shop-production": 1, "shop-test": 2}


def test_nothing_is_stored_if_stripe_cannot_answer(
    services: SandboxClient, fleet: dict[str, Any]
) -> None:
    rolled(services, fleet)
    services.order(Fault("stripe", status=503, times=99))
    result = run(fleet)
    assert counts(result) == (0, 0, 2, 0)
    assert services.writes("aws") == 0
    assert "verifying it failed" in result["targets"]["shop-test"]["msg"]


def test_the_end_of_the_old_key_tells_where_it_is_still_given(
    services: SandboxClient, fleet: dict[str, Any]
) -> None:
    old = fleet["targets"][0]["authorize_api_key"]
    for each in fleet["targets"]:
        del each["authorize_old_api_key_file"]
        each["authorize_old_api_key_end"] = f"rk_live_...{old[-4:]}"
    rolled(services, fleet)
    fleet["targets"][0]["authorize_api_key"] = old
    fleet["defaults"]["authorize_verify"] = "never"
    given = {name: each["old_key"] for name, each in run(fleet)["targets"].items()}
    assert given["shop-test"]["given"]
    assert not given["shop-production"]["given"]
    assert given["shop-test"]["masked"] == f"...{old[-4:]}"
    assert given["shop-test"]["status"] == "unknown"
    assert "give it in authorize_old_api_key_file" in given["shop-test"]["reason"]


def test_the_previous_version_is_retired_after_its_time_of_grace(
    services: SandboxClient, fleet: dict[str, Any]
) -> None:
    fleet["defaults"]["authorize_aws"]["retire_previous_after"] = 0
    rolled(services, fleet)
    first = run(fleet)
    assert counts(first) == (2, 0, 0, 0)
    assert first["targets"]["shop-test"]["secret_changes"] == ["value"]
    predicted, second, third = run(fleet, check_mode=True), run(fleet), run(fleet)
    assert counts(predicted) == counts(second) == (2, 0, 0, 0)
    assert second["targets"]["shop-test"]["secret_changes"] == ["previous"]
    assert {each["wave"] for each in second["targets"].values()} == {0}
    assert counts(third) == (0, 2, 0, 0)
    back = run({**fleet, "action": "rollback"})
    assert counts(back) == (0, 0, 1, 1)
    assert "it has no previous version" in back["targets"]["shop-test"]["msg"]
    fleet["defaults"]["authorize_aws"]["retire_previous_after"] = 7
    rolled(services, fleet)
    assert counts(run(fleet)) == (2, 0, 0, 0)
    assert counts(run(fleet)) == (0, 2, 0, 0)


def test_an_age_is_that_of_the_value(services: SandboxClient, fleet: dict[str, Any]) -> None:
    seen = run({**fleet, "action": "audit"})["targets"]["shop-test"]
    # A new description moves the date of the secret, and not that of the value.
    fleet["defaults"]["authorize_aws"]["description"] = "Another"
    assert counts(run(fleet)) == (2, 0, 0, 0)
    again = run({**fleet, "action": "audit"})["targets"]["shop-test"]
    assert seen["value_since"]
    assert again["value_since"] == seen["value_since"]
    # Without a key no value is read, and the date of the version is asked for.
    for each in fleet["targets"]:
        del each["authorize_api_key"]
    fleet["defaults"]["authorize_verify"] = "never"
    services.clear()
    without = run({**fleet, "action": "audit"})["targets"]["shop-test"]
    assert without["value_since"] == seen["value_since"]
    assert services.requests("aws") == {"DescribeSecret": 2, "ListSecretVersionIds": 2}


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        ({"authorize_old_api_key_file": "/nonexistent/old.key"}, "/nonexistent/old.key"),
        ({"authorize_old_api_key_end": "no end"}, "authorize_old_api_key_end"),
        ({"authorize_old_api_key": "no key"}, "key"),
    ],
)
def test_an_old_key_that_is_of_no_use_is_refused_first(
    services: SandboxClient, fleet: dict[str, Any], variable: dict[str, str], says: str
) -> None:
    """It is asked for when all is written."""
    rolled(services, fleet)
    for each in fleet["targets"]:
        del each["authorize_old_api_key_file"]
    fleet["targets"][1] |= variable
    result = run(fleet)
    assert counts(result) == (0, 0, 1, 1)
    assert says in result["targets"]["shop-production"]["msg"]
    assert services.writes("aws") == 0


def test_a_target_that_is_to_be_absent_waits_for_no_key(
    services: SandboxClient, fleet: dict[str, Any]
) -> None:
    args = rolled(services, fleet)
    args["targets"][0]["authorize_state"] = "absent"
    result = run(args)
    assert counts(result) == (1, 1, 0, 0)
    assert told(result).startswith("The only environment has the new key, as is proven")
    row = " ".join(" ".join(table(result["targets"])[:3]).split())
    assert row.startswith("shop-test unchanged Left alone, since its authorize_state is absent")
