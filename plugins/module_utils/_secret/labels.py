# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are JSON objects with a label for each of several secrets. Pure.

What others keep beside our label stays as they wrote it, to the character: a number that went
through Python would come out rounded, as Infinity, or not at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# Numbers as they are written. https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
_JSON = json.JSONDecoder(parse_float=str, parse_int=str)
_BLANKS = re.compile(r"[ \t\n\r]*")
# Half a character, which an answer may hold but nobody can send.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def format_of(label: str | None) -> str:
    """How results name the form of a value: under a label, or None for the key alone."""
    return "plaintext" if label is None else "key_value"


def labels_of(stored: str | None) -> dict[str, Any]:
    """The labels of a stored JSON object; empty for anything else. Numbers are texts in it.

    Raises RecursionError if it is nested too deeply to be read.
    """
    try:
        value = _JSON.decode(stored) if stored else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def with_label(stored: str | None, label: str, value: str) -> str:
    """The stored JSON object with this label; anything else gives way to it."""
    return _dump({**_texts_of(stored), label: json.dumps(value)})


def without_label(stored: str | None, label: str) -> str | None:
    """The stored JSON object without one label, or None if nothing else is in it."""
    others = {name: text for name, text in _texts_of(stored).items() if name != label}
    return _dump(others) if others else None


def _texts_of(stored: str | None) -> dict[str, str]:
    """The labels of a stored JSON object, each with its value as it is written."""
    texts: dict[str, str] = {}
    if not stored or not labels_of(stored):
        return texts
    place = _behind_blanks(stored, 0)
    while stored[place] != "}":
        label, end = _JSON.raw_decode(stored, _behind_blanks(stored, place + 1))
        start = _behind_blanks(stored, _behind_blanks(stored, end) + 1)
        _value, end = _JSON.raw_decode(stored, start)
        texts[label] = _LONE_SURROGATE.sub(_escaped, stored[start:end])
        place = _behind_blanks(stored, end)
    return texts


def _escaped(character: re.Match[str]) -> str:
    return json.dumps(character[0]).strip('"')


def _behind_blanks(text: str, place: int) -> int:
    blanks = _BLANKS.match(text, place)
    return blanks.end() if blanks else place


def _dump(texts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(label)}: {text}" for label, text in texts.items()) + "}"
