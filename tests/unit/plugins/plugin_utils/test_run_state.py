# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a SharedState promises, tried on both; and between processes, on the one that has files."""

from __future__ import annotations

import itertools
import math
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible import constants

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import (
    Deadline,
    OutOfTime,
    limited,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    Operation,
    Outcome,
    Params,
    Runtime,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import (
    WAITING,
    WHOLE_RUN,
    LocalState,
    SharedState,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils import _run_state
from ansible_collections.maia.stripe_query.plugins.plugin_utils._run_state import (
    FileState,
    run_state,
)
from unit.clock import PATIENCE, Clock
from unit.faces import run_action, run_module
from unit.forks import in_forks


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(_run_state, "time", made)
    return made


@pytest.fixture(params=["local", "file"])
def state(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> SharedState:
    return LocalState(clock.monotonic) if request.param == "local" else FileState(tmp_path)


def counting(*values: Any, seconds: float = 60.0) -> Callable[[], tuple[Any, float]]:
    left = list(values)
    return lambda: (left.pop(0), seconds)


def refuse() -> tuple[Any, float]:
    raise PermissionError("no")


def test_a_value_is_fetched_once(state: SharedState) -> None:
    fetch = counting({"a": [1]}, "other")
    assert state.recall("x", fetch) == {"a": [1]}
    assert state.recall("x", fetch) == {"a": [1]}
    assert state.recall("y", fetch) == "other"


@pytest.mark.parametrize("value", [None, [], "", 0])
def test_nothing_is_a_value_too(state: SharedState, value: Any) -> None:
    assert state.recall("x", counting(value)) == value
    assert state.recall("x", refuse) == value


def test_a_value_is_fetched_anew_when_its_time_is_over(state: SharedState, clock: Clock) -> None:
    fetch = counting(1, 2)
    assert state.recall("x", fetch) == 1
    clock.now += 59.9
    assert state.recall("x", fetch) == 1
    clock.now += 0.1
    assert state.recall("x", fetch) == 2


def test_a_value_may_be_good_for_the_whole_run(state: SharedState, clock: Clock) -> None:
    state.recall("x", counting(1, seconds=WHOLE_RUN))
    clock.now += 1e9
    assert state.recall("x", refuse) == 1


def test_a_forgotten_value_is_fetched_anew(state: SharedState) -> None:
    fetch = counting(1, 2)
    state.forget("x")
    state.recall("x", fetch)
    state.forget("x")
    assert state.recall("x", fetch) == 2


# Two tasks may find out at the same time that a token is refused; the second must not throw the
# new one away.
def test_only_the_stale_value_is_forgotten(state: SharedState) -> None:
    fetch = counting("old", "new", "newer")
    state.recall("x", fetch)
    state.forget("x", "old")
    assert state.recall("x", fetch) == "new"
    state.forget("x", "old")
    assert state.recall("x", fetch) == "new"


def test_a_value_is_amended_where_there_is_one(state: SharedState, clock: Clock) -> None:
    state.amend("x", lambda _held: pytest.fail("there is none"))
    fetch = counting(["a long value"], "new")
    state.recall("x", fetch)
    state.amend("x", lambda held: [*held, "b"])
    assert state.recall("x", refuse) == ["a long value", "b"]
    state.amend("x", lambda _held: 7)
    assert state.recall("x", refuse) == 7
    clock.now += 60
    assert state.recall("x", fetch) == "new"


def test_a_failure_is_not_remembered(state: SharedState, clock: Clock) -> None:
    with pytest.raises(PermissionError):
        state.recall("x", refuse)
    assert state.recall("x", counting(1)) == 1
    clock.now += 100
    with pytest.raises(PermissionError):
        state.recall("x", refuse)
    assert state.recall("x", counting(2)) == 2


def test_a_fetch_may_use_other_names(state: SharedState) -> None:
    assert state.recall("x", lambda: (state.recall("y", counting(7)), 1.0)) == 7


def test_first_is_true_once(state: SharedState) -> None:
    assert [state.first("x"), state.first("x"), state.first("y")] == [True, False, True]


def test_inside_there_is_one_at_a_time_for_each_name(state: SharedState) -> None:
    with limited(Deadline(0)):  # who would have to wait fails
        with state.exclusive("a secret"):
            with state.exclusive("another"):
                pass
            with pytest.raises(OutOfTime, match=WAITING), state.exclusive("a secret"):
                pass
        with state.exclusive("a secret"):
            pass


def test_whoever_fails_inside_lets_others_in(state: SharedState) -> None:
    with pytest.raises(KeyError), state.exclusive("a secret"):
        raise KeyError
    with state.exclusive("a secret"):
        pass


def test_without_files_to_lock_the_work_is_done_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    state = FileState(tmp_path / "a file" / "state")
    done: list[str] = []
    with state.exclusive("a secret"):
        done.append("work")
    assert done
    with pytest.raises(FileNotFoundError), state.exclusive("a secret"):
        raise FileNotFoundError


def test_turns_follow_each_other(state: SharedState, clock: Clock) -> None:
    waits = [state.reserve("calls", 2.0, 2) for _turn in range(4)]
    assert waits == [0.0, 0.0, 2.0, 4.0]
    assert state.reserve("others", 2.0, 2) == 0.0
    clock.now += 5
    assert state.reserve("calls", 2.0, 2) == 1.0


# --- files ---


def test_of_many_forks_one_fetches(tmp_path: Path) -> None:
    waiting = multiprocessing.get_context("fork").Semaphore(0)

    def fetch() -> tuple[Any, float]:
        assert all(waiting.acquire(timeout=PATIENCE) for _other in range(7))
        return os.getpid(), 60.0

    def ask(_number: int) -> Any:
        pauses = itertools.count()

        def sleep(seconds: float) -> None:
            if next(pauses) == 0:
                waiting.release()
            time.sleep(seconds)

        with limited(Deadline(math.inf, sleep=sleep)):
            return FileState(tmp_path).recall("x", fetch)

    pids = in_forks(8, ask)
    assert len(set(pids)) == 1
    assert set(pids) != {os.getpid()}


@pytest.mark.usefixtures("clock")
def test_forks_share_their_turns(tmp_path: Path) -> None:
    waits = in_forks(8, lambda _number: FileState(tmp_path).reserve("x", 10.0, 3))
    assert sorted(waits) == [0.0, 0.0, 0.0, 10.0, 20.0, 30.0, 40.0, 50.0]


def test_threads_take_turns_from_the_first_one_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, second = list[Path](), threading.Event()
    really = _run_state._open

    def open_slowly(path: Path) -> Any:
        opened.append(path)
        if len(opened) > 1:
            second.set()
        second.wait(0.05)
        return really(path)

    monkeypatch.setattr(_run_state, "_open", open_slowly)
    together = threading.Barrier(4)

    def enter(number: int) -> None:
        together.wait()
        with FileState(tmp_path).exclusive(f"secret {number}"):
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(enter, range(4)))
    assert len(opened) == 1


def test_forks_take_turns_for_each_name(tmp_path: Path) -> None:
    state = FileState(tmp_path)

    def enters(name: str) -> bool:
        with limited(Deadline(0)):
            try:
                with state.exclusive(name):
                    return True
            except OutOfTime:
                return False

    # One that the fork inherits must not be taken for its own.
    with state.exclusive("a secret"):
        assert in_forks(2, lambda _number: enters("a secret")) == [False, False]
        assert in_forks(1, lambda _number: enters("another")) == [True]
        # Nor may a fork that ends give it back.
        assert in_forks(1, lambda _number: enters("a secret")) == [False]
    assert in_forks(1, lambda _number: enters("a secret")) == [True]


def test_one_fork_is_the_first(tmp_path: Path) -> None:
    assert sorted(in_forks(8, lambda _number: FileState(tmp_path).first("x")))[-2:] == [False, True]


def test_a_fork_that_dies_while_it_fetches_holds_up_nobody(tmp_path: Path) -> None:
    def die() -> tuple[Any, float]:
        os._exit(9)

    context = multiprocessing.get_context("fork")
    process = context.Process(target=lambda: FileState(tmp_path).recall("x", die))
    process.start()
    process.join()
    assert FileState(tmp_path).recall("x", counting(1)) == 1


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    directory = tmp_path / "new"
    state = FileState(directory)
    old = os.umask(0)
    try:
        state.recall("https://example.com/../x", counting("token"))
    finally:
        os.umask(old)
    (file,) = directory.iterdir()
    assert oct(directory.stat().st_mode & 0o777) == "0o700"
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert "example" not in file.name


@pytest.mark.parametrize("left", ["", "{", '{"value": 1, "en'])
def test_what_a_killed_task_left_is_nothing(tmp_path: Path, left: str) -> None:
    state = FileState(tmp_path)
    state.recall("x", counting("a long value"))
    (file,) = tmp_path.iterdir()
    file.write_text(left)
    assert state.recall("x", counting("b")) == "b"
    assert state.recall("x", refuse) == "b"


# --- who gets which ---


def test_the_state_of_a_run_is_in_its_private_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    run_state().first("x")
    assert [path.name for path in tmp_path.iterdir()] == ["maia_stripe_query"]


def test_tasks_of_a_run_share_in_process_and_only_there(capsys: pytest.CaptureFixture[str]) -> None:
    def execute(_params: Params, runtime: Runtime) -> Outcome:
        return Outcome(False, {"first": runtime.shared.first("x")})

    probe = Operation("probe", ArgumentSpec(), execute)
    assert [run_action(probe, {})["first"] for _turn in range(2)] == [True, False]
    assert [run_module(probe, {}, capsys)["first"] for _turn in range(2)] == [True, True]
