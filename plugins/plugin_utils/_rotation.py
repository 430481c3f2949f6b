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

from ..module_utils._core.verdicts import PROVEN
from ..module_utils._core.wording import listed
from ._report import reached, utc

_MINUTE = "%Y-%m-%d %H:%M UTC"


def closing(results: Iterable[Mapping[str, Any]], *, time: str, expires: str | None = None) -> str:
    """How long the old key works, and whether it may be expired.

    A note of ours that the vault holds the new key is no reason to expire the old one: somebody may
    have changed the value since. It takes a proof, or that the value was written in this run.

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
    if doubtful := [str(target.get("target")) for target in done if not _is_sure(target)]:
        return (
            f"No environment failed, but that the vault holds the new key is not proven in"
            f" {len(doubtful)} of {len(targets)}, nor was it written there in this run:"
            f" {listed(doubtful)}. Do not expire the old key in Stripe on that alone. Rotate these"
            f" again with authorize_update_value=always, which writes the key anew. {works}"
        )
    return f"{_all(len(targets))} the new key{_known(done)}. {works} {_when(now, end)}".rstrip()


def _has_new_key(target: Mapping[str, Any]) -> bool:
    return reached(target) and not target.get("failed")


def _is_sure(target: Mapping[str, Any]) -> bool:
    """Whether more than a note of an earlier run speaks for it that the vault holds the new key."""
    return _is_proven(target) or "value" in (target.get("secret_changes") or ())


def _is_proven(target: Mapping[str, Any]) -> bool:
    return any(
        link["link"] == "secret" and link["verdict"] == PROVEN for link in target.get("proof") or ()
    )


def _all(count: int) -> str:
    return "The only environment has" if count == 1 else f"All {count} environments have"


def _known(targets: Sequence[Mapping[str, Any]]) -> str:
    """How that is known, of targets of which each is proven or was written in this run."""
    proven = sum(_is_proven(target) for target in targets)
    written = len(targets) - proven
    if not written:
        return ", as is proven"
    if not proven:
        return ", which was written in this run and cannot be read back"
    was = "was" if written == 1 else "were"
    return f", as is proven for {proven}; the other {written} {was} written in this run"


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
