# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detect a write of somebody else at the same moment, and reapply until settled.

Tasks of one run take turns (converge). For all other writers no vault lets several fields be
written on condition that nobody else did, so the secret is observed after each write.
"""

from __future__ import annotations

import random
import time

from .._core.errors import CollectionError, ConflictError
from .fingerprint import Fingerprint
from .model import Desired, Existence, Observed
from .plan import changed_fields
from .store import Store

# In seconds.
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
_CURE = "see that only one run at a time manages this secret, and run again"


def observe_after_write(store: Store) -> Observed | None:
    """What is there after a write; None if that cannot be seen, or is no longer there."""
    try:
        now = store.describe()
    except CollectionError:
        return None  # What was to be done is done.
    return now if now.existence is Existence.LIVE else None


def value_overwritten(
    store: Store, desired: Desired, before: Observed, version: str | None, now: Observed
) -> bool:
    """Whether somebody else's value is the current one, which is not the desired one.

    before: as it was when the change was planned. version: the id of what was current then, or was
    written since. A look that shows what was there before proves nothing: it may come too early.
    """
    if desired.payload is None or shows_value(store, desired, now):
        return False
    if store.capabilities.versions and now.certain:
        return now.version not in (None, version, before.version)
    return _shown(now) not in (None, before.fingerprint, before.probable)


def fields_overwritten(
    store: Store, desired: Desired, before: Observed | None, now: Observed
) -> bool:
    """Whether a metadata field is not as desired because somebody else wrote it.

    before: as it was when nobody else was seen yet; a look that shows that may come too early, and
    so may one at a secret that was not there.
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
    time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))


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
        "somebody else wrote another value at the same moment, and that is the current one",
        _CURE,
        attempt="writing its value",
    )


def replaced_unseen(store: Store, why: str) -> ConflictError:
    """why: what is known of the value that was replaced."""
    return ConflictError(
        store.subject,
        "our key was written, but somebody else wrote a value just before, of which other labels"
        f" cannot be kept beside our key ({why})",
        "compare the versions before the current one with it, bring back what is missing, and run"
        " again",
        attempt="keeping what others wrote",
    )


def unsettled(store: Store) -> ConflictError:
    return ConflictError(
        store.subject,
        "somebody else changes it again and again at the same moment",
        _CURE,
        attempt="changing it",
    )
