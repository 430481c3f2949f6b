# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting ends in time, and no attempt is begun after it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.transport import (
    BoundedTransport,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.waiting import Patience
from sandbox.service import Fault
from unit.clock import Clock

from .conftest import Vault


def patience(clock: Clock, seconds: float) -> Patience:
    return Patience(seconds, clock=clock, sleep=clock.sleep)


def test_pauses_grow_up_to_a_limit_and_end_before_the_time_is_over() -> None:
    clock = Clock(100.0)
    assert not patience(clock, 20).until(lambda: False)
    assert clock.slept == [0.25, 0.5, 1, 2, 4, 4, 4, 4]
    assert clock.now <= 120


def test_it_looks_before_it_waits() -> None:
    clock = Clock(100.0)
    assert patience(clock, 0).until(lambda: "there") == "there"
    assert clock.slept == []


def test_it_stops_when_it_sees_something() -> None:
    clock, answers = Clock(100.0), iter([None, None, "there"])
    assert patience(clock, 20).until(lambda: next(answers)) == "there"
    assert clock.slept == [0.25, 0.5]


# --- the SDK's own retries ---


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the transport would have waited."""
    waited: list[float] = []
    monkeypatch.setattr(
        f"{BoundedTransport.__module__}.BoundedTransport.sleep",
        lambda _self, seconds: waited.append(seconds),
    )
    return waited


def throttle(vault: Vault, operation: str, **changed: Any) -> None:
    fault = {"status": 429, "times": 50, **changed}
    vault.services.order(Fault("azure", operation=operation, **fault))


@pytest.mark.parametrize(("attempts", "status"), [(1, 503), (3, 429), (7, 503)])
@pytest.mark.parametrize(
    "operation", ["GetSecretVersions", "SetSecret", "UpdateSecret", "DeleteSecret"]
)
def test_max_attempts_is_how_often_a_call_is_tried(
    vault: Vault, operation: str, attempts: int, status: int, pauses: list[float]
) -> None:
    vault.done()
    vault.forget_calls()
    throttle(vault, operation, status=status)
    changes: dict[str, dict[str, Any]] = {
        "SetSecret": {"update_value": "always"},
        "UpdateSecret": {"content_type": "other"},
        "DeleteSecret": {"state": "absent", "api_key": None},
    }
    refused = vault.refused(max_attempts=attempts, **changes.get(operation, {}))
    assert refused["error"]["kind"] == "transient"
    assert vault.calls()[operation] == attempts
    assert len(pauses) == max(0, attempts - 2)  # the second attempt follows at once


def test_max_seconds_ends_it_when_the_service_says_to_wait_longer(
    vault: Vault, pauses: list[float]
) -> None:
    """The SDK would sleep for so long first, and then find that the time is over."""
    throttle(vault, "GetSecretVersions", headers={"Retry-After": "900"})
    refused = vault.refused(max_seconds=600)
    assert pauses == []
    assert refused["error"]["kind"] == "transient"
    assert refused["error"]["status"] == 429
    assert vault.calls()["GetSecretVersions"] == 1


def test_what_the_service_says_to_wait_is_waited(vault: Vault, pauses: list[float]) -> None:
    throttle(vault, "GetSecretVersions", headers={"Retry-After": "7"}, times=1)
    assert not vault.run(max_seconds=10).get("failed")
    assert pauses == [7.0]
