# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes to a YAML text that leave all else as it is, character for character. Pure.

All values are written in double quotes, as Maia writes them, whatever they were before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .tree import CannotEdit, pairs

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode

# "&anchor" and "!tag" before a value; no plain value begins with such a character.
_NODE_PROPERTIES = re.compile(r"(?:[&!]\S*\s*)*")
_PLAIN_KEY = re.compile(r"(?!(?i:y|n|yes|no|on|off|true|false|null)\Z)[A-Za-z][A-Za-z0-9_-]*")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK = " \t\r\n"


@dataclass(frozen=True)
class Edit:
    """Characters start to end (zero-based, end not included) become text."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits, none of which may overlap; of two in one place, in their order."""
    parts = []
    position = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]])


def quoted(value: str) -> str:
    """The value in double quotes; https://yaml.org/spec/1.2.2/#57-escaped-characters."""
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def replace_scalar(text: str, node: ScalarNode, value: str) -> Edit:
    """Its anchor or tag stays. An empty value stands directly behind the colon."""
    start, end = _span(text, node)
    if start < end:
        return Edit(start, end, quoted(value))
    # PyYAML's part in C puts an empty value behind the blanks that follow the colon.
    start = len(text[:start].rstrip(" \t"))
    return Edit(start, start, f" {quoted(value)}")


def _span(text: str, node: ScalarNode) -> tuple[int, int]:
    """Where the scalar itself begins and ends."""
    start, end = node.start_mark.index, node.end_mark.index
    properties = _NODE_PROPERTIES.match(text, start, end)
    start = properties.end() if properties else start
    if node.style not in ("|", ">"):
        return start, end
    if "#" in text[start:end].splitlines()[0]:
        raise _comment_inside()
    # A block scalar's end is where the next thing begins.
    return start, start + len(text[start:end].rstrip(_BLANK))


def _comment_inside() -> CannotEdit:
    return CannotEdit("a comment stands inside its value", "remove the comment")


def replace_nested(
    text: str, key: Node, nested: MappingNode, inner: ScalarNode, value: str
) -> Edit:
    """A mapping of one key becomes a scalar, in the line of the key that it belongs to."""
    start, end = nested.start_mark.index, nested.end_mark.index
    before = ""
    if not nested.flow_style:
        start, end, before = key.end_mark.index, _span(text, inner)[1], ": "
    if "#" in text[start:end]:
        raise _comment_inside()
    return Edit(start, end, before + quoted(value))


def add_property(
    text: str, mapping: MappingNode, name: str, value: str, after: Iterable[str]
) -> tuple[int, Edit]:
    """A new key with its value, and its place among the keys of the mapping.

    after: behind the first of these keys that is there, otherwise as the first of all.
    """
    written = f"{name if _PLAIN_KEY.fullmatch(name) else quoted(name)}: {quoted(value)}"
    if mapping.flow_style:
        held = pairs(mapping)
        at = held[0][0].start_mark.index if held else mapping.end_mark.index - 1
        return 0, Edit(at, at, f"{written}, " if held else written)
    place = _place(mapping, after)
    sibling, sibling_value = mapping.value[max(place - 1, 0)]
    begin = sibling.start_mark.index - sibling.start_mark.column
    indent = text[begin : sibling.start_mark.index]
    line_break = "\r\n" if text[:begin].endswith("\r\n") else text[begin - 1 : begin]
    if indent.strip(" ") or not _LINE_BREAK.fullmatch(line_break):
        raise CannotEdit("its properties are not on lines of their own")
    if place == 0:
        at = sibling.start_mark.index
        return place, Edit(at, at, written + line_break + indent)
    line_end = _LINE_BREAK.search(text, _span(text, sibling_value)[1])
    at = line_end.start() if line_end else len(text)
    return place, Edit(at, at, line_break + indent + written)


def _place(mapping: MappingNode, after: Iterable[str]) -> int:
    places = {
        key.value: place
        for place, (key, value) in enumerate(mapping.value, start=1)
        if isinstance(key.value, str) and isinstance(value.value, str)
    }
    return next((places[name] for name in after if name in places), 0)
