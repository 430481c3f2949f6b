# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phrases for messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

SHOWN = 3


def listed(names: Sequence[str]) -> str:
    """The first names, and the number of the others."""
    more = len(names) - SHOWN
    return f"{', '.join(names[:SHOWN])}{f' and {more} more' if more > 0 else ''}"


def nearest(name: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """Suggest the known name that is most similar to an unknown name.

    otherwise: the text if no name is similar; None for the first known names.
    """
    found = get_close_matches(name, list(known), n=1, cutoff=0.5)
    if found:
        return f"perhaps {found[0]} is meant"
    return otherwise or f"there are {listed(sorted(known))}"
