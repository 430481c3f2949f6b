# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse a stored value before any part of it is replaced. Pure.

A value that cannot be parsed is not treated as empty: its content may belong to another owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from .._stripe.recognize import is_key
from .labels import format_of, parse_object, repeated_labels


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
    version: as in StoredValue. repeated: labels of a JSON object that it has more than once; some
    programs read the first of them, others the last.
    """

    form: Form
    what: str = ""
    text: str | None = field(default=None, repr=False)
    labels: Mapping[str, Any] = field(default_factory=dict, repr=False)
    binary: bool = False
    version: str | None = None
    repeated: frozenset[str] = frozenset()

    def is_clear(self, label: str | None) -> bool:
        """Whether what every program finds under the label is known."""
        return label not in self.repeated and self.what != _NESTED

    def shown(self) -> dict[str, object]:
        """Its form and its labels as results name them, without values."""
        if self.form is Form.OBJECT:
            name = "key_value in binary" if self.binary else format_of("")
            return {"format": name, "labels": sorted(self.labels)}
        plain = self.form is Form.KEY
        return {"format": format_of(None) if plain else self.what or None, "labels": []}

    def held(self, label: str | None) -> object:
        """What is alone, or under the label."""
        return self.text if self.form is Form.KEY else self.labels.get(label or "")

    def problem(self, label: str | None, given: str | None) -> str | None:
        """Why it is not the given key alone or under the label, if that is not just another key."""
        if label in self.repeated:
            return f"its JSON object has the label '{label}' more than once"
        if self.form is Form.OTHER:
            return f"it is {self.what}"
        held = self.held(label)
        if given and isinstance(held, str) and held != given and held.strip() == given:
            return "there is white space before or after the key"
        return None


NO_CONTENT = Content(Form.NOTHING)

_NESTED = "JSON that is nested too deeply"


def take_apart(value: StoredValue, label: str | None) -> Content:
    """label: the one that is to be read or changed; which of two is meant cannot be known."""
    binary = value.binary is not None
    try:
        text = value.text if value.binary is None else value.binary.decode()
    except UnicodeDecodeError:
        return Content(Form.OTHER, "binary data", binary=True, version=value.version)
    if not binary and (not text or not text.strip()):
        return Content(Form.NOTHING, version=value.version)
    content = replace(_classify(text or "", label), binary=binary, version=value.version)
    if not binary:
        return content
    if content.form is Form.OBJECT:
        return replace(content, what=f"{content.what} in binary")
    # Of binary data only a JSON object can be taken apart.
    return replace(content, form=Form.OTHER, what=f"binary data ({content.what})", text=None)


def _classify(text: str, label: str | None) -> Content:
    try:
        parsed = parse_object(text)
        repeated = repeated_labels(text) if isinstance(parsed, dict) else frozenset()
    except RecursionError:
        return Content(Form.OTHER, _NESTED, text)
    except ValueError:
        return Content(*_not_json(text), text)
    if label in repeated:
        what = "a JSON object that has the label twice"
        return Content(Form.OTHER, what, text, repeated=repeated)
    if isinstance(parsed, dict):
        return Content(Form.OBJECT, "a JSON object", text, parsed, repeated=repeated)
    kind = "a JSON array" if isinstance(parsed, list) else "a single JSON value"
    return Content(Form.OTHER, kind, text)


def _not_json(text: str) -> tuple[Form, str]:
    stripped = text.strip()
    if is_key(stripped) and len(stripped.split()) == 1:
        return Form.KEY, "a Stripe key as plain text"
    if stripped.lstrip("\ufeff").startswith(("{", "[")):
        return Form.OTHER, "text that is nearly JSON, but not valid JSON"
    return Form.OTHER, "plain text that is not a Stripe key"
