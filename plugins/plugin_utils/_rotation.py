# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to tell about the old key after a rotation. Pure.

Rolling a key in Stripe's dashboard lets the old one work on for at most seven days, a new key that
is made beside it until the old one is expired. https://docs.stripe.com/keys#rolling-keys
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..module_utils._core.verdicts import CONTRADICTED, PROVEN
from ..module_utils._core.wording import listed
from ..module_utils._flow.vaults import VAULTS
from ..module_utils._stripe.old_key import ENDED, UNKNOWN, WORKS
from ._report import reached, utc

_MINUTE = "%Y-%m-%d %H:%M UTC"
_RESUME = "What was done stays done: run the same command again to go on with the others."
_REMIND = " Until Stripe does not take it any more, maia.stripe_query.audit reminds you of it."
Result = Mapping[str, Any]


def closing(
    results: Iterable[Result], *, time: str, expires: str | None = None, others: Sequence[str] = ()
) -> str:
    """How long the old key works, and whether it may be expired.

    That a target has the given key does not make it a new one: a key file may have been forgotten.
    It shows only where the key took the place of another. And a note of ours that the vault holds
    the new key is no reason to expire the old one: the value may have been changed since.

    results: as the report has them. time: now, in ISO 8601; expires: when the old key ends by
    itself, likewise, if that is known. others: the inventory's targets that the run left out.
    Raises ValueError if one of the times is no moment.
    """
    # What was revoked has no key. What was not reached may still have one.
    targets = [target for target in results if not _is_revoked(target)]
    now, end = utc(time), utc(expires) if expires else None
    works = _how_long(targets, now, end)
    if not targets:
        return (
            f"No environment was to get a key, so this run says nothing about an old one. {works}"
        )
    if left := [target for target in targets if not _succeeded(target)]:
        return " ".join([_progress(targets), *_unfinished(targets, left), works, _RESUME])
    replaced = any(map(_is_new, targets))
    reasons = " ".join(_reasons(targets, others, replaced=replaced))
    if not replaced:
        return (
            "No key is known to have been replaced in this run by another, so it is not known"
            f" whether the given one is new{_ends(targets)}. Do not expire any key in Stripe"
            f" because of this run. {f'{reasons} {works}'.lstrip()}"
        )
    if reasons:
        return f"No environment failed. {reasons} {works}"
    had = sum(target.get("wave") == 0 for target in targets)
    before = f"; {had} of them had it before this run" if had else ""
    count = len(targets)
    all_have = "The only environment has" if count == 1 else f"All {count} environments have"
    known = f"{all_have} the new key{_known(targets)}{before}{_ends(targets)}."
    return f"{known} {works} {_when(targets, now, end)}".rstrip()


def _is_revoked(target: Result) -> bool:
    return target.get("state") == "absent" and _succeeded(target)


def _succeeded(target: Result) -> bool:
    return reached(target) and not target.get("failed")


def _is_written(target: Result) -> bool:
    return "value" in (target.get("secret_changes") or ())


def _is_replaced(target: Result) -> bool:
    """Whether another key, or none, is known to have been there before.

    With authorize_update_value=always or a value_version the same one may be written anew.
    """
    changes = target.get("secret_changes") or ()
    return "state" in changes or ("value" in changes and target.get("verdict") == CONTRADICTED)


def _old_key(target: Result) -> Mapping[str, Any]:
    """What Stripe says of the old key that was given for the target; {} without one."""
    return target.get("old_key") or {}


def _is_new(target: Result) -> bool:
    """Whether the given key is known to be another than the old one.

    It took the place of another one in this run, or the old one was given to compare with.
    """
    old = _old_key(target)
    return not old.get("given") and (_is_replaced(target) or bool(old.get("masked")))


def _is_proven(target: Result) -> bool:
    return any(
        link["link"] == "secret" and link["verdict"] == PROVEN for link in target.get("proof") or ()
    )


