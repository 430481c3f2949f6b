# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we need from an API that keeps secret definitions; Maia has two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypedDict
from uuid import uuid4

from ..._core.errors import ConflictError
from ..model.definition import Definition
from ..projects.projects import Project
from ..reach.client import MaiaClient
from ..reach.shapes import Shape

Item = Mapping[str, Any]
_RESOURCES = ("connections", "secret-references")


class _Remembered(TypedDict):
    """written: what was written since, so that it is unknown what it is: the name of each write."""

    items: list[Item]
    written: dict[str, str]


@dataclass(frozen=True)
class Draft:
    """A complete definition to be written. It names a secret, and never holds a value."""

    name: str
    description: str
    secret_name: str | None = None
    secret_label: str | None = None
    secrets_location: Mapping[str, Any] | None = None


class DefinitionApi:
    """The definitions of one project, listed once for all tasks of a run.

    Every method raises CollectionError subclasses only.
    """

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
        # Both show the same definitions.
        self._lists = [f"/projects/{project.id}/{each}" for each in _RESOURCES]
        self._project = project.name or project.id
        self._shape = shape
        self._parse = parse
        self._names_parameter = names_parameter
        self._fresh: dict[str, list[Item]] = {}

    def load(self, name: str) -> bool:
        """Have them at hand; whether they came from the run's memory, and may be out of date."""
        self._fresh.pop(name, None)
        _items, fetched = self._look(name)
        return not fetched

    def renew(self, name: str) -> None:
        """Read that one again, and those that are called almost like it; this reading counts."""
        before = self._like(name)
        self._fresh[name] = self._read_by_name(name, _names(before))
        if self._fresh[name] != before:
            self._client.forget(self._path)

    def _look(self, name: str) -> tuple[list[Item], bool]:
        """Those that are called so, or almost so, and whether they were read for that."""
        fetched = False

        def fetch() -> _Remembered:
            nonlocal fetched
            fetched = True
            return {"items": self._look_for(name), "written": {}}

        held: _Remembered = self._client.remember(self._path, fetch, subject=self._subject(name))
        items = _like_items(held["items"], name)
        written = {write: each for write, each in held["written"].items() if _is_like(each, name)}
        if written:
            names = [*written.values(), *_names(items)]
            items = self._fresh[name] = self._read_by_name(name, names)
            self._client.amend(self._path, partial(_with, name, items, written))
            fetched = True
        return items, fetched

    def _read_by_name(self, name: str, names: Iterable[str]) -> list[Item]:
        # A server that does not know the filter answers with everything, which does no harm.
        parameter = self._names_parameter
        wanted = {parameter: ",".join(sorted({name, *names}))} if parameter else {}
        return _like_items(self._look_for(name, wanted), name)

    def find(self, name: str) -> Definition | None:
        """The definition of exactly this name."""
        return next((self._parse(i) for i in self._like(name) if i["name"] == name), None)

    def similar(self, name: str) -> str | None:
        """The name of another one that differs from this name in case only."""
        return next((str(i["name"]) for i in self._like(name) if i["name"] != name), None)

    def all(self) -> list[Definition]:
        """All of them, read anew."""
        subject = f"Maia secret definitions of project '{self._project}'"

        def fetch() -> _Remembered:
            return {"items": self._read(subject, "listing them"), "written": {}}

        held = self._client.remember(self._path, fetch, subject=subject, anew=True)
        return [self._parse(item) for item in held["items"]]

    def check_change(self, name: str, observed: Definition | None, /) -> None:
        """Raises for a change that this API cannot make at all.

        Asked before any write, and in check mode.
        """

    def create(self, draft: Draft) -> None:
        """Make a new definition."""
        raise NotImplementedError

    def replace(self, observed: Definition, draft: Draft, /) -> None:
        """Write all of an existing definition; what the draft does not know of it stays."""
        raise NotImplementedError

    def delete(self, name: str) -> None:
        """Delete an existing definition."""
        raise NotImplementedError

    def _write(self, method: str, path: str, name: str, attempt: str, **payload: Any) -> None:
        subject = self._subject(name)
        try:
            self._client.call(method, path, subject=subject, attempt=attempt, **payload)
        finally:
            # A request that failed may have been carried out all the same.
            self._fresh.pop(name, None)
            for path in self._lists:
                self._client.amend(path, partial(_without, name))

    def _like(self, name: str) -> list[Item]:
        fresh = self._fresh.get(name)
        return self._look(name)[0] if fresh is None else fresh

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


def _names(items: Iterable[Item]) -> list[str]:
    return [str(item.get("name")) for item in items]


def _is_like(held: object, name: str) -> bool:
    """Whether it is this name, or differs from it in case only."""
    return str(held).casefold() == name.casefold()


def _like_items(items: Iterable[Item], name: str) -> list[Item]:
    return [item for item in items if _is_like(item.get("name"), name)]


def _with(name: str, items: Sequence[Item], seen: Iterable[str], held: _Remembered) -> _Remembered:
    """What is remembered, with a reading of this name. seen: the writes that were before that."""
    others = [each for each in held["items"] if not _is_like(each.get("name"), name)]
    written = {write: each for write, each in held["written"].items() if write not in seen}
    return {"items": [*others, *items], "written": written}


def _without(name: str, held: _Remembered) -> _Remembered:
    """What is remembered, but for the one of this name, which was written."""
    return {**held, "written": {**held["written"], uuid4().hex: name}}


def subject_of(name: str, project: str) -> str:
    """How errors call a definition."""
    return f"Maia secret definition '{name}' in project '{project}'"


@dataclass(frozen=True)
class DefinitionReading:
    """One definition as a Reading."""

    api: DefinitionApi
    name: str

    def load(self) -> bool:
        return self.api.load(self.name)

    def renew(self) -> None:
        self.api.renew(self.name)


def check_case(api: DefinitionApi, name: str, subject: str) -> None:
    """Raise ConflictError before a second definition would be made by mistake."""
    if similar := api.similar(name):
        raise ConflictError(
            subject,
            f"Maia has none of this exact name, but '{similar}', which differs in case only",
            f"use the name '{similar}', or another one; upper and lower case matter",
        )


def other_case(name: str, similar: str) -> str:
    """The warning about a definition that was looked for and is not there, but a similar one."""
    return (
        f"There is no definition '{name}', but '{similar}', which differs in case only."
        " Upper and lower case matter."
    )
