# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment overrides of one definition, over the Connections API.

https://docs.maia.ai/api-reference/connections/create-an-environment-connection-override and its
siblings. An older version of these pages has a POST that also updates, and no PUT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ..._core.errors import CollectionError, NotFoundError
from ..model.override import Fields, OverrideChange
from ..projects.projects import Project, environment_names
from ..reach.client import MaiaClient
from ..reach.shapes import OVERRIDE
from .api import subject_of
from .connections_api import KIND, fields_from, with_fields
from .hosted_vault import is_edited

Item = Mapping[str, Any]


@dataclass
class OverridesApi:
    """A Reading, of the overrides in some environments, that can also write them.

    environments: the ones to look at; None for all that the project has.
    """

    client: MaiaClient
    project: Project
    definition: str
    environments: Sequence[str] | None
    _lists: dict[str, list[Item]] = field(default_factory=dict)

    def load(self) -> bool:
        """List the overrides of each environment. Raises NotFoundError if one does not exist."""
        fetched: list[str] = []
        environments = environment_names(self.client, self.project, self.environments)
        for environment in environments:

            def fetch(name: str = environment) -> list[Item]:
                fetched.append(name)
                return self._read(name)

            self._lists[environment] = self.client.remember(
                self._memory(environment), fetch, subject=self.subject(environment)
            )
        return len(fetched) < len(environments)

    def renew(self) -> None:
        for environment, before in self._lists.items():
            self._lists[environment] = self._read(environment)
            if self._lists[environment] != before:
                self.client.forget(self._memory(environment))

    def held(self) -> dict[str, Fields]:
        """What the definition's overrides point at, by environment."""
        items = {environment: self._item(environment) for environment in self._lists}
        return {name: pointed_at(item) for name, item in items.items() if item is not None}

    def is_edited(self, pointer: Fields | None) -> bool:
        """Whether it points at a secret that an edit in Maia's user interface made."""
        name = pointer["secret_name"] if pointer else None
        return is_edited(name, self.project.id, self.definition)

    def apply(self, change: OverrideChange) -> None:
        try:
            if change.after is not None:
                self._write(change.environment, change.after)
                return
            params = {"environmentName": change.environment, "connectionNames": self.definition}
            with suppress(NotFoundError):
                self._call("DELETE", change.environment, "deleting it", params=params)
        finally:
            # A request that failed may have been carried out all the same.
            self.client.forget(self._memory(change.environment))

    def _memory(self, environment: str) -> str:
        return f"{_path(self.project)} {environment}"

    def _item(self, environment: str) -> Item | None:
        items = self._lists[environment]
        return next((item for item in items if item.get("name") == self.definition), None)

    def _read(self, environment: str) -> list[Item]:
        subject = self.subject(environment)
        return list_overrides(self.client, self.project, environment, subject)

    def _write(self, environment: str, fields: Fields) -> None:
        held = self._item(environment)
        before = (held or {}).get("connectionOverrides") or {}
        body = {
            "environmentName": environment,
            "connectionName": self.definition,
            "authType": KIND["authType"],
            "connectionOverrides": with_fields(before, fields),
        }
        # Another client may have been faster, or the server has the older API.
        method, other, otherwise = ("PUT", "POST", (404, 405)) if held else ("POST", "PUT", (409,))
        attempt = "changing it" if held else "creating it"
        try:
            self._call(method, environment, attempt, body=body)
        except CollectionError as error:
            if error.status not in otherwise:
                raise
            self._call(other, environment, attempt, body=body)

    def _call(self, method: str, environment: str, attempt: str, **payload: Any) -> None:
        subject = self.subject(environment)
        self.client.call(method, _path(self.project), subject=subject, attempt=attempt, **payload)

    def subject(self, environment: str) -> str:
        """The override in this environment, for errors."""
        definition = subject_of(self.definition, self.project.name or self.project.id)
        return f"{definition}, override for environment '{environment}'"


def list_overrides(
    client: MaiaClient, project: Project, environment: str, subject: str
) -> list[Item]:
    """Those of all definitions in one environment, read anew. subject: for errors."""
    return list(
        client.pages(
            _path(project),
            OVERRIDE,
            params={"environmentName": environment},
            subject=subject,
            attempt="listing overrides",
        )
    )


def pointed_at(item: Item) -> Fields:
    """What an override in an answer points at."""
    return fields_from(item.get("connectionOverrides") or {})


def _path(project: Project) -> str:
    return f"/projects/{project.id}/connections/environment-overrides"
