# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for what Key Vault keeps beside the value, and the rules for them."""

from __future__ import annotations

import re

from ..._core.argspec import ArgumentSpec
from ..._core.errors import ConfigurationError
from ..._core.operation import Params
from .moments import parse_moment
from .tags import TAG_RULES

FIELDS_SPEC = ArgumentSpec(
    options={
        "content_type": {"type": "str"},
        "enabled": {"type": "bool"},
        "expires_on": {"type": "str"},
        "not_before": {"type": "str"},
        "tags": {"type": "dict"},
        "purge_tags": {"type": "bool", "default": False},
    }
)

# https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
_MAX_CONTENT_TYPE = 255
# https://learn.microsoft.com/rest/api/keyvault/secrets/set-secret/set-secret
_NAME = re.compile(r"[A-Za-z0-9-]{1,127}")


def check_name(name: str) -> None:
    """Raises ConfigurationError for a name that no secret can have."""
    if not _NAME.fullmatch(name):
        raise refuse(
            name[:64],
            "the name is not one that Key Vault allows",
            "use 1 to 127 letters, digits and hyphens",
        )


def fields_from(params: Params) -> dict[str, object]:
    """Metadata by field name; None for what the user left out. Raises ConfigurationError."""
    name = params["name"]
    if len(params["content_type"] or "") > _MAX_CONTENT_TYPE:
        raise refuse(
            name, "content_type is too long", f"use at most {_MAX_CONTENT_TYPE} characters"
        )
    expires_on, not_before = _moment(params, "expires_on"), _moment(params, "not_before")
    if expires_on and not_before and expires_on <= not_before:
        raise refuse(name, "expires_on is not after not_before", "correct one of them")
    return {
        "content_type": params["content_type"],
        "enabled": params["enabled"],
        "expires_on": expires_on,
        "not_before": not_before,
        "tags": TAG_RULES.parse(subject_of(name), params["tags"]),
    }


def subject_of(name: str) -> str:
    """How errors call the secret before its vault is known."""
    return f"Key Vault secret '{name}'"


def refuse(name: str, reason: str, hint: str) -> ConfigurationError:
    return ConfigurationError(subject_of(name), reason, hint)


def _moment(params: Params, option: str) -> str | None:
    if params[option] is None:
        return None
    try:
        return parse_moment(params[option])
    except ValueError:
        raise refuse(
            params["name"],
            f"{option} is not a moment",
            "give it like 2027-06-30T12:00:00Z, or as seconds since 1970",
        ) from None
