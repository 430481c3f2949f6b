# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Key Vault keeps beside the value: the options for it, its rules, and our own tags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ..._core.argspec import ArgumentSpec
from ..._core.errors import ConfigurationError
from ..._core.operation import Params
from ..._secret.model import VALUE_VERSION
from ..._secret.tags import TagRules
from ..place import NAME

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

# A tag on each version that we write, with our note.
MARKER_TAG = "maia.stripe_query"
VALUE_VERSION_TAG = "maia.stripe_query.value_version"
# On a version that brought an earlier value back: the id of the version that had it.
ROLLED_BACK_TAG = "maia.stripe_query.rolled_back_to"
OUR_TAGS = (MARKER_TAG, VALUE_VERSION_TAG, ROLLED_BACK_TAG)
# https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
TAG_RULES = TagRules(most=15, ours=OUR_TAGS, longest_key=512, longest_value=512)


def check_name(name: str) -> None:
    """Raises ConfigurationError for a name that no secret can have."""
    if not NAME.fullmatch(name):
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


def parse_moment(text: str) -> str:
    """ISO 8601 or seconds since 1970, as ISO 8601 in UTC to the second; empty stays empty.

    Without a time zone UTC is meant, without a time midnight. Key Vault keeps whole seconds.
    Raises ValueError.
    """
    text = text.strip()
    if not text:
        return ""
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else _from_iso(text)
    except (OverflowError, OSError):
        raise ValueError(text) from None
    return moment_text(moment)


def moment_text(moment: datetime | None) -> str:
    """A moment with a time zone as ISO 8601 in UTC; empty for none."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def to_moment(text: object) -> datetime | None:
    """The moment that moment_text() wrote down."""
    return datetime.fromisoformat(str(text)) if text else None


def _from_iso(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def all_tags(
    fields: Mapping[str, object],
    held: Mapping[str, object],
    marker: str,
    rolled_back_to: str | None,
) -> dict[str, str]:
    """All tags of a version: the changed ones or those that are there, and our own.

    fields: that change. held: all that there are. rolled_back_to: the id of a version.
    """
    tags = fields.get("tags", held.get("tags"))
    number = fields.get(VALUE_VERSION, held.get(VALUE_VERSION))
    ours = {MARKER_TAG: marker}
    if number is not None:
        ours[VALUE_VERSION_TAG] = str(number)
    if rolled_back_to:
        ours[ROLLED_BACK_TAG] = rolled_back_to
    return {**(tags if isinstance(tags, dict) else {}), **ours}
