# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detect a concurrent write, and reapply until settled.

Tasks of one run take turns (converge). No vault supports conditional writes of several fields, so
for all other writers the secret is observed after each write.
"""

from __future__ import annotations

import random

from .._core.deadline import wait
from .._core.errors import CollectionError, ConflictError
from .fingerprint import Fingerprint
from .model import Desired, Existence, Observed
from .plan import changed_fields
from .store import Store

# In seconds.
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
_CURE = "make sure that only one run at a time manages this secret, and run again"


def observe_after_write(store: Store) -> Observed | None:
    """Describe the secret after a write; None if it cannot be read or no longer exists."""
    try:
        now = store.describe()
    except CollectionError:
        return None  # The write itself succeeded.
    return now if now.existence is Existence.LIVE else None


def value_overwritten(
    store: Store, desired: Desired, before: Observed, version: str | None, now: Observed
) -> bool:
    """Whether another writer's value is current in place of the desired one.

    before: the state when the change was planned. version: the current version then, or the one
    written since. A read that still shows the earlier state proves nothing: it may be too early.
    """
    if desired.payload is None or shows_value(store, desired, now):
        return False
    if store.capabilities.versions and now.certain:
        return now.version not in (None, version, before.version)
    return _shown(now) not in (None, before.fingerprint, before.probable)


def fields_overwritten(
    store: Store, desired: Desired, before: Observed | None, now: Observed
) -> bool:
    """Whether a metadata field differs from the desired one because another writer changed it.

    before: the state before any other writer was seen. A read that still shows it may be too early,
    and so may a read of a secret that did not exist.
    """
    if not now.certain or (before and before.existence is not Existence.LIVE):
        return False
    missing = changed_fields(desired.fields, now.fields, store.capabilities.fields)
    return any(
        not before or now.fields.get(name) != before.fields.get(name)
        for name in missing.keys() - store.capabilities.shown_late
    )


def pause(attempt: int) -> None:
    """Wait, so that two runs do not overtake each other for ever. attempt: how many were made."""
    wait(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))


def shows_value(store: Store, desired: Desired, now: Observed) -> bool:
    """Whether what is there has the desired value's fingerprint."""
    shown, key = _shown(now), desired.fingerprint_key
    return bool(
        shown
        and desired.payload
        and shown.matches(desired.payload.text, resource=store.resource, key=key)
    )


def _shown(now: Observed) -> Fingerprint | None:
    return now.fingerprint or now.probable


def overwritten(store: Store) -> ConflictError:
    return ConflictError(
        store.subject,
        "another writer stored a different value at the same time, which is now current",
        _CURE,
        attempt="writing its value",
    )


def replaced_unseen(store: Store, why: str) -> ConflictError:
    """why: what is known of the value that was replaced."""
    return ConflictError(
        store.subject,
        "our key was written, but another writer had just stored a value whose other labels"
        f" cannot be kept beside our key ({why})",
        "compare the versions before the current one with it, bring back what is missing, and run"
        " again",
        attempt="keeping what others wrote",
    )


def unsettled(store: Store) -> ConflictError:
    return ConflictError(
        store.subject,
        "another writer keeps changing it at the same time",
        _CURE,
        attempt="changing it",
    )
