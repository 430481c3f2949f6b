# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections, and secret references: the same objects seen through an older API."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, request

from sandbox.maia import views
from sandbox.maia.bodies import read_connection, read_replacement, read_secret_reference
from sandbox.maia.gate import Gate, current_grant
from sandbox.maia.operations import Operations
from sandbox.maia.problems import conflict, invalid
from sandbox.maia.queries import json_body, names
from sandbox.maia.store import GENERIC_SECRET, Connection, Project, Store
from sandbox.maia.variants import Variant


def connection_routes(gate: Gate, store: Store) -> Blueprint:
    operation = Operations("connections", gate)

    @operation("ListConnections")
    def list_connections(project_id: str) -> Any:
        found = _filtered(store.project(project_id), gate.variant)
        return gate.variant.definitions(found, partial(views.connection, project_id=project_id))

    @operation("CreateConnection")
    def create_connection(project_id: str) -> tuple[Any, int]:
        project = store.project(project_id)
        draft = read_connection(json_body(), hosted=project.hosted)
        details = draft.details
        connection = Connection(
            draft.name, current_grant().client_id, details.description, details.target
        )
        project.add_connection(connection, replace=gate.variant.post_replaces)
        return gate.variant.written(views.connection(connection, project_id), gate.variant.created)

    @operation("UpdateConnection")
    def update_connection(project_id: str) -> tuple[Any, int]:
        project = store.project(project_id)
        connection = project.connection(request.args["connectionName"])
        details = read_replacement(json_body(), hosted=project.hosted)
        if connection.auth_type != GENERIC_SECRET:
            raise invalid("authType must be that of the connection")
        connection.description, connection.target = details.description, details.target
        item = gate.variant.shown(views.connection(connection, project_id))
        return gate.variant.written(item, gate.variant.updated)

    @operation("DeleteConnection")
    def delete_connection(project_id: str) -> tuple[str, int]:
        store.project(project_id).remove_connection(request.args["connectionName"])
        return "", gate.variant.deleted

    @operation("ListSecretReferences")
    def list_secret_references(project_id: str) -> Any:
        everything = store.project(project_id).connections.values()
        secrets = [c for c in everything if c.auth_type == GENERIC_SECRET]
        return gate.variant.definitions(secrets, views.secret_reference)

    @operation("CreateSecretReference")
    def create_secret_reference(project_id: str, secret_reference_name: str) -> tuple[str, int]:
        project = store.project(project_id)
        name = secret_reference_name
        draft = read_secret_reference(json_body(), hosted=project.hosted)
        if draft.agent_id is not None and draft.agent_id not in store.agents:
            raise invalid("agentId must be the id of an agent")
        if name in project.connections:
            raise conflict("Secret reference", name)
        details = draft.details
        author = current_grant().client_id
        project.add_connection(Connection(name, author, details.description, details.target))
        return "", gate.variant.created

    return operation.blueprint


def _filtered(project: Project, variant: Variant) -> list[Connection]:
    wanted = names("connectionNames") if variant.filters else []
    providers = names("authProvider")
    kind = request.args.get("platformConnectionType")
    return [
        connection
        for connection in project.connections.values()
        if (not wanted or connection.name in wanted)
        and (not providers or connection.auth_provider in providers)
        and (not kind or connection.platform_connection_type == kind)
    ]
