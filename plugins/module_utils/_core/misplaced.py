# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusing a key in an option that is for something else.

It would end in a name, a description or a tag, which many may read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._recognized import KEY_NAME, holds_key
from .argspec import ArgumentSpec
from .errors import ConfigurationError

_Place = tuple[str, ...]
_Text = tuple[_Place, str]

# Shorter values of the options for keys may stand elsewhere by chance.
_LONG = 16


def check_misplaced(spec: ArgumentSpec, params: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for a key, at any depth, in an option that is not for keys.

    The key may be of a kind that cannot be recognized, so that what the options for keys hold is
    looked for as well.
    """
    given = {text for text in _given_keys(spec, params) if len(text) >= _LONG}
    for place, text in _texts(spec, params, ()):
        if holds_key(text) or (len(text) >= _LONG and any(key in text for key in given)):
            takers = " or ".join(sorted(_takers(spec)))
            raise ConfigurationError(
                f"Option {'.'.join(place)}" if place else "An option's name",
                f"it holds what looks like a {KEY_NAME}, and would be shown or stored in clear",
                f"take the key out; only {takers} takes one"
                if takers
                else "take the key out; no option here takes one",
            )


def _takers(spec: ArgumentSpec) -> frozenset[str]:
    """The options for keys; those of its parts where it has none of its own."""
    return spec.for_keys or frozenset[str]().union(*map(_takers, spec.parts.values()))


def _given_keys(spec: ArgumentSpec, params: Mapping[str, Any]) -> Iterator[str]:
    for name, value in params.items():
        if name in spec.for_keys and isinstance(value, str):
            yield value.strip()
        elif name in spec.parts and name not in spec.checked_apart:
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, Mapping):
                    yield from _given_keys(spec.parts[name], entry)


def _texts(spec: ArgumentSpec, params: Mapping[str, Any], place: _Place) -> Iterator[_Text]:
    """Each text that is not for a key, with the names on the way to it."""
    for name, value in params.items():
        if name not in spec.options:
            yield place, str(name)
        if value is None or name in spec.for_keys or name in spec.checked_apart:
            continue
        part = spec.parts.get(name)
        for entry in value if isinstance(value, list) else [value]:
            if part is not None and isinstance(entry, Mapping):
                yield from _texts(part, entry, (*place, name))
            else:
                yield from _nested(entry, (*place, str(name)))


def _nested(value: object, place: _Place) -> Iterator[_Text]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            # Before it becomes a part of the place.
            yield place, str(key)
            yield from _nested(item, (*place, str(key)))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _nested(item, place)