def _is_sure(target: Result) -> bool:
    """Whether more than a note of an earlier run speaks for it that the vault holds the key."""
    return _is_proven(target) or _is_written(target)


def _progress(targets: Sequence[Result]) -> str:
    """How many have their key, and how many only by a note of an earlier run."""
    done = [target for target in targets if _succeeded(target)]
    sure = sum(_is_sure(target) for target in done)
    noted = len(done) - sure
    known = "is known to have" if sure == 1 else "are known to have"
    text = f"{sure} of {len(targets)} environments {known} the given key"
    text = f"{text}{f'; {noted} more may have it, which is not proven' if noted else ''}."
    begun = [target["wave"] for target in targets if target.get("wave") is not None]
    if not begun:
        return text
    had = sum(target.get("wave") == 0 for target in done)
    waves = max(target.get("waves") or 0 for target in targets)
    before = f" {had} of them had it before this run." if had else ""
    last = f" Wave {max(begun)} of {waves} was the last to begin." if max(begun) else ""
    return f"{text}{before}{last}"


def _got_it(target: Result) -> bool:
    """Whether the key was stored in this run, whatever failed after that."""
    return bool(target.get("changed")) and (_is_written(target) or _is_replaced(target))


def _unfinished(targets: Sequence[Result], left: Sequence[Result]) -> Iterator[str]:
    """What is said of those that did not succeed."""
    without = [target for target in left if not _got_it(target)]
    if got := [target for target in left if _got_it(target)]:
        yield f"{len(got)} more got it in this run and failed after that: {_names(got)}."
    if not without:
        yield "Do not expire the old key in Stripe before these succeed."
    elif _all_ended(targets):
        yield f"These cannot load anything before they have it: {_names(without)}."
    else:
        yield f"Do not expire the old key in Stripe before the others have it: {_names(without)}."


def _reasons(targets: Sequence[Result], others: Sequence[str], *, replaced: bool) -> Iterator[str]:
    """Why no key is to be expired yet. replaced: whether one is known to have been, anywhere."""
    count = len(targets)
    if old := [target for target in targets if _old_key(target).get("given")]:
        # Its file may have been forgotten.
        ends = listed(list(dict.fromkeys(str(_old_key(target)["masked"]) for target in old)))
        yield (
            f"In {len(old)} of {count} the given key is the old one ({ends}): {_names(old)}."
            " Give the new one there."
        )
    if replaced and (kept := _kept(targets)):
        yield (
            f"In {len(kept)} of {count} the given key is not known to have replaced another in"
            f" this run: {_names(kept)}{_ends(kept)}. If that is still the old key, give the new"
            " one. Do not expire the old key in Stripe before that is clear."
        )
    said = [(target, target.get("verification") or {}) for target in targets]
    unverified = [target for target, verified in said if verified.get("status") != "valid"]
    if replaced and unverified:
        yield (
            f"Stripe has not said that the new key is valid in {len(unverified)} of {count}:"
            f" {_names(unverified)}. Do not expire the old key in Stripe before it does; rotate"
            " again with authorize_verify=stripe."
        )
    if doubtful := [target for target in targets if not _is_sure(target)]:
        yield (
            f"That the vault holds the given key is not proven in {len(doubtful)} of {count}, nor"
            f" was it written there in this run: {_names(doubtful)}. Do not expire the old key in"
            " Stripe on that alone. Rotate these again with authorize_update_value=always, which"
            " writes the key anew."
        )
    if others:
        was = "target was" if len(others) == 1 else "targets were"
        yield (
            f"{len(others)} {was} not looked at, because of --limit or authorize_hosts:"
            f" {listed(sorted(others))}. Do not expire a key in Stripe that they may still have."
        )


def _kept(targets: Sequence[Result]) -> list[Result]:
    """Whose given key is not known to have replaced another one anywhere in this run."""
    new = {_key(target) for target in targets if _is_new(target)} - {None}
    return [
        target
        for target in targets
        if not _is_new(target) and _key(target) not in new and not _old_key(target).get("given")
    ]


