# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule of turns, as a table and as a property; and what threads may expect."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import (
    Deadline,
    limited,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import (
    WHOLE_RUN,
    LocalState,
    next_turn,
)
from unit.clock import PATIENCE, Clock


@pytest.mark.parametrize(
    ("last", "now", "turn"),
    [
        pytest.param(None, 100.0, 90.0, id="the first one, and four more are due at once"),
        pytest.param(90.0, 100.0, 100.0, id="the burst is used up, and the next one is due"),
        pytest.param(100.0, 100.0, 110.0, id="one interval after the last"),
        pytest.param(150.0, 100.0, 160.0, id="behind all those who wait"),
        pytest.param(0.0, 100.0, 90.0, id="a pause earns no more than the burst"),
        pytest.param(85.0, 100.0, 95.0, id="a pause earns what it lasted"),
    ],
)
def test_turns(last: float | None, now: float, turn: float) -> None:
    assert next_turn(last, now, 10.0, 2) == turn


@given(
    pauses=st.lists(st.floats(0, 30), min_size=1, max_size=200),
    interval=st.floats(0.01, 5),
    burst=st.integers(1, 50),
)
def test_no_window_ever_holds_more_than_the_burst_and_its_share(
    pauses: list[float], interval: float, burst: int
) -> None:
    clock = Clock()
    state = LocalState(clock)
    turns = []
    for pause in pauses:
        clock.now += pause
        turns.append(clock.now + state.reserve("calls", interval, burst))
    assert turns == sorted(turns), "in the order of asking"
    for first, start in enumerate(turns):
        inside = sum(1 for turn in turns[first:] if turn < start + 60)
        assert inside <= burst + 60 / interval + 1e-6


# --- threads ---


def test_a_value_is_fetched_once_however_many_threads_ask() -> None:
    state = LocalState()
    fetched = []
    asked = threading.Semaphore(0)

    def fetch() -> tuple[str, float]:
        fetched.append(1)
        # By each thread once when its limit is made, and once before it waits for the value.
        assert all(asked.acquire(timeout=PATIENCE) for _time in range(16))
        return "value", WHOLE_RUN

    def clock() -> float:
        asked.release()
        return 0.0

    def ask(_number: int) -> Any:
        with limited(Deadline(PATIENCE, clock=clock)):
            return state.recall("x", fetch)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {"value"}
    assert fetched == [1]


def test_who_wants_another_value_does_not_wait() -> None:
    state = LocalState()
    fetching, done = threading.Event(), threading.Event()

    def slow() -> tuple[str, float]:
        fetching.set()
        done.wait()
        return "slow", WHOLE_RUN

    with ThreadPoolExecutor(1) as threads:
        pending = threads.submit(state.recall, "slow", slow)
        fetching.wait()
        assert state.recall("quick", lambda: ("quick", WHOLE_RUN)) == "quick"
        done.set()
        assert pending.result() == "slow"


def test_threads_take_turns() -> None:
    state = LocalState(lambda: 0.0)
    with ThreadPoolExecutor(8) as threads:
        turns = list(threads.map(lambda _number: state.reserve("calls", 1.0, 1), range(200)))
    assert sorted(turns) == [float(number) for number in range(200)]


def test_a_fetch_may_use_other_values() -> None:
    state = LocalState()

    def fetch() -> tuple[list[str], float]:
        return [state.recall("token", lambda: ("t", WHOLE_RUN))], WHOLE_RUN

    assert state.recall("list", fetch) == ["t"]
