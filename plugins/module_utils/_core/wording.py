# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phrases for messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from operator import ne

SHOWN = 3
# One letter of three may be wrong; words that have only some letters in common are none.
_NEAR = 0.65
_BEGINNING = 3


def listed(names: Sequence[str]) -> str:
    """The first names, and the number of the others."""
    more = len(names) - SHOWN
    return f"{', '.join(names[:SHOWN])}{f' and {more} more' if more > 0 else ''}"


# Of the letters of a word, in their order: enough for one of nine that is wrong or missing.
_ALMOST = 0.87


def nearest(name: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """Suggest the known name that is most similar to an unknown name.

    otherwise: the text if no name is similar; None for the first known names.
    """
    names = sorted(known)
    if near := _near(name, names):
        return f"perhaps {near} is meant"
    return otherwise or f"there are {listed(names)}"


def _near(name: str, known: Sequence[str]) -> str | None:
    """In other letters, or as an abbreviation. A prefix of all of them makes nothing similar."""
    prefix = name[: name.find("_") + 1]
    if not all(each.startswith(prefix) for each in known):
        prefix = ""
    ends = {each[len(prefix) :].casefold(): each for each in known}
    end = name[len(prefix) :].casefold()
    if found := get_close_matches(end, ends, n=1, cutoff=_NEAR):
        return ends[found[0]]
    begun = [each for each in ends if len(end) >= _BEGINNING and each.startswith(end)]
    return ends[begun[0]] if len(begun) == 1 else None


def is_almost(word: str, meant: str) -> bool:
    """Whether a word is another one but for its case, or for letters that are wrong or missing.

    One with more letters may be a word of its own, as authorized is.
    """
    given, wanted = word.lower(), meant.lower()
    if len(given) > len(wanted):
        return False
    if len(given) == len(wanted) and sum(map(ne, given, wanted)) <= 1:
        return True
    return SequenceMatcher(None, given, wanted).ratio() > _ALMOST
