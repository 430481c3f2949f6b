# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definitions of one project, listed once for all tasks of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..model.definition import Definition
from ..projects.projects import Project
from ..reach.client import MaiaClient
from ..reach.shapes import Shape
from .api import subject_of

Item = Mapping[str, Any]


class ListedDefinitions:
    """What both APIs for definitions have in common: finding them, as DefinitionApi says."""

    def __init__(
        self,
        client: MaiaClient,
        project: Project,
        resource: str,
        shape: Shape,
        parse: Callable[[Item], Definition],
        *,
        names_parameter: str | None = None,
    ) -> None:
        """resource: the last part of the path. shape: of an item.

        names_parameter: the query's, if it has one.
        """
        self._client = client
        self._path = f"/projects/{project.id}/{resource}"
        self._project = project.name or project.id
        self._shape = shape
        self._parse = parse
        self._names_parameter = names_parameter
        self._fresh: list[Item] | None = None

    def load(self, name: str) -> bool:
        """List them unless that was done; whether the list came from memory. name: for errors."""
        fetched = False

        def fetch() -> list[Item]:
            nonlocal fetched
            fetched = True
            return self._look_for(name)

        self._client.remember(self._path, fetch, subject=self._subject(name))
        return not fetched

    def renew(self, name: str) -> None:
        """Read that one again, and those that are called almost like it."""
        before = self._like(name)
        names = {name, *(item["name"] for item in before)}
        # A server that does not know the filter answers with everything, which does no harm.
        parameter = self._names_parameter
        self._fresh = self._look_for(
            name, {parameter: ",".join(sorted(names))} if parameter else {}
        )
        if self._like(name) != before:
            self._client.forget(self._path)

    def find(self, name: str) -> Definition | None:
        """The one of exactly this name."""
        return next((self._parse(i) for i in self._like(name) if i["name"] == name), None)

    def similar(self, name: str) -> str | None:
        """The name of another one that differs from this name in case only."""
        return next((str(i["name"]) for i in self._like(name) if i["name"] != name), None)

    def all(self) -> list[Definition]:
        """All of them, read anew."""
        subject = f"Maia secret definitions of project '{self._project}'"
        items = self._client.remember(
            self._path, lambda: self._read(subject, "listing them"), subject=subject, anew=True
        )
        return [self._parse(item) for item in items]

    def _forget(self) -> None:
        """After a write: the next one who asks lists them anew."""
        self._fresh = None
        self._client.forget(self._path)

    def _like(self, name: str) -> list[Item]:
        items = self._items(name)
        return [item for item in items if str(item.get("name")).casefold() == name.casefold()]

    def _items(self, name: str) -> list[Item]:
        if self._fresh is not None:
            return self._fresh
        listed: list[Item] = self._client.remember(
            self._path, lambda: self._look_for(name), subject=self._subject(name)
        )
        return listed

    def _subject(self, name: str) -> str:
        return subject_of(name, self._project)

    def _look_for(self, name: str, params: Mapping[str, str] | None = None) -> list[Item]:
        return self._read(self._subject(name), "looking for it", params)

    def _read(
        self, subject: str, attempt: str, params: Mapping[str, str] | None = None
    ) -> list[Item]:
        return list(
            self._client.pages(
                self._path, self._shape, params=params, subject=subject, attempt=attempt
            )
        )
