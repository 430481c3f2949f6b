# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that can be sent and shown; half of a surrogate pair, which JSON and YAML allow, cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .errors import ConfigurationError

_SURROGATE = re.compile("[\ud800-\udfff]")


def is_text(text: str) -> bool:
    """Whether it can be encoded."""
    return _SURROGATE.search(text) is None


def check_texts(params: Mapping[str, object]) -> None:
    """Raise ConfigurationError for an option that holds, at any depth, what is no text."""
    for name, value in params.items():
        if not all(map(is_text, _texts(value))):
            raise ConfigurationError(
                f"Option {name}",
                "it holds half of a surrogate pair, which is no character",
                "give text in Unicode",
            )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (*_texts(key), *_texts(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
