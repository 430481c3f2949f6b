# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Published pipelines and their executions, which end after they were looked at a few times."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from sandbox.maia import views
from sandbox.maia.gate import Gate
from sandbox.maia.operations import Operations
from sandbox.maia.problems import not_found
from sandbox.maia.queries import json_body
from sandbox.maia.store import Store
from sandbox.maia.views import Json


def pipeline_routes(gate: Gate, store: Store) -> Blueprint:
    operation = Operations("pipelines", gate)

    @operation("ListPublishedPipelines")
    def list_published_pipelines(project_id: str) -> Json:
        found = store.project(project_id).published_in(request.args["environmentName"])
        return gate.variant.page(found, views.pipeline)

    @operation("PublishArtifact")
    def publish_artifact(project_id: str) -> tuple[Any, int]:
        files = {name: (file.mimetype, file.read()) for name, file in request.files.items()}
        environment, version = (
            request.headers[f"{what}Name"] for what in ("environment", "version")
        )
        store.project(project_id).publish_version(environment, version, files)
        return "", gate.variant.created

    @operation("RunPipeline")
    def run_pipeline(project_id: str) -> tuple[Any, int]:
        body = json_body()
        if (agent := body.get("agentId")) is not None and agent not in store.agents:
            raise not_found("Agent", agent)
        started = store.project(project_id).start(
            body["environmentName"], body["pipelineName"], body.get("executionTag")
        )
        status = 200 if gate.variant.created == 200 else 201
        return {"pipelineExecutionId": started.id}, status

    @operation("GetExecution")
    def get_execution(project_id: str, execution_id: str) -> Json:
        found = store.project(project_id).execution(execution_id)
        found.looks += 1
        return gate.variant.execution(views.execution(found))

    @operation("ListSteps")
    def list_steps(project_id: str, execution_id: str) -> Json:
        found = store.project(project_id).execution(execution_id)
        return gate.variant.page(found.pipeline.steps, views.step)

    return operation.blueprint
