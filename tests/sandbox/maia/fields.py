# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the fields of a JSON body one by one and collects what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from sandbox.maia.problems import invalid


class Fields:
    """One JSON object. A null counts as left out; a message never quotes what was sent."""

    def __init__(
        self, data: Mapping[str, object], violations: list[str] | None = None, path: str = ""
    ) -> None:
        self._data = {name: value for name, value in data.items() if value is not None}
        self._violations: list[str] = [] if violations is None else violations
        self._path = path
        self._children: list[Fields] = []

    def text(self, name: str, *, required: bool = False, longest: int = 0) -> str | None:
        value = self._take(name, required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(name, "must be a string")
            return None
        if required and not value.strip():
            self.refuse(name, "must not be blank")
        if longest and len(value) > longest:
            self.refuse(name, f"size must be between 0 and {longest}")
        return value

    def name(self, name: str, *, longest: int) -> str:
        """A required text; blanks around it are dropped."""
        return (self.text(name, required=True, longest=longest) or "").strip()

    def choice(self, name: str, allowed: Collection[str]) -> str:
        value = self.text(name, required=True)
        if value is not None and value not in allowed:
            self.refuse(name, f"must be one of: {', '.join(allowed)}")
        return value or ""

    def texts(self, name: str) -> dict[str, str] | None:
        """An optional object whose values are all strings."""
        value = self._take(name, required=False)
        if value is None:
            return None
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            self.refuse(name, "must be an object of strings")
            return None
        return cast("dict[str, str]", value)

    def child(self, name: str, *, required: bool) -> Fields | None:
        value = self._take(name, required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(name, "must be an object")
            return None
        child = Fields(value, self._violations, f"{self._path}{name}.")
        self._children.append(child)
        return child

    def refuse(self, name: str, why: str) -> None:
        self._violations.append(f"{self._path}{name} {why}")

    def finish(self) -> None:
        """Refuse the fields that nobody asked for, then raise if anything was wrong."""
        self._refuse_the_rest()
        if self._violations:
            raise invalid(*self._violations)

    def _refuse_the_rest(self) -> None:
        for name in self._data:
            self.refuse(name, "is not allowed here")
        for child in self._children:
            child._refuse_the_rest()

    def _take(self, name: str, required: bool) -> object:
        value = self._data.pop(name, None)
        if required and value is None:
            self.refuse(name, "must not be null")
        return value
