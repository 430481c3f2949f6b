# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that can be sent and shown; half of a surrogate pair, which YAML allows, cannot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from .errors import ConfigurationError

_DEEPEST, _LARGEST = 40, 2**63 - 1
_NO_NUMBER = "it holds a number that is too large, or is none", "give a number of a usual size"
_MANY_DIGITS = re.compile("[-+]?[0-9]{1000,}")  # Python makes no text of a number of 4301
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_text(text: str) -> bool:
    """Whether it can be encoded."""
    return _SURROGATE.search(text) is None


def check_values(
    params: Mapping[str, object],
    options: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    apart: Collection[str] = (),
) -> None:
    """Raise ConfigurationError for an option that holds, at any depth, what nobody can send.

    Ansible's own validation would fail of it, as if the fault were ours. options: as Ansible has
    them; what is no mapping where one with options of its own belongs is such a thing too.
    apart: options that are looked through entry by entry, elsewhere, if they are lists.
    """
    for name, value in params.items():
        by_entry = name in apart and isinstance(value, list)
        refused = None if by_entry else refused_value(value)
        if options.get(name, {}).get("type") == "dict" and options[name].get("options"):
            refused = refused or _no_mapping(value)
        if refused:
            raise ConfigurationError(f"Option {name}", *refused)


def refused_value(value: object) -> tuple[str, str] | None:
    """What is wrong with a value that nobody can send, and what to do; None if it can be sent."""
    return next(_refused(value), None)


def _no_mapping(value: object) -> tuple[str, str] | None:
    if isinstance(value, Mapping | str | None):  # Ansible reads a text as one
        return None
    return "it is no mapping", "give its options, each with its name"


def _refused(value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """What is wrong, and what to do."""
    if depth > _DEEPEST:
        yield f"it is nested more than {_DEEPEST} levels deep", "give it as it is documented"
    elif isinstance(value, str):
        if not is_text(value):
            yield "it holds half of a surrogate pair, which is no character", "give text in Unicode"
        if _MANY_DIGITS.fullmatch(value):
            yield _NO_NUMBER
    elif isinstance(value, float | int):
        if not -_LARGEST <= value <= _LARGEST:  # nor is nan
            yield _NO_NUMBER
    else:
        for item in _items(value):
            yield from _refused(item, depth + 1)


def _items(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    return value if isinstance(value, list | tuple) else ()
