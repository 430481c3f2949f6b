# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, environments and agents."""

from __future__ import annotations

from flask import Blueprint

from sandbox.maia import views
from sandbox.maia.bodies import read_environment, read_project
from sandbox.maia.gate import Gate
from sandbox.maia.operations import Operations
from sandbox.maia.problems import invalid
from sandbox.maia.queries import json_body, page_of
from sandbox.maia.store import Environment, Project, Store
from sandbox.maia.views import Json

Created = tuple[Json, int]


def account_routes(gate: Gate, store: Store) -> Blueprint:
    operation = Operations("account", gate)

    @operation("ListProjects")
    def list_projects() -> Json:
        return page_of(store.projects.values(), views.project)

    @operation("CreateProject")
    def create_project() -> Created:
        draft = read_project(json_body())
        project = Project(draft.name, draft.deployment, draft.description)
        store.add_project(project)
        return {"projectId": project.id}, 201

    @operation("ListEnvironments")
    def list_environments(project_id: str) -> Json:
        return page_of(store.project(project_id).environments.values(), views.environment)

    @operation("CreateEnvironment")
    def create_environment(project_id: str) -> Created:
        project = store.project(project_id)
        draft = read_environment(json_body())
        if draft.agent_id not in store.agents:
            raise invalid("defaultAgentId must be the id of an agent")
        environment = Environment(draft.name, store.agent(draft.agent_id))
        project.add_environment(environment)
        return views.environment(environment), 201

    @operation("ListAgents")
    def list_agents() -> Json:
        return page_of(store.agents.values(), views.agent)

    @operation("GetAgent")
    def get_agent(agent_id: str) -> Json:
        return views.agent(store.agent(agent_id))

    return operation.blueprint
