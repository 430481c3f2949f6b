# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads, limits and failures of a rollout, with targets that do nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import (
    Deadline,
    current,
    limited,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import Done
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import Values
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.progress import Progress
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.threads import (
    NOT_STARTED,
    Limits,
    work_through,
)
from unit.clock import PATIENCE


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
    # Each goes on when three are at work.
    together = threading.Barrier(3)
    now = most = 0

    def work(target: Values) -> Done:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        with suppress(threading.BrokenBarrierError):
            together.wait(PATIENCE)
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


def test_whoever_stops_listening_stops_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    closing = threading.Event()
    shutdown = ThreadPoolExecutor.shutdown

    def closed(threads: ThreadPoolExecutor, **options: bool) -> None:
        closing.set()
        shutdown(threads, **options)

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", closed)

    def work(target: Values) -> Done:
        begun.append(target["name"])
        # All but the first wait for the end, so that none can be done before it.
        if target["name"] != "t0":
            assert closing.wait(PATIENCE)
        return fine(target)

    running = work_through(targets(1000), work, Limits(2, 100), progress(1000))
    next(running)
    running.close()  # type: ignore[attr-defined]
    # The first two, and the next one by the thread that did the first.
    assert len(begun) <= 3


def test_targets_fail_for_which_there_is_no_time() -> None:
    with limited(Deadline(600, option="timeout of the task")) as whole:

        def work(target: Values) -> Done:
            assert current() is whole
            if target["name"] == "t2":
                whole.end()
            return fine(target)

        done = list(work_through(targets(20), work, Limits(1, 100), progress(20)))
    assert [each.name for each in done if not each.failed] == ["t0", "t1", "t2"]
    assert done[3].result["changed"] is False
    assert "does not fit into 600 seconds (timeout of the task)" in done[3].result["msg"]


def test_nothing_goes_on_when_the_task_is_broken_off() -> None:
    """As Ansible does at the end of a timeout, by an exception between two targets."""
    under_way, may_go_on, went_on = (threading.Event() for _each in range(3))
    left: list[float] = []

    def work(target: Values) -> Done:
        if target["name"] == "t1":
            under_way.set()
            may_go_on.wait(PATIENCE)
            left.append(current().left())
            went_on.set()
        return fine(target)

    with limited(Deadline(600)):
        running = work_through(targets(20), work, Limits(2, 100), progress(20))
        next(running)
        under_way.wait(PATIENCE)
        with pytest.raises(KeyboardInterrupt):
            running.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    may_go_on.set()
    assert went_on.wait(PATIENCE)
    assert left == [0]


def test_a_cancelled_run_begins_no_more_and_waits_for_none() -> None:
    """Those whose requests are answered in time tell what came of them."""
    stuck = threading.Event()

    def work(target: Values) -> Done:
        if target["name"] == "t0":
            stuck.wait(600)
        elif target["name"] == "t2":
            whole.end("the run was cancelled")
        return fine(target)

    with limited(Deadline(600)) as whole:
        done = {
            each.name: each for each in work_through(targets(9), work, Limits(2, 100), progress(9))
        }
    stuck.set()
    assert done["t0"].failed
    assert "under way, since the run was cancelled" in done["t0"].result["msg"]
    assert done["t1"].outcome == done["t2"].outcome == "changed"
    for number in range(3, 9):
        assert done[f"t{number}"].result["msg"] == "Not started, since the run was cancelled."
