# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a published pipeline, and waiting until it has ended.

https://docs.maia.ai/api-reference/pipeline-execution
The forms of the answers are those that public clients read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..._core import deadline
from ..._core.deadline import OutOfTime
from ..._core.errors import (
    ApiError,
    CollectionError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    TransientError,
)
from ..._core.redaction import Redactor
from ..projects.projects import Environment, Project
from ..reach.client import MaiaClient
from ..reach.shapes import EXECUTION, PUBLISHED_PIPELINE, STARTED, STEP

SUCCESS, UNKNOWN = "SUCCESS", "UNKNOWN"
# What it goes on from by itself; anything else that is not among the ends may be one of these too.
_ENDS = {
    "FAILED": "it failed",
    "CANCELLED": "it was cancelled",
    "SKIPPED": "it was skipped, so nothing was run",
    "FORBIDDEN": "Maia did not allow it to run",
}
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 30.0
_LONGEST_MESSAGE = 500
_NOT_RUNNABLE, _SERVER_ERROR = (400, 404), 500


@dataclass(frozen=True)
class Clock:
    """now: seconds of a clock that never goes back."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = deadline.wait


@dataclass(frozen=True)
class PipelineRun:
    """What to run, in one environment.

    scalars, grids: the pipeline's variables. tag: Maia runs one execution of a tag at a time.
    """

    project: Project
    environment: Environment
    pipeline: str
    agent_id: str | None = None
    version: str | None = None
    tag: str | None = None
    scalars: Mapping[str, str] | None = None
    grids: Mapping[str, Any] | None = None

    @property
    def subject(self) -> str:
        project = self.project.name or self.project.id
        where = f"environment '{self.environment.name}' of project '{project}'"
        return f"Maia pipeline '{self.pipeline}' in {where}"

    @property
    def path(self) -> str:
        return f"/projects/{self.project.id}/pipeline-executions"

    @property
    def body(self) -> dict[str, Any]:
        given = {
            "pipelineName": self.pipeline,
            "environmentName": self.environment.name,
            "agentId": self.agent_id,
            "versionName": self.version,
            "executionTag": self.tag,
            "scalarVariables": dict(self.scalars) if self.scalars else None,
            "gridVariables": dict(self.grids) if self.grids else None,
        }
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Execution:
    """One execution as Maia tells of it; the times are Maia's texts."""

    id: str
    status: str
    message: str | None = None
    started_at: str | None = None
    finished_at: str | None = None

    @property
    def duration_seconds(self) -> float | None:
        """None if Maia does not tell both times."""
        try:
            start, end = (
                datetime.fromisoformat(str(text).replace("Z", "+00:00"))
                for text in (self.started_at, self.finished_at)
            )
            return round((end - start).total_seconds(), 3)
        except (TypeError, ValueError):
            return None


def check_published(client: MaiaClient, run: PipelineRun) -> None:
    """Raises NotFoundError if it is not published in the environment. Nothing is started."""
    found = client.pages(
        f"/projects/{run.project.id}/published-pipelines",
        PUBLISHED_PIPELINE,
        params={"environmentName": run.environment.name},
        subject=run.subject,
        attempt="looking for it",
    )
    names = [str(item["name"]) for item in found]
    if run.pipeline in names:
        return
    similar = [name for name in names if name.casefold() == run.pipeline.casefold()]
    hint = "publish it to this environment, or correct the name"
    if similar:
        hint = f"did you mean '{similar[0]}'? Upper and lower case matter"
    raise NotFoundError(run.subject, "it is not published there", hint)


def start(client: MaiaClient, run: PipelineRun) -> str:
    """Start it; returns the execution's id. Raises a CollectionError that says why not."""
    try:
        answer = client.call(
            "POST",
            run.path,
            body=run.body,
            shape=STARTED,
            subject=run.subject,
            attempt="starting it",
        )
    except CollectionError as error:
        if error.subject != run.subject:
            raise  # about the token, so that nothing was asked for
        if error.status in _NOT_RUNNABLE:
            check_published(client, run)
        raise _refusal(run, error) from None
    return str(answer["pipelineExecutionId"])


