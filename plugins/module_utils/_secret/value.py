# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse a stored value before any part of it is replaced. Pure.

A value that cannot be parsed is not treated as empty: its content may belong to another owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from .._stripe.recognize import is_key
from .labels import parse_object, repeated_labels


@dataclass(frozen=True)
class StoredValue:
    """A value as the vault returns it: a text, binary data, or neither if there is none.

    version: the id of the version that it was read from, and since: when that was written, where
    the vault says it.
    """

    text: str | None = field(default=None, repr=False)
    binary: bytes | None = field(default=None, repr=False)
    version: str | None = None
    since: datetime | None = None


class Form(Enum):
    """NOTHING: no value. KEY: a Stripe key alone. OBJECT: a JSON object. OTHER: anything else."""

    NOTHING = "nothing"
    KEY = "key"
    OBJECT = "object"
    OTHER = "other"


@dataclass(frozen=True)
class Content:
    """What a value is made of.

    what: its form in words, without any of it. labels: of an OBJECT, numbers as texts.
    text: as it is stored, decoded if it is an OBJECT in binary; None for other binary data.
    version: as in StoredValue.
    """

    form: Form
    what: str = ""
    text: str | None = field(default=None, repr=False)
    labels: Mapping[str, Any] = field(default_factory=dict, repr=False)
    binary: bool = False
    version: str | None = None


NO_CONTENT = Content(Form.NOTHING)

_NESTED = "JSON that is nested too deeply"


def take_apart(value: StoredValue, label: str | None) -> Content:
    """label: the one that is to be read or changed; which of two is meant cannot be known."""
    if value.binary is not None:
        return _binary(value.binary, label, value.version)
    text = value.text
    if not text or not text.strip():
        return Content(Form.NOTHING, version=value.version)
    form, what, labels = _classify(text, label)
    return Content(form, what, text, labels, version=value.version)


def _binary(data: bytes, label: str | None, version: str | None) -> Content:
    """Of binary data only a JSON object in UTF-8 can be taken apart."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Content(Form.OTHER, "binary data", binary=True, version=version)
    form, what, labels = _classify(text, label)
    if form is Form.OBJECT:
        return Content(form, f"{what} in binary", text, labels, binary=True, version=version)
    return Content(Form.OTHER, f"binary data ({what})", binary=True, version=version)


def _classify(text: str, label: str | None) -> tuple[Form, str, dict[str, Any]]:
    try:
        parsed = parse_object(text)
        repeated = isinstance(parsed, dict) and label in repeated_labels(text)
    except RecursionError:
        return Form.OTHER, _NESTED, {}
    except ValueError:
        return (*_not_json(text), {})
    if repeated:
        return Form.OTHER, "a JSON object that has the label twice", {}
    if isinstance(parsed, dict):
        return Form.OBJECT, "a JSON object", parsed
    kind = "a JSON array" if isinstance(parsed, list) else "a single JSON value"
    return Form.OTHER, kind, {}


def _not_json(text: str) -> tuple[Form, str]:
    stripped = text.strip()
    if is_key(stripped) and len(stripped.split()) == 1:
        return Form.KEY, "a Stripe key as plain text"
    if stripped.lstrip("\ufeff").startswith(("{", "[")):
        return Form.OTHER, "text that is nearly JSON, but not valid JSON"
    return Form.OTHER, "plain text that is not a Stripe key"
