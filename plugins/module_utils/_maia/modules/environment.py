# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_environment_info module: which vault an environment's runner reads."""

from __future__ import annotations

from ..._core.argspec import ArgumentSpec
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..projects.projects import find_agent, find_environment, find_project
from ..reach.connection import CONNECTION_SPEC, MaiaConnection

SPEC = CONNECTION_SPEC.merge(
    ArgumentSpec(
        options={
            "project": {"type": "str", "required": True},
            "environment": {"type": "str", "required": True},
        },
    ),
)

_UNKNOWN = "The environment's agent does not show which vault it reads; name the vault yourself."
# https://docs.maia.ai/docs/guides/gcp-iam-permissions-for-runner
_GOOGLE = (
    "The environment's agent runs in Google Cloud and reads Google Secret Manager, which this"
    " collection does not write to; store the key there by other means, and let"
    " maia_secret_definition name it."
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Look up project, environment and agent; nothing is changed in any mode."""
    with MaiaConnection.from_params(params).open(runtime) as client:
        project = find_project(client, params["project"])
        environment = find_environment(client, project, params["environment"])
        subject = f"Maia environment '{environment.name}' of project '{project.name or project.id}'"
        agent = find_agent(client, environment, subject)
    vault = agent.vault if agent else None
    if vault is None and not (agent and agent.hidden):  # find_agent() has warned of those
        runtime.warn(_GOOGLE if agent and agent.cloud_provider == "gcp" else _UNKNOWN)
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
            "vault": vault,
        },
    )


OPERATION = Operation("maia_environment_info", SPEC, execute, (REQUESTS,), reads_only=True)
