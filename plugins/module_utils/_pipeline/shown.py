# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which values of a component may be shown: only those that are clearly names. Pure.

A component can contain a key in place of the name of a secret definition, and not every key has
Stripe's prefix. Without a prefix, names are recognized by their letters, because names consist of
words. Fewer than one in a thousand random texts of 24 or more letters and digits look like a name.
"""

from __future__ import annotations

import re

from .._core.errors import PLACEHOLDER
from .._recognized import MASKED_SHAPE

_LONGEST_NAME = 128  # that Maia allows
_LONGEST_WORD = 15
_LETTERS_IN_A_WORD = 3  # at least, on average
_SEPARATOR = re.compile(r"[ _().-]")
# stripeProduction, EU, 2024, v2: digits stand before or behind all letters.
_PART = re.compile(r"[0-9]{0,8}([A-Za-z]*)[0-9]{0,8}")
_WORD = re.compile(r"OAuth|[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_UNPRONOUNCEABLE = re.compile(r"(?i)[bcdfghjklmnpqrstvwxz]{5}|[aeiou]{4}")


def shown(value: str | None) -> str | None:
    """The value, or a placeholder unless it is plausible as a name; None and "" as they are."""
    return value if not value or is_name(value) else PLACEHOLDER


def is_name(value: str) -> bool:
    """Whether it is made of words and numbers, and nothing like a Stripe key."""
    if len(value) > _LONGEST_NAME or holds_key(value):
        return False
    return all(_is_made_of_words(part) for part in _SEPARATOR.split(value))


def holds_key(text: str) -> bool:
    """Whether anything in it has the form of a Stripe key."""
    return MASKED_SHAPE.search(text) is not None


def _is_made_of_words(part: str) -> bool:
    found = _PART.fullmatch(part)
    if found is None or _UNPRONOUNCEABLE.search(found[1]):
        return False
    words = _WORD.findall(found[1])
    return (
        all(len(word) <= _LONGEST_WORD for word in words)
        # One short word may stand alone: a, EU, v2.
        and (len(words) < 2 or len(found[1]) >= _LETTERS_IN_A_WORD * len(words))
    )
