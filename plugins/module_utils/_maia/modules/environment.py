# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_environment_info module: which vault an environment's runner reads."""

from __future__ import annotations

from ..._core.argspec import ArgumentSpec
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..projects.projects import find_project
from ..projects.runner import find_runner
from ..reach.connection import CONNECTION_SPEC, MaiaConnection

SPEC = CONNECTION_SPEC.merge(
    ArgumentSpec(
        options={
            "project": {"type": "str", "required": True},
            "environment": {"type": "str", "required": True},
        },
    ),
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Look up project, environment and agent; nothing is changed in any mode."""
    with MaiaConnection.from_params(params).open(runtime) as client:
        project = find_project(client, params["project"])
        agent = find_runner(client, project, params["environment"], runtime)
    return Outcome(
        changed=False,
        values={
            "project": {"id": project.id, "name": project.name},
            "environment": params["environment"],
            "agent": None
            if agent is None
            else {
                "id": agent.id,
                "name": agent.name,
                "cloud_provider": agent.cloud_provider,
                "deployment": agent.deployment,
            },
            "vault": agent.vault if agent else None,
        },
    )


OPERATION = Operation("maia_environment_info", SPEC, execute, (REQUESTS,), reads_only=True)
