# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret definitions: what one is, and what to do to make it the desired one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..._core.errors import ConfigurationError, ConflictError, ForeignObjectError
from ..._secret.marker import OWNER, MarkedText
from ..unverified import DEFINITION_NAME

PROJECT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# https://docs.maia.ai/docs/api-reference/maia-api-overview, and for au1 the vendor's Terraform
# provider, https://github.com/matillion-public/terraform-provider-matillion-streaming
REGIONS = ("eu1", "us1", "au1")
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


def changes_to(wanted: Reference | None, observed: Definition | None) -> tuple[str, ...]:
    """Names of the fields that change; "ownership" when our marker is added.

    wanted: None to have no definition of this name.
    """
    if observed is None:
        return ("state", *wanted.wanted) if wanted else ()
    if wanted is None:
        return ("state",)
    held = observed.fields
    changes = (name for name, value in wanted.wanted.items() if value != held[name])
    return (*changes, *(() if observed.description.ours else ("ownership",)))


def check_ours(observed: Definition | None, on_foreign: str, subject: str) -> None:
    """Raises ConflictError or ForeignObjectError for one that is to be left alone."""
    if observed is None:
        return
    if not observed.generic:
        raise ConflictError(
            subject, "a connection of another kind has this name", "choose another name"
        )
    if not observed.description.ours and on_foreign == "fail":
        raise ForeignObjectError(
            subject,
            "it exists but was not made by maia.stripe_query",
            "choose another name, or set on_foreign to adopt to take it over",
        )


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


def definition_place(project: str, options: Mapping[str, Any]) -> dict[str, str]:
    """What is known of where it is, as Place.known has it.

    options: of maia_secret_definition. A project's name and its id cannot be compared, and what is
    no region of Maia's is not known.
    """
    known = {
        "project_id" if PROJECT_ID.fullmatch(project.lower()) else "project": project,
        "api": str(options.get("api") or "connections"),
    }
    if options.get("api_url"):
        known["api_url"] = str(options["api_url"]).rstrip("/").lower()
    elif options.get("region") in REGIONS or options.get("allow_unknown_region"):
        known["region"] = str(options["region"])
    # Credentials belong to one account.
    if options.get("client_id"):
        known["client_id"] = str(options["client_id"])
    return known
