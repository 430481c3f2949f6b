# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a pipeline on the sandbox, by a clock of the test's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.pipeline_run import (
    Clock,
    Execution,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.pipeline import (
    OPERATION,
    execute,
)
from integration.python.maia_world import MaiaWorld
from sandbox.maia.store import Step
from unit.faces import run_action
from unit.keys import make_key

WHERE = "in environment 'test' of project 'Shop Analytics'"


@dataclass
class FakeClock:
    """Time passes only where somebody sleeps."""

    seconds: float = 0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, self.sleep)


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


def run(
    world: MaiaWorld, time: FakeClock, *, check_mode: bool = False, **changed: Any
) -> dict[str, Any]:
    options = {"project": "Shop Analytics", "environment": "test", "pipeline": "probe", **changed}
    operation = replace(OPERATION, execute=lambda p, runtime: execute(p, runtime, time.clock))
    return run_action(operation, world.options(**options), check_mode=check_mode)


def publish(world: MaiaWorld, **facts: Any) -> None:
    world.service.publish("Shop Analytics", "test", "probe", **facts)


def test_it_waits_less_and_less_often_and_returns_the_steps(
    world: MaiaWorld, time: FakeClock
) -> None:
    publish(world, looks=12, steps=(Step("Load", "SUCCESS", "1 row"),))
    result = run(world, time)
    assert not result.get("failed"), result
    assert result["changed"]
    assert result["status"] == "SUCCESS"
    assert result["duration_seconds"] == 0.0
    assert result["execution_id"]
    assert [(step["name"], step["status"]) for step in result["steps"]] == [("Load", "SUCCESS")]
    assert "message" not in result
    assert "message" not in result["steps"][0]
    assert time.pauses[:3] == [2.0, 3.0, 4.5]
    assert time.pauses == sorted(time.pauses)
    assert time.pauses[-1] == 30.0


def test_messages_are_shown_on_request_only_masked_and_cut(
    world: MaiaWorld, time: FakeClock
) -> None:
    key = make_key()
    publish(world, steps=(Step("Load", "SUCCESS", f"{key} is no key. {'x' * 600}"),))
    assert key not in str(run(world, time))
    result = run(world, time, show_messages=True)
    message = result["steps"][0]["message"]
    assert message.startswith("******** is no key. x")
    assert len(message) == 500
    assert key[12:] not in str(result)


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        ("FAILED", "it failed"),
        ("CANCELLED", "it was cancelled"),
        ("SKIPPED", "it was skipped, so nothing was run"),
        ("FORBIDDEN", "Maia did not allow it to run"),
    ],
)
def test_anything_but_success_fails_and_says_where_to_look(
    world: MaiaWorld, time: FakeClock, outcome: str, text: str
) -> None:
    publish(world, outcome=outcome, steps=(Step("Load", outcome),))
    result = run(world, time)
    assert result["failed"]
    assert result["changed"]
    assert result["msg"] == (
        f"Maia pipeline 'probe' {WHERE}: {text}; look at the steps of execution"
        f" {result['execution_id']} in Maia."
    )
    assert result["status"] == outcome
    assert result["steps"][0]["status"] == outcome


@pytest.mark.parametrize("state", ["RUNNING", "UNKNOWN", "CANCELLING"])
def test_when_the_time_is_over_it_says_that_the_execution_goes_on(
    world: MaiaWorld, time: FakeClock, state: str
) -> None:
    publish(world, outcome=state)
    result = run(world, time, timeout_seconds=60)
    assert time.seconds == 60
    assert result["failed"]
    reason = (
        "whether it has ended is not known after 60 seconds"
        if state == "UNKNOWN"
        else f"it has not ended within 60 seconds (status {state}), and goes on"
    )
    assert result["msg"].startswith(f"Maia pipeline 'probe' {WHERE}: {reason}; look at execution ")
    assert result["finished_at"] is None or state != "RUNNING"


def test_a_moment_without_maia_is_waited_for(world: MaiaWorld, time: FakeClock) -> None:
    publish(world, looks=1)
    world.fail("GetExecution", status=500, times=1)
    result = run(world, time)
    assert result["status"] == "SUCCESS"


def test_a_run_whose_end_cannot_be_read_still_names_the_execution(
    world: MaiaWorld, time: FakeClock
) -> None:
    publish(world)
    world.fail("GetExecution", status=403, times=99)
    result = run(world, time)
    assert result["failed"]
    assert result["changed"]
    assert result["execution_id"]
    assert result["status"] == "UNKNOWN"
    assert f"waiting for execution {result['execution_id']} failed" in result["msg"]
    assert "give them a role in the project" in result["error"]["hint"]


