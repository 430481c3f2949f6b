# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request limit: the rule, as a property, and against a server that holds us to it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core import deadline
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.budget import Budget
from ansible_collections.maia.stripe_query.plugins.plugin_utils._run_state import FileState
from integration.python.maia_world import MaiaWorld
from sandbox.maia.rate_limit import TokenBucket
from unit.fakes import FakeRuntime
from unit.forks import in_forks


def test_repeats_take_turns_as_well(world: MaiaWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []
    monkeypatch.setattr(Budget, "wait", lambda _self, account, _runtime: turns.append(account))
    world.fail("ListAgents", status=503, headers={"Retry-After": "0"}, times=2)
    world.fail("Token", status=503, headers={"Retry-After": "0"}, times=2)
    with world.client(FakeRuntime()) as client:
        client.call("GET", "/agents", subject="It", attempt="looking")
    assert world.requests() == {"Token": 3, "ListAgents": 3}
    assert len(turns) == 3


@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_what_the_server_has_to_refuse_is_repeated_when_it_says(
    world: MaiaWorld, as_date: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else has used up what the account may do."""
    monkeypatch.setattr(deadline, "time", time)  # the service lets real time pass
    world.service.requests_per_minute = 60
    world.service.retry_after_as_date = as_date
    world.service._gate._bucket.take(60)
    world.service._gate._bucket._left = 0
    with world.client(FakeRuntime()) as client:
        client.call("GET", "/agents", subject="It", attempt="looking")
    assert (world.service.throttled, world.requests()["ListAgents"]) == (1, 1)


def test_forks_together_keep_within_the_limit_of_the_server(
    world: MaiaWorld, tmp_path: Path
) -> None:
    # 60 requests a minute, where a minute has 6 seconds.
    world.service.requests_per_minute = 60
    world.service._gate._bucket = TokenBucket(lambda: time.monotonic() * 10)

    def work(_number: int) -> list[str]:
        runtime = FakeRuntime(shared=FileState(tmp_path))
        with world.client(runtime, requests_per_minute=60 * 10) as client:
            for _turn in range(9):
                client.call("GET", "/agents", subject="It", attempt="looking")
        return runtime.warnings

    warnings = in_forks(8, work)
    assert world.service.throttled == 0
    assert world.requests() == {"Token": 1, "ListAgents": 8 * 9}
    assert warnings == [[]] * 8
