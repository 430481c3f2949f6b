# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding projects, environments and the agents that run them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .._errors import ConflictError, NotFoundError
from .client import MaiaClient
from .unverified import HOSTED_DEPLOYMENT, VAULT_BY_CLOUD_PROVIDER

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Project:
    """name is None if only the id was given and nothing had to be looked up."""

    id: str
    name: str | None = None


@dataclass(frozen=True)
class Agent:
    """Called a runner in Maia's user interface."""

    id: str
    name: str | None
    cloud_provider: str | None
    deployment: str | None

    @property
    def vault(self) -> str | None:
        """aws, azure, snowflake or maia (Full SaaS); None if its facts do not tell."""
        if HOSTED_DEPLOYMENT.search(self.deployment or ""):
            return "maia"
        return VAULT_BY_CLOUD_PROVIDER.get((self.cloud_provider or "").lower())


def find_project(client: MaiaClient, project: str) -> Project:
    """By id without a call, or by exact name. Raises NotFoundError and ConflictError."""
    if _ID.fullmatch(project):
        return Project(project)
    subject = f"Maia project '{project}'"
    found = list(client.pages("/projects", subject=subject, attempt="listing projects"))
    ids = [str(item["id"]) for item in found if item.get("name") == project]
    if len(ids) > 1:
        raise ConflictError(
            subject,
            f"{len(ids)} projects have this name ({', '.join(sorted(ids))})",
            "give the id of the one that is meant",
        )
    if not ids:
        raise _not_found(subject, project, (str(item.get("name")) for item in found), "project")
    return Project(ids[0], project)


def find_agent(client: MaiaClient, project: Project, environment: str) -> Agent | None:
    """The environment's default agent; None if it has none. Raises NotFoundError."""
    subject = f"Maia environment '{environment}' of project '{project.name or project.id}'"
    found = list(
        client.pages(
            f"/projects/{project.id}/environments",
            subject=subject,
            attempt="listing environments",
        )
    )
    item = next((item for item in found if item.get("name") == environment), None)
    if item is None:
        names = (str(item.get("name")) for item in found)
        raise _not_found(subject, environment, names, "environment")
    agent_id = item.get("defaultAgentId")
    if not agent_id:
        return None
    facts: Any = client.call(
        "GET", f"/agents/{agent_id}", subject=subject, attempt="looking at its agent"
    )
    return Agent(
        id=str(agent_id),
        name=facts.get("name"),
        cloud_provider=facts.get("cloudProvider"),
        deployment=facts.get("deployment"),
    )


def _not_found(subject: str, wanted: str, names: Iterable[str], what: str) -> NotFoundError:
    similar = sorted(name for name in names if name.casefold() == wanted.casefold())
    if similar:
        return NotFoundError(
            subject,
            "Maia has none of this exact name",
            f"did you mean '{similar[0]}'? Upper and lower case matter",
        )
    return NotFoundError(
        subject,
        "Maia has none of this name, or hides it from these credentials",
        f"check the {what}'s name, the region, and the credentials' role",
    )
