# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment overrides of connections, in the newer and the older behaviour."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, request

from sandbox.maia import views
from sandbox.maia.bodies import read_override
from sandbox.maia.gate import Gate, current_grant
from sandbox.maia.operations import Operations
from sandbox.maia.problems import Problem, invalid
from sandbox.maia.queries import json_body, names
from sandbox.maia.store import Override, Project, Store

LONGEST_URL = 2048


def override_routes(gate: Gate, store: Store) -> Blueprint:
    operation = Operations("overrides", gate)

    @operation("ListOverrides")
    def list_overrides(project_id: str) -> Any:
        found = store.project(project_id).overrides_in(request.args["environmentName"])
        return gate.variant.definitions(found, partial(views.override, project_id=project_id))

    @operation("CreateOverride")
    def create_override(project_id: str) -> tuple[Any, int]:
        project = store.project(project_id)
        draft = _read(project)
        existing = project.overrides.get((draft.environment, draft.connection.name))
        if existing and gate.variant.overrides_upsert:
            existing.target = draft.target
            return gate.variant.written(views.override(existing, project_id), gate.variant.updated)
        project.add_override(draft)
        return gate.variant.written(views.override(draft, project_id), gate.variant.created)

    @operation("UpdateOverride")
    def update_override(project_id: str) -> tuple[Any, int]:
        if gate.variant.overrides_upsert:
            raise Problem(405, "PUT is not supported.", headers={"Allow": "GET, POST, DELETE"})
        project = store.project(project_id)
        draft = _read(project)
        existing = project.override(draft.environment, draft.connection.name)
        existing.target = draft.target
        return gate.variant.written(views.override(existing, project_id), gate.variant.updated)

    @operation("DeleteOverrides")
    def delete_overrides(project_id: str) -> tuple[str, int]:
        if len(request.url) > LONGEST_URL:
            raise Problem(400, "The URL is too long.")
        environment = request.args["environmentName"]
        store.project(project_id).remove_overrides(environment, names("connectionNames"))
        return "", gate.variant.deleted

    return operation.blueprint


def _read(project: Project) -> Override:
    body = read_override(json_body(), hosted=project.hosted)
    connection = project.connection(body.connection)
    if body.auth_type != connection.auth_type:
        raise invalid("authType must be that of the connection")
    author = current_grant().client_id
    return Override(project.environment(body.environment).name, connection, body.target, author)
