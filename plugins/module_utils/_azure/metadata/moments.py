# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moments as users write them, and in the one form in which they are compared and shown."""

from __future__ import annotations

from datetime import UTC, datetime


def parse_moment(text: str) -> str:
    """ISO 8601 or seconds since 1970, as ISO 8601 in UTC to the second; empty stays empty.

    Without a time zone UTC is meant, without a time midnight. Key Vault keeps whole seconds.
    Raises ValueError.
    """
    text = text.strip()
    if not text:
        return ""
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else _from_iso(text)
    except (OverflowError, OSError):
        raise ValueError(text) from None
    return moment_text(moment)


def moment_text(moment: datetime | None) -> str:
    """A moment with a time zone as ISO 8601 in UTC; empty for none."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def to_moment(text: object) -> datetime | None:
    """The moment that moment_text() wrote down."""
    return datetime.fromisoformat(str(text)) if text else None


def _from_iso(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
