# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a Stripe key is that would be replaced or deleted, in a secret of ours.

That the secret is ours does not make every label in it ours: others may keep keys of their own
beside ours, and only what we wrote or took over is ours to change.
"""

from __future__ import annotations

from itertools import islice

from .._core.operation import Runtime
from .labels import with_label
from .model import Desired, Origin, Written
from .steps import key_at_stake
from .store import Store
from .value import Content

# Versions with several labels whose values are read to find out whether ours was one of them.
_MOST_READ = 10


def origin_of(store: Store, desired: Desired, content: Content, runtime: Runtime) -> Origin:
    """Whose the key is that the desired state would take away; OURS if there is none.

    Raises what describe() and read_value() of the store do.
    """
    stake = key_at_stake(desired, content)
    if stake is None:
        return Origin.OURS
    label, key = stake
    claimed = store.claims(label)
    if claimed and desired.payload is not None:
        # Which of the two it is makes no difference for what is to be present.
        return Origin.CHANGED
    unsure: list[Written] = []
    for written in store.written(label):
        if _made_of(written, store, desired, label, key):
            return Origin.OURS
        claimed = claimed or written.for_label
        if not written.for_label:
            unsure.append(written)
    if claimed or any(
        _held_label(written, store, desired, label, runtime)
        for written in islice(unsure, _MOST_READ)
    ):
        return Origin.CHANGED
    return Origin.THEIRS


def _made_of(written: Written, store: Store, desired: Desired, label: str | None, key: str) -> bool:
    part = key if label is None else with_label(None, label, key)
    return written.fingerprint.matches(part, resource=store.resource, key=desired.fingerprint_key)


def _held_label(
    written: Written, store: Store, desired: Desired, label: str | None, runtime: Runtime
) -> bool:
    """Whether a version that has several labels was written for this one."""
    if label is None:
        return False
    held = store.read_content(label, runtime, written.version).labels.get(label)
    return isinstance(held, str) and _made_of(written, store, desired, label, held)