def test_a_run_that_vanishes_is_named(world: MaiaWorld, time: FakeClock) -> None:
    publish(world)
    world.fail("GetExecution", status=404, times=99)
    error = run(world, time)["error"]
    execution = error["attempt"].removeprefix("waiting for execution ")
    assert execution != error["attempt"]
    assert error["hint"] == (
        f"look at execution {execution} in Maia, which was started and may still run"
    )


def test_steps_that_cannot_be_read_are_a_warning(world: MaiaWorld, time: FakeClock) -> None:
    publish(world)
    world.fail("ListSteps", status=403, times=99)
    result = run(world, time)
    assert not result.get("failed")
    assert result["steps"] is None
    assert "looking at the steps of execution " in result["unread_because"]
    assert result["warnings"] == [result["unread_because"]]


# --- what does not start ---


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("pipeline", "hint"),
    [
        ("nowhere", "publish it to this environment, or correct the name"),
        ("Probe", "did you mean 'probe'? Upper and lower case matter"),
    ],
)
def test_what_is_not_published(
    world: MaiaWorld, time: FakeClock, check_mode: bool, pipeline: str, hint: str
) -> None:
    publish(world)
    result = run(world, time, pipeline=pipeline, check_mode=check_mode)
    assert result["msg"] == (
        f"Maia pipeline '{pipeline}' {WHERE}: it is not published there; {hint}."
    )
    assert not result["changed"]


def test_check_mode_only_looks(world: MaiaWorld, time: FakeClock) -> None:
    publish(world)
    result = run(world, time, check_mode=True)
    assert result["changed"]
    assert result["execution_id"] is None
    assert "RunPipeline" not in world.requests()


def test_a_disabled_pipeline(world: MaiaWorld, time: FakeClock) -> None:
    publish(world, disabled=True)
    assert run(world, time)["msg"] == (
        f"Maia pipeline 'probe' {WHERE}: starting it failed: it is disabled (HTTP 410); enable it"
        " in Maia, or publish it again."
    )


def test_of_one_tag_only_one_runs_at_a_time(world: MaiaWorld, time: FakeClock) -> None:
    publish(world, looks=1000)
    first = run(world, time, execution_tag="t", timeout_seconds=1)
    assert first["status"] == "RUNNING"
    second = run(world, time, execution_tag="t")
    assert second["msg"] == (
        f"Maia pipeline 'probe' {WHERE}: starting it failed: an execution with the tag 't' is"
        " running already (HTTP 409), and nothing was started; wait until that one has ended."
    )
    assert not second["changed"]


def test_without_the_right_to_run(world: MaiaWorld, time: FakeClock) -> None:
    publish(world)
    assert run(world, time, identity="metadata")["msg"] == (
        f"Maia pipeline 'probe' {WHERE}: starting it failed: the API credentials lack the right"
        " to do it (HTTP 403); give them the environment role Owner or Contributor."
    )


def test_a_start_whose_answer_is_lost_may_have_happened(world: MaiaWorld, time: FakeClock) -> None:
    publish(world)
    world.fail("RunPipeline", status=502, times=99)
    result = run(world, time)
    assert result["error"]["reason"] == (
        "Maia is failing (HTTP 502), and it may have been started all the same"
    )


@pytest.mark.parametrize("seconds", [0, -1, 86_401])
def test_a_time_limit_has_limits(world: MaiaWorld, time: FakeClock, seconds: int) -> None:
    assert "timeout_seconds is" in run(world, time, timeout_seconds=seconds)["msg"]


def test_a_variable_is_sent_as_text_and_a_table_is_refused(
    world: MaiaWorld, time: FakeClock
) -> None:
    publish(world)
    assert not run(world, time, variables={"limit": 1, "full": True, "t": "x"}).get("failed")
    refused = run(world, time, variables={"limit": [1]})
    assert refused["error"]["kind"] == "configuration"


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-11-28T03:00:00Z", "2026-11-28T03:00:41.5Z", 41.5),
        ("2026-11-28T03:00:00+00:00", "2026-11-28T04:00:00+01:00", 0.0),
        (None, "2026-11-28T03:00:00Z", None),
        ("yesterday", "today", None),
        ("2026-11-28T03:00:00", "2026-11-28T03:00:01Z", None),
    ],
)
def test_the_duration(start: str | None, end: str | None, seconds: float | None) -> None:
    assert Execution("1", "SUCCESS", None, start, end).duration_seconds == seconds