def _refusal(run: PipelineRun, error: CollectionError) -> CollectionError:
    """Why Maia did not start it."""
    make, reason, hint = type(error), error.reason, error.hint
    if isinstance(error, ConflictError):
        tagged = f"an execution with the tag '{run.tag}'" if run.tag else "an execution of it"
        reason = f"{tagged} is running already (HTTP 409), and nothing was started"
        hint = "wait until that one has ended"
    elif error.status == 410:
        make, reason = ConflictError, "it is disabled (HTTP 410)"
        hint = "enable it in Maia, or publish it again"
    elif error.status in _NOT_RUNNABLE and (given := _choices(run)):
        hint = f"check {given}; the project, the environment and the pipeline are there"
    elif error.status is None or error.status >= _SERVER_ERROR:
        hint = "look in Maia whether it runs before it is started again"
        return error.perhaps_done("started", hint)
    return make(
        run.subject,
        reason,
        hint,
        attempt=error.attempt,
        code=error.code,
        status=error.status,
        link=error.link,
    )


def _choices(run: PipelineRun) -> str:
    """The options of which nothing else tells whether they are right."""
    given = {"agent_id": run.agent_id, "version_name": run.version}
    return " and ".join(name for name, value in given.items() if value is not None)


def wait(
    client: MaiaClient, run: PipelineRun, execution_id: str, seconds: float, clock: Clock
) -> Execution:
    """The execution once it has ended, or as it is when the time is over.

    seconds: from now on. That Maia is failing or out of reach for a while is waited for as well.
    """
    end = clock.now() + seconds
    pause = _FIRST_PAUSE
    found = Execution(execution_id, UNKNOWN)
    while True:
        try:
            found = _look(client, run, execution_id)
        except OutOfTime:
            return found
        except TransientError:
            if clock.now() >= end:
                return found
        left = end - clock.now()
        if has_ended(found) or left <= 0:
            return found
        clock.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def lost(error: CollectionError, execution_id: str) -> CollectionError:
    """Why it is not known how an execution ended, which was started."""
    look = f"look at execution {execution_id} in Maia, which was started and may still run"
    # What to correct in the request does not matter any more.
    return error.told_as(hint=look if isinstance(error, NotFoundError) else f"{look}; {error.hint}")


def has_ended(execution: Execution) -> bool:
    return execution.status == SUCCESS or execution.status in _ENDS


def failure(run: PipelineRun, execution: Execution, seconds: float) -> CollectionError | None:
    """Why the execution is no success; None if it is."""
    if execution.status == SUCCESS:
        return None
    where = f"execution {execution.id} in Maia"
    if execution.status == UNKNOWN:
        return TransientError(
            run.subject,
            f"whether it has ended is not known after {seconds:g} seconds",
            f"look at {where}",
        )
    if execution.status in _ENDS:
        return ApiError(run.subject, _ENDS[execution.status], f"look at the steps of {where}")
    return TransientError(
        run.subject,
        f"it has not ended within {seconds:g} seconds (status {execution.status}), and goes on",
        f"look at {where}, cancel it there if necessary, or set a longer timeout_seconds",
    )


def steps(
    client: MaiaClient, run: PipelineRun, execution_id: str, *, messages: bool
) -> list[dict[str, Any]]:
    """The components that were run, in Maia's order; messages: with theirs, masked and cut."""
    found = client.pages(
        f"{run.path}/{execution_id}/steps",
        STEP,
        subject=run.subject,
        attempt=f"looking at the steps of execution {execution_id}",
    )
    return [_step(item, messages=messages) for item in found]


def _step(item: Mapping[str, Any], *, messages: bool) -> dict[str, Any]:
    beside = item.get("status")  # where the documented place is empty
    result = {"status": beside if isinstance(beside, str) else None, **(item.get("result") or {})}
    shown = {
        "name": item.get("name"),
        "status": result.get("status"),
        "started_at": result.get("startedAt"),
        "finished_at": result.get("finishedAt"),
    }
    return {**shown, "message": masked(result.get("message"))} if messages else shown


def masked(message: str | None) -> str | None:
    """A server's words, without anything like a Stripe key; the face masks what else is secret."""
    return None if message is None else Redactor().mask(message)[:_LONGEST_MESSAGE]


def check_variables(subject: str, scalars: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Their values as texts, which Maia takes them as. Raises ConfigurationError."""
    for name, value in (scalars or {}).items():
        if isinstance(value, (dict, list)) or value is None:
            raise ConfigurationError(
                subject,
                f"the variable '{name}' is no text, number or boolean",
                "give it as one, and a table in grid_variables",
            )
    return {str(name): _text(value) for name, value in (scalars or {}).items()} or None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _look(client: MaiaClient, run: PipelineRun, execution_id: str) -> Execution:
    item = client.call(
        "GET",
        f"{run.path}/{execution_id}",
        shape=EXECUTION,
        subject=run.subject,
        attempt=f"waiting for execution {execution_id}",
    )
    return Execution(
        execution_id,
        item["status"].upper(),
        item.get("message"),
        item.get("startedAt"),
        item.get("finishedAt"),
    )
