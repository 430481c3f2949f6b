# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's objects as the API shows them. A hosted value is never shown."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.maia.store import (
    Agent,
    Connection,
    Environment,
    Execution,
    Override,
    Pipeline,
    Project,
    SecretTarget,
    Step,
)

Json = dict[str, object]


def project(item: Project) -> Json:
    return {"id": item.id, "name": item.name, "description": item.description}


def environment(item: Environment) -> Json:
    return {
        "name": item.name,
        "defaultAgentId": item.agent.agent_id,
        "defaultAgentName": item.agent.name,
    }


def agent(item: Agent) -> Json:
    return {
        "agentId": item.agent_id,
        "name": item.name,
        "description": item.description,
        "agentStatus": "running",
        "connected": True,
        "agentType": "data_productivity_cloud",
        "cloudProvider": item.cloud_provider,
        "deployment": item.deployment,
    }


def connection(item: Connection, project_id: str) -> Json:
    details = {"description": item.description, **_target(item.target)}
    return {
        "id": item.id,
        "name": item.name,
        **_kind(item),
        "createdBy": item.created_by,
        "createdDate": item.created_date,
        "projectId": project_id,
        "connectionDetails": _present(details),
    }


def override(item: Override, project_id: str) -> Json:
    return {
        "name": item.connection.name,
        **_kind(item.connection),
        "connectionOverrides": _target(item.target),
        "createdBy": item.created_by,
        "createdDate": item.created_date,
        "projectId": project_id,
    }


def secret_reference(item: Connection) -> Json:
    """The vendor's item schema is unknown; these are the names that creation takes."""
    details = {
        "name": item.name,
        "secretReferenceType": "PASSWORD",
        "description": item.description,
        "secretName": item.target.secret_name,
        "secretKey": item.target.secret_key,
    }
    return _present(details)


def pipeline(item: Pipeline) -> Json:
    return {"name": item.name}


def execution(item: Execution) -> Json:
    ended = None if item.status == "RUNNING" else item.started_at
    failed = "A component failed." if item.status == "FAILED" else None
    course = {"status": item.status, "message": failed, "startedAt": item.started_at}
    return _present({**course, "finishedAt": ended})


def step(item: Step) -> Json:
    result = _present({"status": item.status, "message": item.message})
    return {"id": item.name.lower(), "name": item.name, "result": result}


def _kind(item: Connection) -> Json:
    return {
        "platformConnectionType": item.platform_connection_type,
        "authProvider": item.auth_provider,
        "authType": item.auth_type,
    }


def _target(item: SecretTarget) -> Json:
    properties = {"secretName": item.secret_name, "secretKey": item.secret_key}
    target = {
        "connectionProperties": _present(properties),
        "secretsLocation": item.secrets_location,
    }
    return _present(target)


def _present(fields: Mapping[str, object]) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
