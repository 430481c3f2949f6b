# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads, limits and failures of a rollout, with targets that do nothing."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.situation import Values
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import Done
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.progress import Progress
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.threads import (
    NOT_STARTED,
    Limits,
    work_through,
)


def targets(count: int) -> list[dict[str, Any]]:
    return [{"name": f"t{number}"} for number in range(count)]


def progress(count: int) -> Progress:
    return Progress(count, lambda _text: None, lambda: 0)


def failing(target: Values) -> Done:
    return Done(target["name"], {"changed": False, "failed": True, "msg": "no"})


def fine(target: Values) -> Done:
    return Done(target["name"], {"changed": True})


@pytest.mark.parametrize("threads", [1, 4, 64])
def test_each_target_is_done_once(threads: int) -> None:
    counted = progress(100)
    done = list(work_through(targets(100), fine, Limits(threads, 100), counted))
    assert sorted(each.name for each in done) == sorted(f"t{number}" for number in range(100))
    assert (counted.done, counted.changed, counted.failed) == (100, 100, 0)


def test_there_may_be_no_targets() -> None:
    assert list(work_through([], fine, Limits(4, 100), progress(0))) == []


def test_as_many_as_allowed_are_worked_on_at_a_time() -> None:
    lock = threading.Lock()
    now = most = 0

    def work(target: Values) -> Done:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return fine(target)

    list(work_through(targets(30), work, Limits(3, 100), progress(30)))
    assert most == 3


# One at a time, so that it is known which is the last one that is begun.
@pytest.mark.parametrize(
    ("percentage", "begun"),
    [
        pytest.param(100, 20, id="failures stop nothing"),
        pytest.param(0, 1, id="the first failure is the last"),
        pytest.param(10, 3, id="two of twenty are ten percent, and three are more"),
    ],
)
def test_no_more_are_begun_when_too_many_have_failed(percentage: float, begun: int) -> None:
    started = threading.Semaphore(1)

    def work(target: Values) -> Done:
        started.acquire()
        return failing(target)

    results = []
    for done in work_through(targets(20), work, Limits(1, percentage), progress(20)):
        results.append(done)
        started.release()
    not_started = [each.result for each in results if not each.failed]
    # The next one may have been begun before the failure was counted.
    assert begun <= 20 - len(not_started) <= begun + 1
    assert all(result["msg"] == NOT_STARTED and result["skipped"] for result in not_started)


def test_whoever_stops_listening_stops_the_rest() -> None:
    begun: list[str] = []

    def work(target: Values) -> Done:
        begun.append(target["name"])
        time.sleep(0.01)
        return fine(target)

    running = work_through(targets(1000), work, Limits(2, 100), progress(1000))
    next(running)
    running.close()  # type: ignore[attr-defined]
    assert len(begun) < 10
