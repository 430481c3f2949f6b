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
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ..._core.errors import ConflictError
from ..reach.client import MaiaClient
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

    def unused(self, names: Iterable[str]) -> list[str]:
        """Those that match none of these names."""
        known = set(names)
        given = (*self.include, *self.exclude)
        return [each for each in given if not any(_matches(name, [each]) for name in known)]


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
        environment = _slug(self.environment.name) or self._digest
        return f"{_project_slug(self.project)}-{environment}"

    @property
    def full_name(self) -> str:
        """With what belongs to this target; see host_names() for those that have the same."""
        return f"{self.plain_name}-{self._digest}"

    @property
    def _digest(self) -> str:
        text = f"{self.project.id}/{self.environment.name}"
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def host_names(targets: Iterable[Target], others: Iterable[Target] = ()) -> list[str]:
    """A name for each target, which no other of the account has.

    A target has its plain name if no other target, chosen or not, could have it: neither as its
    plain name nor as its full one. others: what was not chosen; their names count as well.
    Raises ConflictError for two targets whose full names are equal.
    """
    chosen = list(targets)
    everything = [*chosen, *others]
    possible = Counter(name for each in everything for name in (each.plain_name, each.full_name))
    for each in chosen:
        if possible[each.full_name] > 1:
            _check_full_name(each, everything)
    return [
        each.plain_name if possible[each.plain_name] == 1 else each.full_name for each in chosen
    ]


def _check_full_name(target: Target, everything: Iterable[Target]) -> None:
    same = [each for each in everything if each.full_name == target.full_name]
    if len(same) > 1:
        places = " and ".join(
            f"'{each.project.name}' ({each.project.id}), '{each.environment.name}'" for each in same
        )
        raise ConflictError(
            f"Inventory host '{target.full_name}'",
            f"two environments would have the name: {places}",
            "rename one of the environments in Maia",
        )


@dataclass(frozen=True)
class Listed:
    """targets: what is selected; others: what is not, and could have the name of one that is.

    unused: names and patterns of the selections that match nothing.
    """

    targets: list[Target]
    others: list[Target]
    unused: list[str] = field(default_factory=list)


def list_targets(client: MaiaClient, projects: Selection, environments: Selection) -> Listed:
    """All targets that are selected, in Maia's order, read anew.

    Requests: one for each 100 projects of the account, one for each selected project and each
    whose name begins alike (and for each further 100 environments of it), one for each 100
    agents of the account, and one for each agent that a selected environment has and Maia does
    not list.
    """
    found = list_projects(client, "Maia projects", anew=True)
    list_agents(client, "Maia agents", anew=True)
    named = Counter(project.name for project in found)
    chosen = {_project_slug(each) for each in found if projects.takes(str(each.name))}
    listed = Listed([], [])
    seen: set[str] = set()
    for project in found:
        if not _shares_names(_project_slug(project), chosen):
            continue
        subject = f"Maia project '{project.name}'"
        reference = str(project.name) if named[project.name] == 1 else project.id
        taken = projects.takes(str(project.name))
        for environment in list_environments(client, project, subject, anew=True):
            seen |= {environment.name} if taken else set()
            if taken and environments.takes(environment.name):
                agent = find_agent(client, environment, subject)
                listed.targets.append(Target(project, reference, environment, agent))
            else:
                listed.others.append(Target(project, reference, environment))
    listed.unused.extend(projects.unused(str(project.name) for project in found))
    listed.unused.extend(environments.unused(seen))
    return listed


def _shares_names(slug: str, chosen: set[str]) -> bool:
    """Whether a host of the project can have the name of a host of one of the chosen projects.

    pay-live-eu may be an environment of pay, of pay-live or of pay-live-eu, and of no other.
    """
    parts = slug.split("-")
    begins = {"-".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return bool(begins & chosen) or any(each.startswith(f"{slug}-") for each in chosen)


def _project_slug(project: Project) -> str:
    return _slug(str(project.name)) or project.id[:8]


def _slug(text: str) -> str:
    """shop-analytics for Shop Analytics; accents are dropped, other alphabets as well."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_NAMES.sub("-", plain).strip("-")
