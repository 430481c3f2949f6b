# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a plan and what was read to what a store is to write. Pure."""

from __future__ import annotations

from typing import NamedTuple

from .fingerprint import Fingerprint
from .labels import without_label
from .model import Change, Desired, NewValue, Observed, Payload
from .plan import Plan
from .steps import Reading
from .store import Store
from .value import Form


class Planned(NamedTuple):
    """desired: in the format that the value has. reading: of what is there."""

    desired: Desired
    observed: Observed
    plan: Plan
    reading: Reading
    salt: str


def make_change(store: Store, planned: Planned) -> Change:
    desired, observed, plan, reading, salt = planned
    if desired.metadata_only:
        return Change(salt, fields=plan.fields)
    content = reading.content
    base = (content.version or observed.version) if content.form is Form.OBJECT else None
    if desired.payload is None:
        rest = without_label(content.text or "{}", desired.label or "") or ""
        fingerprint = fingerprint_of(store, desired, rest, salt)
        value = NewValue(rest, fingerprint, False, desired.label, content.binary)
        return Change(salt, value, fingerprint, base=base)
    value = new_value(store, desired, desired.payload, reading, salt)
    if plan.writes_value or store.capabilities.replaces_whole:
        return Change(salt, value, value.fingerprint, plan.fields, base=base)
    if plan.verified_by not in ("value", "fingerprint"):
        return Change(salt, None, None, plan.fields)
    held = None if desired.update_value == "never" else value
    # What only our note says does not make a better note.
    noted = plan.verified_by == "fingerprint"
    note = observed.fingerprint if noted else value.fingerprint
    return Change(salt, None, note, plan.fields, held)


def new_value(
    store: Store, desired: Desired, payload: Payload, reading: Reading, salt: str
) -> NewValue:
    """Our key alone, or in the JSON object that is there, which stays binary if it is."""
    content = reading.content
    merges = content.form is Form.OBJECT and payload.label is not None
    text = payload.merged_into(content.text if merges else None)
    fingerprint = fingerprint_of(store, desired, payload.text, salt)
    binary = merges and content.binary
    alone = text == payload.text and not binary
    return NewValue(text, fingerprint, alone, payload.label, binary)


def fingerprint_of(store: Store, desired: Desired, text: str, salt: str) -> Fingerprint:
    return Fingerprint.of(text, resource=store.resource, salt=salt, key=desired.fingerprint_key)
