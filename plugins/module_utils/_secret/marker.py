# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our ownership marker in a free text, for stores that offer a comment or description only."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .fingerprint import Fingerprint

OWNER = "maia.stripe_query"

_MARKED = re.compile(
    r"(?P<text>.*?) ?\[maia\.stripe_query"
    r"(?: (?P<fingerprint>v1:[^\] @]*)(?:@(?P<since>[^\] @]*))?)?"
    r"(?: value_version=(?P<value_version>\d{1,19}))?\]",
    re.DOTALL,
)

_NO_FINGERPRINT = "v1:"
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True)
class MarkedText:
    """A user's text, whether our marker follows it, and what is in the marker.

    since: when the value was written, where nothing else tells it. It stands behind the
    fingerprint, as v1:...@<moment>, so that release 1.0.0 still knows the secret for ours.
    """

    text: str
    ours: bool = True
    fingerprint: Fingerprint | None = None
    value_version: int | None = None
    since: datetime | None = None

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
            since=_moment(match["since"]),
        )

    def written_now(self, moment: datetime | None = None) -> MarkedText:
        """With the moment from which the value is."""
        return replace(self, since=moment or datetime.now(UTC))

    def __str__(self) -> str:
        if not self.ours:
            return self.text
        parts = [OWNER]
        since = f"@{self.since:{_MOMENT}}" if self.since else ""
        if self.fingerprint is not None or since:
            parts.append(f"{self.fingerprint or _NO_FINGERPRINT}{since}")
        if self.value_version is not None:
            parts.append(f"value_version={self.value_version}")
        marker = f"[{' '.join(parts)}]"
        return f"{self.text} {marker}" if self.text else marker
