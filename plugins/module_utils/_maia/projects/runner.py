# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner of an environment, and which vault it reads."""

from __future__ import annotations

from ..._core.errors import ConfigurationError
from ..._core.operation import Runtime
from ..reach.client import MaiaClient
from .projects import Agent, Project, environment_subject, find_agent, find_environment

_UNKNOWN = (
    "The environment's agent does not show which vault it reads; name the vault yourself, which is"
    " then not compared."
)
# https://docs.maia.ai/docs/guides/gcp-iam-permissions-for-runner
_GOOGLE = (
    "The environment's agent runs in Google Cloud and reads Google Secret Manager, which this"
    " collection does not write to; store the key there by other means, and let"
    " maia_secret_definition name it."
)


def find_runner(
    client: MaiaClient, project: Project, environment: str, runtime: Runtime
) -> Agent | None:
    """None if the environment has none. Warns if it does not show its vault.

    Raises NotFoundError for an environment that Maia does not show.
    """
    found = find_environment(client, project, environment)
    subject = environment_subject(found.name, project.name or project.id)
    agent = find_agent(client, found, subject)
    shown = agent is not None and (agent.vault or agent.hidden)  # find_agent() has warned of those
    if not shown:
        runtime.warn(_GOOGLE if agent and agent.cloud_provider == "gcp" else _UNKNOWN)
    return agent


def refuse_other_vault(subject: str, found: str | None, expected: str) -> None:
    """Raise ConfigurationError if the runner is known to read another vault.

    subject: environment_subject(). found: None if Maia does not show it.
    """
    if found not in (None, expected):
        raise ConfigurationError(
            subject,
            f"its runner reads its secrets from the vault '{found}', and not from '{expected}'",
            f"give the vault {found} in place of {expected}, or correct the environment",
        )
