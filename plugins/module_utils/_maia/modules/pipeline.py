# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_pipeline_run module: runs a published pipeline to its end."""

from __future__ import annotations

from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.errors import CollectionError, ConfigurationError
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..apis import pipeline_run
from ..apis.pipeline_run import Clock, Execution, PipelineRun
from ..projects.projects import find_environment, find_project
from ..reach.connection import MaiaConnection
from .environment import SPEC as ENVIRONMENT_SPEC

_SECONDS = range(1, 86_401)

SPEC = ENVIRONMENT_SPEC.merge(
    ArgumentSpec(
        options={
            "pipeline": {"type": "str", "required": True},
            "agent_id": {"type": "str"},
            "version_name": {"type": "str"},
            "execution_tag": {"type": "str"},
            "variables": {"type": "dict"},
            "grid_variables": {"type": "dict"},
            "timeout_seconds": {"type": "int", "default": 900},
            "show_messages": {"type": "bool", "default": False},
        },
    ),
)


def execute(params: Params, runtime: Runtime, clock: Clock | None = None) -> Outcome:
    """Start it and wait; in check mode only look whether it is published."""
    subject = f"Maia pipeline '{params['pipeline']}'"
    seconds = params["timeout_seconds"]
    if seconds not in _SECONDS:
        raise ConfigurationError(
            subject,
            f"timeout_seconds is {seconds}",
            f"give a number from {_SECONDS[0]} to {_SECONDS[-1]}",
        )
    variables = pipeline_run.check_variables(subject, params["variables"])
    with MaiaConnection.from_params(params).open(runtime) as client:
        project = find_project(client, params["project"])
        run = PipelineRun(
            project=project,
            environment=find_environment(client, project, params["environment"]),
            pipeline=params["pipeline"],
            agent_id=params["agent_id"],
            version=params["version_name"],
            tag=params["execution_tag"],
            scalars=variables,
            grids=params["grid_variables"],
        )
        if runtime.check_mode:
            pipeline_run.check_published(client, run)
            return Outcome(changed=True, values=_values(run, None, []))
        execution_id = pipeline_run.start(client, run)
        runtime.progress(f"{run.subject} runs as execution {execution_id}")
        messages = params["show_messages"]
        execution = Execution(execution_id, pipeline_run.UNKNOWN)
        taken: list[dict[str, Any]] | None = None
        unread: CollectionError | None = None
        failure: CollectionError | None
        try:
            execution = pipeline_run.wait(client, run, execution_id, seconds, clock or Clock())
            failure = pipeline_run.failure(run, execution, seconds)
        except CollectionError as error:
            failure = pipeline_run.lost(error, execution_id)
        try:
            taken = pipeline_run.steps(client, run, execution_id, messages=messages)
        except CollectionError as error:
            unread = error
            runtime.warn(f"{error}")
    values = _values(run, execution, taken)
    if unread is not None:
        values["unread_because"] = str(unread)
    if messages:
        values["message"] = pipeline_run.masked(execution.message)
    return Outcome(
        changed=True, values=values, failure=failure.to_result() if failure is not None else None
    )


def _values(
    run: PipelineRun, execution: Execution | None, taken: list[dict[str, Any]] | None
) -> dict[str, object]:
    return {
        "project": {"id": run.project.id, "name": run.project.name},
        "environment": run.environment.name,
        "pipeline": run.pipeline,
        "execution_id": execution and execution.id,
        "status": execution and execution.status,
        "started_at": execution and execution.started_at,
        "finished_at": execution and execution.finished_at,
        "duration_seconds": execution and execution.duration_seconds,
        "steps": taken,
    }


OPERATION = Operation("maia_pipeline_run", SPEC, execute, (REQUESTS,), waits="timeout_seconds")
