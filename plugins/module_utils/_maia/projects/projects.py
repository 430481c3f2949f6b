# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding projects, environments and the agents that run them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._core.errors import (
    CollectionError,
    ConflictError,
    NotFoundError,
    NotPermittedError,
    NotVisibleError,
)
from ..._core.wording import nearest
from ..model.definition import PROJECT_ID
from ..reach.client import MaiaClient
from ..reach.shapes import AGENT, ENVIRONMENT, LISTED_AGENT, PROJECT
from ..unverified import CUSTOMERS_VAULTS, HOSTED

_HIDDEN = (
    "These API credentials may not look at all agents (HTTP 403), so that the vault of some"
    " environments is unknown. Give them the account role Admin or Super Admin, or set"
    " authorize_vault for these environments."
)


@dataclass(frozen=True)
class Project:
    """name is None if only the id was given and nothing had to be looked up."""

    id: str
    name: str | None = None


@dataclass(frozen=True)
class Environment:
    name: str
    agent_id: str | None = None
    agent_name: str | None = None


@dataclass(frozen=True)
class Agent:
    """Called a runner in Maia's user interface.

    hidden: the credentials may not look at it.
    """

    id: str
    name: str | None
    cloud_provider: str | None
    deployment: str | None
    hidden: bool = False

    @property
    def vault(self) -> str | None:
        """aws, azure, snowflake or maia (Full SaaS); None if its facts do not tell."""
        deployment = (self.deployment or "").lower()
        if HOSTED.search(deployment):
            return "maia"
        customers = CUSTOMERS_VAULTS.get((self.cloud_provider or "").lower())
        if customers is None or HOSTED.search(self.name or ""):
            return None
        return customers.vault if customers.has(deployment) else None


def find_project(client: MaiaClient, project: str) -> Project:
    """By id without a call, or by exact name. Raises NotFoundError and ConflictError."""
    if PROJECT_ID.fullmatch(project):
        return Project(project)
    subject = f"Maia project '{project}'"
    # Compared as they are remembered: every target of a rollout looks through all projects.
    rows = _project_rows(client, subject)
    ids = [id_ for id_, name in rows if name == project]
    if len(ids) > 1:
        raise ConflictError(
            subject,
            f"{len(ids)} projects have this name ({', '.join(sorted(ids))})",
            "give the id of the one that is meant",
        )
    if not ids:
        raise _not_found(subject, project, (name for _id, name in rows), "project")
    return Project(ids[0], project)


def find_environment(client: MaiaClient, project: Project, name: str) -> Environment:
    """By exact name. Raises NotFoundError."""
    subject = environment_subject(name, project.name or project.id)
    found = list_environments(client, project, subject)
    environment = next((item for item in found if item.name == name), None)
    if environment is None:
        raise _not_found(subject, name, (item.name for item in found), "environment")
    return environment


def environment_subject(environment: str, project: str) -> str:
    """What an error about it names."""
    return f"Maia environment '{environment}' of project '{project}'"


def environment_names(
    client: MaiaClient, project: Project, names: Sequence[str] | None
) -> list[str]:
    """These environments, of which each has to exist; None for all. Raises NotFoundError."""
    if names is None:
        subject = f"Maia project '{project.name or project.id}'"
        return [item.name for item in list_environments(client, project, subject)]
    return [find_environment(client, project, name).name for name in dict.fromkeys(names)]


# --- listed once for all tasks of a run; of Maia's answers no more is kept than is needed ---


def list_projects(client: MaiaClient, subject: str, *, anew: bool = False) -> list[Project]:
    """All projects that the credentials may see. subject: for errors. anew: not from memory."""
    return [Project(*row) for row in _project_rows(client, subject, anew=anew)]


def _project_rows(client: MaiaClient, subject: str, *, anew: bool = False) -> list[list[str]]:
    """Ids and names."""

    def fetch() -> list[list[str]]:
        found = client.pages("/projects", PROJECT, subject=subject, attempt="listing projects")
        return [[item["id"], item["name"]] for item in found]

    rows: list[list[str]] = client.remember("projects", fetch, subject=subject, anew=anew)
    return rows


