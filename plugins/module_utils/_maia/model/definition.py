# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret definitions: what one is, and what to do to make it the desired one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..._core.errors import ConfigurationError
from ..._secret.marker import OWNER, MarkedText
from ..unverified import DEFINITION_NAME

# https://docs.matillion.com/data-productivity-cloud/designer/docs/secret-definitions/
MAX_DESCRIPTION = 256


@dataclass(frozen=True)
class Definition:
    """A definition as Maia has it.

    generic: it is a plain secret definition, not a connection of another kind.
    details: what the API gave of it, kept so that a replacement drops nothing.
    """

    name: str
    description: MarkedText
    secret_name: str | None = None
    secret_label: str | None = None
    secrets_location: Mapping[str, Any] | None = None
    generic: bool = True
    id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def fields(self) -> dict[str, object]:
        """What results and diffs show."""
        return {
            "description": self.description.text,
            "secret_name": self.secret_name,
            "secret_label": self.secret_label,
            "secrets_location": self.secrets_location,
        }


@dataclass(frozen=True)
class Reference:
    """What the user wants a definition to point at; None leaves a field as it is.

    An empty label or location clears it.
    """

    name: str
    secret_name: str
    secret_label: str | None = None
    secrets_location: Mapping[str, Any] | None = None
    description: str | None = None

    @property
    def wanted(self) -> dict[str, object]:
        """The fields that the user gave, as they look on a definition."""
        given = {
            "description": self.description,
            "secret_name": self.secret_name,
            "secret_label": self.secret_label,
            "secrets_location": self.secrets_location,
        }
        return {
            name: value if name == "description" else value or None
            for name, value in given.items()
            if value is not None
        }


class Step(Enum):
    CREATE = "create"
    REPLACE = "replace"
    DELETE = "delete"
    NOTHING = "nothing"
    REFUSE_FOREIGN = "refuse_foreign"
    REFUSE_KIND = "refuse_kind"


@dataclass(frozen=True)
class DefinitionPlan:
    """changes: names of the fields that change; "ownership" when our marker is added."""

    step: Step
    changes: tuple[str, ...] = ()


def plan_reference(
    wanted: Reference | None, observed: Definition | None, on_foreign: str
) -> DefinitionPlan:
    """wanted: None to have no definition of this name."""
    if observed is None:
        if wanted is None:
            return DefinitionPlan(Step.NOTHING)
        return DefinitionPlan(Step.CREATE, ("state", *wanted.wanted))
    if not observed.generic:
        return DefinitionPlan(Step.REFUSE_KIND)
    if not observed.description.ours and on_foreign == "fail":
        return DefinitionPlan(Step.REFUSE_FOREIGN)
    if wanted is None:
        return DefinitionPlan(Step.DELETE, ("state",))
    held = observed.fields
    changes = [name for name, value in wanted.wanted.items() if value != held[name]]
    if not observed.description.ours:
        changes.append("ownership")
    return DefinitionPlan(Step.REPLACE if changes else Step.NOTHING, tuple(changes))


def check_name(name: str) -> None:
    """Raises ConfigurationError for a name that Maia would not take."""
    if not DEFINITION_NAME.fullmatch(name):
        raise ConfigurationError(
            f"Maia secret definition '{name[:64]}'",
            "the name is not one that Maia allows",
            "use 1 to 128 letters, digits, underscores, hyphens and parentheses",
        )


def check_description(name: str, description: MarkedText) -> None:
    """Raises ConfigurationError if the text and our marker do not fit together."""
    text = str(description)
    subject = f"Maia secret definition '{name}'"
    if f"[{OWNER}" in description.text:
        raise ConfigurationError(
            subject, "the description contains our marker", f"leave out [{OWNER}"
        )
    if len(text) > MAX_DESCRIPTION:
        room = MAX_DESCRIPTION - (len(text) - len(description.text))
        raise ConfigurationError(
            subject,
            f"the description has {len(description.text)} characters",
            f"use at most {room}, which leaves room for our marker in Maia's {MAX_DESCRIPTION}",
        )
