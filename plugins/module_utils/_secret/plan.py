# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is wanted and what is there to what is to be done. Pure: no vault is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .._core.verdicts import CONTRADICTED, PROVEN, RECORDED, UNKNOWN
from .labels import DEFAULT_LABEL
from .model import (
    VALUE_VERSION,
    Capabilities,
    Desired,
    Existence,
    FieldKind,
    Observed,
)
from .steps import NOT_READ, Reading, Step
from .taking import merge_refusal
from .value import Form

_EMPTY: tuple[object, ...] = ("", {}, frozenset(), None)


@dataclass(frozen=True)
class Comparison:
    """The stored value against the desired one. same: None if that cannot be known.

    verified_by and verdict: see Plan.
    """

    same: bool | None
    verified_by: str | None = None
    verdict: str | None = None

    @property
    def was_made(self) -> bool:
        """Whether the value is known to be the desired one by more than the user's word."""
        return bool(self.same) and self.verified_by in ("value", "fingerprint")


@dataclass(frozen=True)
class Plan:
    """One step, and what it changes.

    changes: names of what changes: "value", "ownership", "fingerprint" or metadata fields.
    fields: the changed metadata fields with their complete new values.
    verified_by: how the stored value was compared: fingerprint, value, value_version, unknown;
        None if the comparison did not matter.
    verdict: whether it is the desired one, and how that is known; see _core/verdicts.py. None if
        the comparison did not matter.
    """

    step: Step
    changes: tuple[str, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    verified_by: str | None = None
    verdict: str | None = None

    @property
    def writes_value(self) -> bool:
        return self.step is Step.CREATE or "value" in self.changes


def make_plan(
    desired: Desired,
    observed: Observed,
    capabilities: Capabilities,
    *,
    resource: str,
    reading: Reading = NOT_READ,
) -> Plan:
    """The next step towards the desired state.

    READ_VALUE asks to be called again with the reading. RESTORE is followed by an update if
    there is more to change; the value of a deleted secret cannot be read, so that without a
    fingerprint it counts as unknown.
    """
    foreign = observed.existence is not Existence.ABSENT and not observed.ours
    meant = desired.label in (None, DEFAULT_LABEL) or desired.metadata_only
    if not meant and _stays_plain(desired, observed, reading):
        return Plan(Step.REFUSE_PLAIN_TEXT)
    if desired.payload is None and not desired.metadata_only:
        return _plan_absent(desired, observed, foreign, reading)
    if observed.existence is Existence.ABSENT:
        if desired.payload is None:
            return Plan(Step.REFUSE_WITHOUT_KEY)
        # What is empty in a new secret anyway is no change.
        given = [name for name, value in desired.fields.items() if value not in _EMPTY]
        return Plan(Step.CREATE, ("state", "value", *given), desired.fields)
    if foreign and desired.on_foreign == "fail":
        return Plan(Step.REFUSE_FOREIGN)
    if observed.existence is Existence.DELETED:
        return _plan_restore(desired, observed, capabilities, resource, reading)
    return _plan_update(desired, observed, capabilities, resource, reading)


def in_held_format(desired: Desired, observed: Observed, reading: Reading = NOT_READ) -> Desired:
    """The desired value, in plain text if the key is stored so and no format was given.

    In another format, current readers would not find the key. Only with the default label: with
    another label, this may be a second key for the same secret.
    """
    if desired.label != DEFAULT_LABEL or not _stays_plain(desired, observed, reading):
        return desired
    return desired.as_plain_text()


def _stays_plain(desired: Desired, observed: Observed, reading: Reading) -> bool:
    """Whether the key is stored as plain text, and no other format was asked for."""
    plain = observed.plain_text or reading.content.form is Form.KEY
    return plain and not desired.format_given


def changed_fields(
    desired: Mapping[str, object],
    observed: Mapping[str, object],
    kinds: Mapping[str, FieldKind],
) -> dict[str, object]:
    """The metadata fields that have to change, with their complete new values."""
    changed: dict[str, object] = {}
    for name, wanted in desired.items():
        held = observed.get(name)
        if kinds[name] is FieldKind.MAPPING and isinstance(wanted, Mapping):
            wanted = {**(held if isinstance(held, Mapping) else {}), **wanted}
        elif kinds[name] is FieldKind.MEMBERS and isinstance(wanted, frozenset):
            wanted = wanted | (held if isinstance(held, frozenset) else frozenset())
        if wanted != held:
            changed[name] = wanted
    return changed


def _fields_to_change(
    desired: Desired, observed: Observed, capabilities: Capabilities
) -> dict[str, object]:
    wanted = dict(desired.fields)
    if desired.update_value == "never":
        # It would say that the value that belongs to it has been written.
        wanted.pop(VALUE_VERSION, None)
    return changed_fields(wanted, observed.fields, capabilities.fields)


def _plan_absent(desired: Desired, observed: Observed, foreign: bool, reading: Reading) -> Plan:
    kept = observed.existence is Existence.DELETED and desired.purge
    if observed.existence is not Existence.LIVE and not kept:
        return Plan(Step.NOTHING)
    if foreign and desired.on_foreign == "fail":
        return Plan(Step.REFUSE_FOREIGN)
    if observed.sole_label:
        return Plan(Step.DELETE, ("state",))
    if not reading.tried:
        return Plan(Step.READ_VALUE)
    refusal = merge_refusal(desired, reading)
    if refusal is not Step.NOTHING:
        return Plan(refusal)
    labels = reading.content.labels
    if desired.label is None:
        return Plan(Step.DELETE, ("state",))
    if labels and desired.label not in labels:
        return Plan(Step.NOTHING)
    if len(labels) > 1:
        return Plan(Step.REMOVE_LABEL, ("value",))
    return Plan(Step.DELETE, ("state",))


def _plan_restore(
    desired: Desired,
    observed: Observed,
    capabilities: Capabilities,
    resource: str,
    reading: Reading,
) -> Plan:
    compared = _compare(desired, observed, capabilities, resource, NOT_READ)
    if compared.same is None and desired.on_unknown == "fail":
        return _plan(Step.REFUSE_UNKNOWN, compared)
    write = _writes(desired, compared)
    if write and not observed.sole_label:
        # Other labels will have to be read to be kept: find out now whether that is permitted.
        if not reading.tried:
            return Plan(Step.READ_VALUE)
        refusal = merge_refusal(desired, reading)
        if refusal is not Step.NOTHING:
            return Plan(refusal)
    fields = _fields_to_change(desired, observed, capabilities)
    if not write and _clears(fields, capabilities):
        if not compared.was_made:
            return Plan(Step.REFUSE_CLEARING)
        write = True
    changes = ["state"]
    if write:
        changes.append("value")
    if not observed.ours:
        changes.append("ownership")
    return _plan(Step.RESTORE, compared, (*changes, *fields), fields)


def _plan_update(
    desired: Desired,
    observed: Observed,
    capabilities: Capabilities,
    resource: str,
    reading: Reading,
) -> Plan:
    compared = _compare(desired, observed, capabilities, resource, reading)
    if undecided := _undecided(desired, capabilities, compared, reading):
        return undecided
    write = _writes(desired, compared)
    if write and not observed.sole_label:
        # Other labels may be there; they have to be read in order to be kept.
        step = merge_refusal(desired, reading) if reading.tried else Step.READ_VALUE
        if step is not Step.NOTHING:
            return Plan(step)

    fields = _fields_to_change(desired, observed, capabilities)
    same = compared.was_made
    if not write and _clears(fields, capabilities):
        if not same:
            return Plan(Step.REFUSE_CLEARING)
        write = True

    changes: list[str] = ["value"] if write else []
    if not observed.ours:
        changes.append("ownership")
    elif (
        not write
        and same
        and observed.certain
        and capabilities.stamp_without_write
        and not _fingerprint_matches(desired, observed, resource)
    ):
        changes.append("fingerprint")
    changes.extend(fields)
    if changes and not write and capabilities.replaces_whole and not same:
        if desired.update_value == "never":
            return Plan(Step.REFUSE_CLEARING)
        changes.insert(0, "value")
    step = Step.UPDATE if changes else Step.NOTHING
    return _plan(step, compared, tuple(changes), fields)


def _undecided(
    desired: Desired, capabilities: Capabilities, compared: Comparison, reading: Reading
) -> Plan | None:
    """What comes first where it is not known whether the value has to be written."""
    may_read = capabilities.value_readable and not reading.tried
    if compared.same is None and desired.compare != "fingerprint" and may_read:
        return Plan(Step.READ_VALUE)
    if desired.compare == "value" and not reading.permitted:
        return Plan(Step.REFUSE_UNREADABLE)
    if compared.same is None and desired.on_unknown == "fail":
        return _plan(Step.REFUSE_UNKNOWN, compared)
    return None


def _plan(
    step: Step,
    compared: Comparison,
    changes: tuple[str, ...] = (),
    fields: Mapping[str, object] | None = None,
) -> Plan:
    return Plan(step, changes, fields or {}, compared.verified_by, compared.verdict)


def _writes(desired: Desired, compared: Comparison) -> bool:
    if compared.same is None:
        return desired.on_unknown == "write"
    return not compared.same


def _clears(fields: Mapping[str, object], capabilities: Capabilities) -> bool:
    """Whether a field is to be cleared that only a new version can be without."""
    return any(name in capabilities.cleared_by_writing and not fields[name] for name in fields)


def _compare(
    desired: Desired,
    observed: Observed,
    capabilities: Capabilities,
    resource: str,
    reading: Reading,
) -> Comparison:
    """Whether the stored value is the desired one, and how we know."""
    payload = desired.payload
    if payload is None or desired.update_value == "never":
        return Comparison(same=True)
    if desired.update_value == "always":
        return Comparison(same=False)
    if desired.value_version is not None:
        same = observed.fields.get(VALUE_VERSION) == desired.value_version
        # The number says when to write. Of the value itself it says nothing.
        return Comparison(same, "value_version", UNKNOWN)
    if reading.tried and reading.permitted:
        same = payload.is_in(reading.content.text)
        differs = CONTRADICTED if reading.content.is_clear(payload.label) else UNKNOWN
        return Comparison(same, "value", PROVEN if same else differs)
    if _reads_first(desired, observed, capabilities) and not reading.tried:
        return Comparison(None, "unknown", UNKNOWN)
    return _by_fingerprint(desired, observed, capabilities, resource)


def _reads_first(desired: Desired, observed: Observed, capabilities: Capabilities) -> bool:
    """Whether a fingerprint counts only if the value cannot be read."""
    if desired.compare == "value":
        return True
    readable = capabilities.value_readable and observed.existence is Existence.LIVE
    prefers = desired.compare == "prefer_value" or (
        desired.compare == "auto" and observed.fingerprint is not None and not observed.bound
    )
    return readable and prefers


def _by_fingerprint(
    desired: Desired, observed: Observed, capabilities: Capabilities, resource: str
) -> Comparison:
    """A fingerprint that was made for another place says nothing, nor does one of another key."""
    fingerprint = observed.fingerprint
    if _fingerprint_matches(desired, observed, resource):
        verdict = PROVEN if capabilities.fingerprint_proves else RECORDED
        return Comparison(True, "fingerprint", verdict)
    if (
        fingerprint is not None
        and fingerprint.comparable(desired.fingerprint_key)
        and fingerprint.made_for(resource)
    ):
        return Comparison(False, "fingerprint", CONTRADICTED)
    return Comparison(None, "unknown", UNKNOWN)


def _fingerprint_matches(desired: Desired, observed: Observed, resource: str) -> bool:
    fingerprint, payload = observed.fingerprint, desired.payload
    if fingerprint is None or payload is None:
        return False
    return fingerprint.matches(payload.text, resource=resource, key=desired.fingerprint_key)
