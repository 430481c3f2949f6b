# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, environments and agents."""

from __future__ import annotations

from flask import Blueprint

from sandbox.maia import views
from sandbox.maia.gate import Gate
from sandbox.maia.operations import Operations
from sandbox.maia.store import Store
from sandbox.maia.views import Json


def account_routes(gate: Gate, store: Store) -> Blueprint:
    operation = Operations("account", gate)

    @operation("ListProjects")
    def list_projects() -> Json:
        return gate.variant.page(store.projects.values(), views.project)

    @operation("ListEnvironments")
    def list_environments(project_id: str) -> Json:
        return gate.variant.page(store.project(project_id).environments.values(), views.environment)

    @operation("ListAgents")
    def list_agents() -> Json:
        return gate.variant.page(gate.variant.listed_agents(store.agents.values()), views.agent)

    @operation("GetAgent")
    def get_agent(agent_id: str) -> Json:
        return views.agent(gate.variant.agent(store.agent(agent_id)))

    return operation.blueprint
