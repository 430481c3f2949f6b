# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are JSON objects with a label for each of several secrets. Pure.

All but our own label stays as others wrote it, to the character: order, white space, numbers that
Python would round, and labels that are there twice.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# The one that is meant where the user names none.
DEFAULT_LABEL = "api_key"

# Numbers as they are written. https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
_JSON = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)
_BLANKS = re.compile(r"[ \t\n\r]*")
# Half a character: a response can contain it, but it cannot be sent.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _Member(NamedTuple):
    """Where a label and its value are in the text: from start to end, the value from `value` on."""

    label: str
    start: int
    value: int
    end: int


def format_of(label: str | None) -> str:
    """How results name the form of a value: under a label, or None for the key alone."""
    return "plaintext" if label is None else "key_value"


def parse_object(text: str) -> Any:
    """What a JSON text says; numbers are texts in it.

    Raises ValueError if it is no JSON, and RecursionError if it is nested too deeply to be read.
    """
    return _JSON.decode(text)


def labels_of(stored: str | None) -> dict[str, Any]:
    """The labels of a stored JSON object; empty for anything else. Numbers are texts in it."""
    try:
        value = parse_object(stored) if stored else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def repeated_labels(text: str) -> frozenset[str]:
    """The labels that a JSON object has more than once."""
    labels = [member.label for member in _members(text)]
    return frozenset(label for label in labels if labels.count(label) > 1)


def pairs_of(text: str) -> list[tuple[str, Any]]:
    """Each label of a JSON object with its value, as often as it is there."""
    return [(m.label, _JSON.raw_decode(text, m.value)[0]) for m in _members(text)]


def others_that_differ(one: str, other: str, label: str) -> list[str]:
    """The labels but this one that two JSON objects do not have alike, as they are written."""
    first, second = (
        {(m.label, text[m.value : m.end]) for m in _members(text)} for text in (one, other)
    )
    return sorted({name for name, _value in first ^ second} - {label})


def with_label(stored: str | None, label: str, value: str) -> str:
    """A JSON object with this label set and all else in it as it is; None for a new one."""
    return _with_member(stored, label, json.dumps(value))


def _with_member(stored: str | None, label: str, written: str) -> str:
    """written: the value as it stands in JSON."""
    members = _members(stored) if stored else []
    if not stored or not members:
        return _sendable(f"{{{json.dumps(label)}: {written}}}")
    held = next((member for member in members if member.label == label), None)
    if held is not None:
        return _sendable(stored[: held.value] + written + stored[held.end :])
    end = members[-1].end
    return _sendable(f"{stored[:end]}, {json.dumps(label)}: {written}{stored[end:]}")


def with_missing(stored: str, other: str) -> str:
    """A JSON object with the labels that only another one has, as they are written there."""
    there = labels_of(stored)
    for member in _members(other):
        if member.label not in there:
            stored = _with_member(stored, member.label, other[member.value : member.end])
    return stored


def without_label(stored: str, label: str) -> str | None:
    """A JSON object without one label and with all else as it is; None if nothing else is in it."""
    members = _members(stored)
    place = next((place for place, member in enumerate(members) if member.label == label), None)
    if place is None:
        return _sendable(stored) if members else None
    if len(members) == 1:
        return None
    if place == 0:
        return _sendable(stored[: members[0].start] + stored[members[1].start :])
    return _sendable(stored[: members[place - 1].end] + stored[members[place].end :])


def _members(text: str) -> list[_Member]:
    """Of a text that is a JSON object, in its order."""
    members: list[_Member] = []
    place = _behind_blanks(text, 0)
    while text[place] != "}":
        start = _behind_blanks(text, place + 1)
        if text[start] == "}":
            break
        label, end = _JSON.raw_decode(text, start)
        value = _behind_blanks(text, _behind_blanks(text, end) + 1)
        _value, end = _JSON.raw_decode(text, value)
        members.append(_Member(label, start, value, end))
        place = _behind_blanks(text, end)
    return members


def _sendable(text: str) -> str:
    return _LONE_SURROGATE.sub(lambda half: json.dumps(half[0]).strip('"'), text)


def _behind_blanks(text: str, place: int) -> int:
    blanks = _BLANKS.match(text, place)
    return blanks.end() if blanks else place