def list_environments(
    client: MaiaClient, project: Project, subject: str, *, anew: bool = False
) -> list[Environment]:
    """All environments of a project, in Maia's order; see list_projects()."""
    path = f"/projects/{project.id}/environments"

    def fetch() -> list[list[str | None]]:
        found = client.pages(path, ENVIRONMENT, subject=subject, attempt="listing environments")
        return [
            [item["name"], item.get("defaultAgentId"), item.get("defaultAgentName")]
            for item in found
        ]

    return [Environment(*item) for item in client.remember(path, fetch, subject=subject, anew=anew)]


def list_agents(client: MaiaClient, subject: str, *, anew: bool = False) -> list[Agent]:
    """All agents that Maia lists, none where that is not allowed; see list_projects()."""

    def fetch() -> list[list[str | None]]:
        try:
            found = client.pages("/agents", LISTED_AGENT, subject=subject, attempt="listing agents")
            return [_facts(item, item["agentId"]) for item in found]
        except NotPermittedError:
            return []

    return [Agent(*item) for item in client.remember("agents", fetch, subject=subject, anew=anew)]


def find_agent(client: MaiaClient, environment: Environment, subject: str) -> Agent | None:
    """The environment's default agent; None if it has none. subject: for errors.

    Warns, once in a run, if the credentials may not look at it.
    """
    if not environment.agent_id:
        return None
    listed = list_agents(client, subject)
    agent = next((item for item in listed if item.id == environment.agent_id), None)
    agent = agent or _unlisted_agent(client, environment, environment.agent_id, subject)
    if agent.hidden:
        client.warn_once("agents are hidden", _HIDDEN)
    return agent


def customers_vaults(client: MaiaClient, project: Project, subject: str) -> list[str]:
    """What the runners of a Hybrid project read; none unless all that it has show that.

    A project is either Hybrid or Full SaaS. What cannot be looked at tells nothing.
    """
    try:
        listed = {agent.id: agent.vault for agent in list_agents(client, subject)}
        environments = list_environments(client, project, subject)
    except CollectionError:
        return []
    vaults = {
        None if HOSTED.search(each.agent_name or "") else listed.get(each.agent_id)
        for each in environments
        if each.agent_id
    }
    customers = {each.vault for each in CUSTOMERS_VAULTS.values()}
    return sorted(filter(None, vaults)) if vaults <= customers else []


def _unlisted_agent(
    client: MaiaClient, environment: Environment, agent_id: str, subject: str
) -> Agent:
    """Whether Matillion's own agents (Full SaaS) are listed, or can be looked at, is unknown.

    "Manage agents" is a right of Super Admin and Admin only:
    https://docs.maia.ai/docs/administration/api-credentials
    """
    path = f"/agents/{agent_id}"

    def fetch() -> list[Any]:
        try:
            item = client.call(
                "GET", path, shape=AGENT, subject=subject, attempt="looking at its agent"
            )
        except (NotFoundError, NotPermittedError) as error:
            hidden = isinstance(error, NotPermittedError)
            return [agent_id, environment.agent_name, None, None, hidden]
        return _facts(item, agent_id)

    return Agent(*client.remember(path, fetch, subject=subject))


def _facts(item: Mapping[str, Any], agent_id: str) -> list[str | None]:
    return [agent_id, item.get("name"), item.get("cloudProvider"), item.get("deployment")]


def _not_found(subject: str, wanted: str, names: Iterable[str], what: str) -> NotFoundError:
    known = list(names)
    similar = sorted(name for name in known if name.casefold() == wanted.casefold())
    if similar:
        return NotFoundError(
            subject,
            "Maia has none of this exact name",
            f"did you mean '{similar[0]}'? Upper and lower case matter",
        )
    check = f"check the {what}'s name, the region, and the credentials' role"
    # What is hidden may be there: that is no finding.
    return NotVisibleError(
        subject,
        "Maia has none of this name, or hides it from these credentials",
        nearest(wanted, known, check),
    )