def _names(targets: Iterable[Result]) -> str:
    return listed([str(target.get("target")) for target in targets])


def _key(target: Result) -> tuple[str, str] | None:
    """What can be compared of a given key; None if it is not known."""
    key = target.get("api_key") or {}
    return (str(key.get("kind")), str(key["masked"])) if key.get("masked") else None


def _ends(targets: Iterable[Result]) -> str:
    keys = dict.fromkeys(key[1] for target in targets if (key := _key(target)))
    return f" ({listed(list(keys))})" if keys else ""


def _known(targets: Sequence[Result]) -> str:
    """How that is known, of targets of which each is proven or was written in this run."""
    proven = sum(_is_proven(target) for target in targets)
    written = len(targets) - proven
    if not written:
        return ", as is proven"
    if not proven:
        return ", which was written in this run and cannot be read back"
    was = "was" if written == 1 else "were"
    return f", as is proven for {proven}; the other {written} {was} written in this run"


def _all_ended(targets: Sequence[Result]) -> bool:
    """Whether Stripe takes none of the old keys any more, of each of which it was asked."""
    return bool(targets) and all(_old_key(target).get("status") == ENDED for target in targets)


def _how_long(targets: Sequence[Result], now: datetime, end: datetime | None) -> str:
    """What is known of the old key: what Stripe says of it, or when it is to end."""
    if _all_ended(targets):
        return f"Stripe no longer accepts the old key{_old_ends(targets, ENDED)}."
    said = []
    if ends := _old_ends(targets, WORKS):
        said.append(f"Stripe still accepts the old key{ends}.")
    old = (_old_key(target) for target in targets)
    if unknown := [str(each["reason"]) for each in old if each.get("status") == UNKNOWN]:
        said.append(
            "It is not known whether Stripe still accepts the old key"
            f"{_old_ends(targets, UNKNOWN)}: {unknown[0].rstrip('.')}."
        )
    if end is None:
        said.append(
            "The old key works until you expire it. If it was rolled, it works until the time that"
            " was chosen then, which is at most seven days."
        )
    elif end <= now:
        said.append(f"The old key should have expired on {end.strftime(_MINUTE)}.")
    else:
        left = _duration(now, end)
        said.append(f"The old key works until {end.strftime(_MINUTE)}, for {left} more.")
    return " ".join(said)


def _old_ends(targets: Iterable[Result], status: str) -> str:
    """The ends of the old keys of that status, in brackets; empty if there are none."""
    old = [_old_key(target) for target in targets]
    ends = dict.fromkeys(
        str(each["masked"]) for each in old if each.get("status") == status and each.get("masked")
    )
    return f" ({listed(list(ends))})" if ends else ""


def _when(targets: Sequence[Result], now: datetime, end: datetime | None) -> str:
    asked = any(_old_key(target).get("status") in (WORKS, UNKNOWN) for target in targets)
    if _all_ended(targets) or (end is not None and end <= now and not asked):
        return ""
    return (
        "You may expire it in Stripe's dashboard, under Developers > API keys, once no pipeline"
        f" runs any more that began before {now.strftime(_MINUTE)}. {_way_back(targets)}"
        f"{_REMIND if asked else ''}"
    )


def _way_back(targets: Sequence[Result]) -> str:
    """A vault without versions has no old key to bring back."""
    without = [target for target in targets if not _keeps_versions(target)]
    if not without:
        return "Until then maia.stripe_query.rollback can bring it back."
    return (
        "Until then maia.stripe_query.rollback can bring it back, but keep the old key for"
        f" authorize_old_api_key_file: the vault keeps no version before in {_names(without)}."
    )


def _keeps_versions(target: Result) -> bool:
    vault = VAULTS.get(str(target.get("vault")))
    return vault is not None and vault.keeps_versions


def _duration(now: datetime, end: datetime) -> str:
    hours = int((end - now).total_seconds()) // 3600
    number, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else "less than an hour"
