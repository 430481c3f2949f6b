# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to tell about the old key after a rotation. Pure.

Rolling a key in Stripe's dashboard lets the old one work on for at most seven days, a new key that
is made beside it for as long as nobody expires the old one. https://docs.stripe.com/keys#rolling-keys
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..module_utils._core.wording import listed
from ._report import reached, utc

_MINUTE = "%Y-%m-%d %H:%M UTC"


def closing(results: Iterable[Mapping[str, Any]], *, time: str, expires: str | None = None) -> str:
    """How long the old key works, and whether it may be expired.

    results: as the report has them. time: now, in ISO 8601; expires: when the old key ends by
    itself, likewise, if that is known. Raises ValueError if one of them is no moment.
    """
    targets = list(results)
    now, end = utc(time), utc(expires) if expires else None
    done = [target for target in targets if _has_new_key(target)]
    left = [str(target.get("target")) for target in targets if not _has_new_key(target)]
    works = _how_long(now, end)
    if left:
        return (
            f"{len(done)} of {len(targets)} environments {'has' if len(done) == 1 else 'have'} the"
            f" new key. Do not expire the old key in Stripe before the others have it:"
            f" {listed(left)}. {works} If this run ends before that, start it again."
        )
    return (f"{_all(len(targets))} the new key{_proven(done)}. {works} {_when(now, end)}").rstrip()


def _has_new_key(target: Mapping[str, Any]) -> bool:
    return reached(target) and not target.get("failed")


def _all(count: int) -> str:
    return "The only environment has" if count == 1 else f"All {count} environments have"


def _proven(targets: Sequence[Mapping[str, Any]]) -> str:
    """For how many it is proven that the vault holds the new key."""
    secrets = [link for target in targets for link in target.get("proof") or ()]
    count = sum(link["link"] == "secret" and link["verdict"] == "proven" for link in secrets)
    if not secrets:
        return ", which is not proven"
    return ", as is proven" if count == len(targets) else f", as is proven for {count}"


def _how_long(now: datetime, end: datetime | None) -> str:
    if end is None:
        return (
            "The old key works until you expire it or, if it was rolled, until the time chosen then"
            " is over, which is seven days at most."
        )
    if end <= now:
        return f"The old key ended by itself on {end.strftime(_MINUTE)}."
    return f"The old key works until {end.strftime(_MINUTE)}, for {_duration(now, end)} more."


def _when(now: datetime, end: datetime | None) -> str:
    if end is not None and end <= now:
        return ""
    return (
        "You may expire it in Stripe's dashboard, under Developers > API keys, once no pipeline"
        f" runs any more that began before {now.strftime(_MINUTE)}. Until then"
        " maia.stripe_query.rollback can bring it back."
    )


def _duration(now: datetime, end: datetime) -> str:
    hours = int((end - now).total_seconds()) // 3600
    number, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else "less than an hour"
