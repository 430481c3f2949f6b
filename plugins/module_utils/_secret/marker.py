# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our ownership marker in a free text, for stores that offer a comment or description only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .fingerprint import Fingerprint

OWNER = "maia.stripe_query"

_MARKED = re.compile(
    r"(?P<text>.*?) ?\[maia\.stripe_query"
    r"(?: (?P<fingerprint>v1:[^\] ]*))?(?: value_version=(?P<value_version>\d{1,19}))?\]",
    re.DOTALL,
)


@dataclass(frozen=True)
class MarkedText:
    """A user's text, whether our marker follows it, and what is in the marker."""

    text: str
    ours: bool = True
    fingerprint: Fingerprint | None = None
    value_version: int | None = None

    @classmethod
    def parse(cls, stored: str | None) -> MarkedText:
        match = _MARKED.fullmatch(stored or "")
        if match is None:
            return cls(stored or "", ours=False)
        number = match["value_version"]
        return cls(
            match["text"],
            fingerprint=Fingerprint.parse(match["fingerprint"] or ""),
            value_version=int(number) if number else None,
        )

    def __str__(self) -> str:
        if not self.ours:
            return self.text
        parts = [OWNER]
        if self.fingerprint is not None:
            parts.append(str(self.fingerprint))
        if self.value_version is not None:
            parts.append(f"value_version={self.value_version}")
        marker = f"[{' '.join(parts)}]"
        return f"{self.text} {marker}" if self.text else marker
