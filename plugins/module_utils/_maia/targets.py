# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rollout targets of an account, an environment of a project each, and names for them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .client import MaiaClient
from .projects import (
    Agent,
    Environment,
    Project,
    find_agent,
    list_agents,
    list_environments,
    list_projects,
)

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Selection:
    """Which names to take: exact ones or shell patterns, in their exact case."""

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    def takes(self, name: str) -> bool:
        """Without anything to include, everything is."""
        included = not self.include or _matches(name, self.include)
        return included and not _matches(name, self.exclude)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)


@dataclass(frozen=True)
class Target:
    """One environment of one project.

    reference: what tells the project from all others, its name or, if several have it, its id.
    """

    project: Project
    reference: str
    environment: Environment
    agent: Agent | None = None

    @property
    def plain_name(self) -> str:
        """Lower-case letters, digits and hyphens only; two targets may have the same."""
        project = _slug(str(self.project.name)) or self.project.id[:8]
        return f"{project}-{_slug(self.environment.name) or self._digest}"

    @property
    def full_name(self) -> str:
        """No other target has it."""
        return f"{self.plain_name}-{self._digest}"

    @property
    def _digest(self) -> str:
        text = f"{self.project.id}/{self.environment.name}"
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def host_names(targets: Iterable[Target]) -> list[str]:
    """A name for each. Where two would have the same, neither gets it.

    So a name never moves from one target to another when projects come and go.
    """
    listed = list(targets)
    counted = Counter(target.plain_name for target in listed)
    return [
        target.plain_name if counted[target.plain_name] == 1 else target.full_name
        for target in listed
    ]


def list_targets(client: MaiaClient, projects: Selection, environments: Selection) -> list[Target]:
    """All targets that are selected, in Maia's order, read anew.

    Requests: one for each 100 projects of the account, one for each selected project (and for
    each further 100 environments of it), one for each 100 agents of the account, and one for
    each agent that a selected environment has and Maia does not list.
    """
    found = list_projects(client, "Maia projects", anew=True)
    list_agents(client, "Maia agents", anew=True)
    named = Counter(project.name for project in found)
    targets = []
    for project in found:
        if not projects.takes(str(project.name)):
            continue
        subject = f"Maia project '{project.name}'"
        reference = str(project.name) if named[project.name] == 1 else project.id
        for environment in list_environments(client, project, subject, anew=True):
            if environments.takes(environment.name):
                agent = find_agent(client, environment, subject)
                targets.append(Target(project, reference, environment, agent))
    return targets


def _slug(text: str) -> str:
    """shop-analytics for Shop Analytics; accents are dropped, other alphabets as well."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_NAMES.sub("-", plain).strip("-")
