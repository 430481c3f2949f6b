# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we need from an API that keeps secret definitions; Maia has two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..._core.errors import CollectionError, ConflictError
from ..model.definition import Definition


@dataclass(frozen=True)
class Draft:
    """A complete definition to be written. It names a secret, and never holds a value."""

    name: str
    description: str
    secret_name: str | None = None
    secret_label: str | None = None
    secrets_location: Mapping[str, Any] | None = None


class DefinitionApi(Protocol):
    """The definitions of one project. Every method raises CollectionError subclasses only."""

    def load(self, name: str) -> bool:
        """Have them at hand; whether they came from the run's memory, and may be out of date."""

    def renew(self, name: str) -> None:
        """Read that one again; from now on this reading counts."""

    def find(self, name: str) -> Definition | None:
        """The definition of exactly this name."""

    def similar(self, name: str) -> str | None:
        """The name of another one that differs from this name in case only."""

    def refusal(
        self, name: str, observed: Definition | None, draft: Draft | None, /
    ) -> CollectionError | None:
        """Why this API cannot make the change at all; draft: None if it is not known yet.

        Asked before any write, and in check mode.
        """

    def create(self, draft: Draft) -> None:
        """Make a new definition."""

    def replace(self, observed: Definition, draft: Draft, /) -> None:
        """Write all of an existing definition; what the draft does not know of it stays."""

    def delete(self, name: str) -> None:
        """Delete an existing definition."""


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
