# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detect a concurrent write, and reapply until settled.

Tasks of one run take turns (converge). No vault supports conditional writes of several fields, so
for all other writers the secret is observed after each write.

A value that held no label but ours when it was looked at is written without a condition, which
takes fewer rights. Any other is written only over the version that it was made from.
"""

from __future__ import annotations

import random

from .._core.deadline import wait
from .._core.errors import CollectionError, ConflictError, NotPermittedError, OvertakenError
from .._core.operation import Runtime
from .change import Planned, fingerprint_of
from .fingerprint import Fingerprint
from .labels import with_missing
from .model import Change, Desired, Existence, NewValue, Observed, Payload
from .plan import changed_fields
from .steps import Step
from .store import Store
from .value import Content, Form

# In seconds.
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
# How often to merge again while another writer writes too.
_MERGES = 8
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


def keep_replaced(
    store: Store, planned: Planned, version: str | None, now: Observed, runtime: Runtime
) -> tuple[Observed, str | None]:
    """What is there in the end, and the id of the version that has our key and all other labels.

    version: the one that we wrote. now: what is there since. Where our key is not in the current
    value any more, both are returned as they are.
    Raises ConflictError if labels were replaced and cannot be brought back.
    """
    payload = planned.desired.payload
    if payload is None or version is None or not _is_unconditional(store, planned):
        return now, version
    try:
        replaced = _replaced(store, planned, version, now)
        kept = [_taken_apart(store, payload, id_, runtime) for id_ in replaced]
        others = [content for content in kept if content.form is Form.OBJECT]
        return _merge(store, planned, payload, version, now, others, runtime)
    except OvertakenError:
        raise _replaced_unseen(store, "other writers keep changing it") from None
    except NotPermittedError as refusal:
        raise _replaced_unseen(store, refusal.reason) from None


def _is_unconditional(store: Store, planned: Planned) -> bool:
    made_anew = planned.plan.step is Step.CREATE or planned.observed.version is None
    merged = planned.reading.content.form is Form.OBJECT and planned.desired.label is not None
    return store.capabilities.labels and not made_anew and not merged


def _replaced(store: Store, planned: Planned, version: str, now: Observed) -> list[str]:
    """The versions of others that ours may have replaced, the oldest first."""
    before = planned.observed.version or ""
    if now.version == version:
        return [] if now.previous in (None, before, version) else [now.previous]
    if now.version in (None, before) or planned.desired.label is None:
        return []  # It came too early to tell, or our key is not in the current value.
    return store.written_between(before, version)


def _taken_apart(store: Store, payload: Payload, version: str, runtime: Runtime) -> Content:
    content = store.read_content(payload.label, runtime, version)
    mergeable = content.form is Form.OBJECT and payload.label is not None
    if not mergeable and content.form not in (Form.NOTHING, Form.KEY):
        raise _replaced_unseen(store, f"it is {content.what}")
    return content


def _merge(
    store: Store,
    planned: Planned,
    payload: Payload,
    version: str,
    now: Observed,
    others: list[Content],
    runtime: Runtime,
) -> tuple[Observed, str | None]:
    """Raises OvertakenError if others write each time before it is done."""
    label = payload.label or ""
    for attempt in range(1, _MERGES + 1):
        if not others:
            return now, version
        current = None
        if now.version != version:
            current = store.read_content(label, runtime)
            if current.form is not Form.OBJECT or not payload.is_in(current.text):
                return now, version
        there = current.labels.keys() if current else {label}
        if not any(content.labels.keys() - there for content in others):
            return now, now.version
        value = _with_others(store, planned, payload, current or others[-1], others)
        base = (current.version if current else None) or now.version
        try:
            written = store.update(Change(planned.salt, value, value.fingerprint, base=base), now)
        except OvertakenError:
            seen = observe_after_write(store)
            if seen is None or attempt == _MERGES:
                raise
            now = seen
        else:
            return observe_after_write(store) or now, written
    raise ConflictError(store.subject, "it was not merged", "run again")  # not reached


def _with_others(
    store: Store, planned: Planned, payload: Payload, base: Content, others: list[Content]
) -> NewValue:
    """What the base holds, with our key, and what only the others hold. The newest are last."""
    text = payload.merged_into(base.text)
    for content in reversed(others):
        text = with_missing(text, content.text or "{}")
    fingerprint = fingerprint_of(store, planned.desired, payload.text, planned.salt)
    return NewValue(text, fingerprint, False, payload.label, base.binary)


def overwritten(store: Store) -> ConflictError:
    return ConflictError(
        store.subject,
        "another writer stored a different value at the same time, which is now current",
        _CURE,
        attempt="writing its value",
    )


def _replaced_unseen(store: Store, why: str) -> ConflictError:
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
