# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our ownership marker in a free text, for stores that offer a comment or description only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .fingerprint import Fingerprint

OWNER = "maia.stripe_query"

_MARKED = re.compile(r"(?P<text>.*?) ?\[maia\.stripe_query(?: (?P<fingerprint>v1:[^\]]*))?\]", re.S)


@dataclass(frozen=True)
class MarkedText:
    """A user's text, whether our marker follows it, and the fingerprint in the marker."""

    text: str
    ours: bool = True
    fingerprint: Fingerprint | None = None

    @classmethod
    def parse(cls, stored: str | None) -> MarkedText:
        match = _MARKED.fullmatch(stored or "")
        if match is None:
            return cls(stored or "", ours=False)
        return cls(match["text"], fingerprint=Fingerprint.parse(match["fingerprint"] or ""))

    def __str__(self) -> str:
        if not self.ours:
            return self.text
        marker = f"[{OWNER} {self.fingerprint}]" if self.fingerprint else f"[{OWNER}]"
        return f"{self.text} {marker}" if self.text else marker
