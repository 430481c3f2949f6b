# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a rollout says something, and what."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import (
    WHOLE_RUN,
    LocalState,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.progress import (
    Progress,
    duration,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.state import TaskState


@dataclass
class World:
    now: float = 0.0
    waiting: int = 0
    said: list[str] = field(default_factory=list)

    def progress(self, total: int) -> Progress:
        return Progress(total, self.said.append, lambda: self.waiting, clock=lambda: self.now)


def test_a_short_rollout_needs_no_word() -> None:
    world = World()
    progress = world.progress(2)
    progress.tell()
    world.now = 1.9
    progress.count(changed=False, failed=False)
    progress.tell()
    assert world.said == []


def test_it_says_what_is_done_and_what_is_left() -> None:
    world = World()
    progress = world.progress(100)
    for number in range(20):
        progress.count(changed=number < 5, failed=number == 0)
    world.now = 10.0
    progress.tell()
    world.waiting = 3
    world.now = 20.0
    progress.tell()
    assert world.said == [
        "20 of 100 targets done, 5 changed, 1 failed, about 40 s left",
        "20 of 100 targets done, 5 changed, 1 failed, 3 waiting for the request limit,"
        " about 80 s left",
    ]


def test_what_only_looks_changes_nothing() -> None:
    world = World()
    progress = replace(world.progress(100), changes="")
    for number in range(20):
        progress.count(changed=number < 5, failed=number == 0)
    world.now = 10.0
    progress.tell()
    assert world.said == ["20 of 100 targets checked, 1 failed, about 40 s left"]


def test_nothing_can_be_said_about_the_time_before_one_is_done() -> None:
    world = World()
    progress = world.progress(100)
    world.now = 5.0
    progress.tell()
    assert world.said == ["0 of 100 targets done, 0 changed, 0 failed"]


def test_a_long_rollout_fills_no_log() -> None:
    world = World()
    progress = world.progress(10_000)
    while world.now < 3600:
        world.now += max(0.1, progress.seconds_to_next())
        progress.tell()
    assert 60 < len(world.said) < 90


def test_the_last_word_is_the_result() -> None:
    world = World()
    progress = world.progress(1)
    world.now = 5.0
    progress.count(changed=True, failed=False)
    progress.tell()
    assert world.said == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (89, "89 s"), (90, "2 min"), (3600, "60 min"), (7800, "2 h 10 min")],
)
def test_durations_are_told_as_people_do(seconds: float, text: str) -> None:
    assert duration(seconds) == text


# --- what the targets share ---


def test_who_waits_for_a_turn_is_counted_until_it_comes() -> None:
    world = World()
    state = TaskState(LocalState(lambda: world.now), 2, lambda: world.now)
    assert [state.reserve("requests", 2.0, 1) for _request in range(4)] == [0.0, 2.0, 4.0, 6.0]
    assert state.waiting() == 3
    world.now = 4.0
    assert state.waiting() == 1


def test_what_is_forgotten_is_forgotten_by_the_whole_run() -> None:
    run = LocalState()
    run.recall("list", lambda: ("old", WHOLE_RUN))
    state = TaskState(run, 2)
    assert state.recall("list", lambda: ("new", WHOLE_RUN)) == "new"
    state.forget("list")
    assert run.recall("list", lambda: ("newer", WHOLE_RUN)) == "newer"
    assert state.recall("list", lambda: ("newest", WHOLE_RUN)) == "newest"


def test_the_whole_run_is_told_something_once() -> None:
    run = LocalState()
    assert TaskState(run, 2).first("waits")
    assert not TaskState(run, 2).first("waits")


def test_the_only_target_of_a_task_shares_what_it_looked_up_with_other_tasks() -> None:
    run = LocalState()
    assert TaskState(run, 1).recall("projects", lambda: ("found", 60.0)) == "found"
    assert TaskState(run, 1).recall("projects", lambda: ("found again", 60.0)) == "found"
    # One of many has it in its task's memory.
    assert TaskState(run, 2).recall("projects", lambda: ("found again", 60.0)) == "found again"
