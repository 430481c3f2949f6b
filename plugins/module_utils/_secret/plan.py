# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is wanted and what is there to what is to be done. Pure: no vault is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .._core.verdicts import CONTRADICTED, PROVEN, RECORDED, UNKNOWN
from .labels import DEFAULT_LABEL
from .model import VALUE_VERSION, Capabilities, Desired, Existence, FieldKind, Observed
from .steps import NOT_READ, Reading, Step, merge_refusal
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


class _Case(NamedTuple):
    """What a plan is made from."""

    desired: Desired
    observed: Observed
    capabilities: Capabilities
    resource: str
    reading: Reading


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
    case = _Case(desired, observed, capabilities, resource, reading)
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
    return _plan_present(case)


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


def _plan_present(case: _Case) -> Plan:
    """For a secret that is live, or deleted and to be restored."""
    desired, observed, capabilities, _resource, _reading = case
    deleted = observed.existence is Existence.DELETED
    compared = _compare(case._replace(reading=NOT_READ) if deleted else case)
    write = not compared.same if compared.same is not None else desired.on_unknown == "write"
    if undecided := _undecided(case, compared, write=write):
        return undecided
    fields = _fields_to_change(desired, observed, capabilities)
    if not write and _clears(fields, capabilities):
        if not compared.was_made:
            return Plan(Step.REFUSE_CLEARING)
        write = True
    changes = ["value"] if write else []
    if not observed.ours:
        changes.append("ownership")
    elif not write and not deleted and compared.was_made and _lacks_fingerprint(case):
        changes.append("fingerprint")
    changes.extend(fields)
    if changes and not write and capabilities.replaces_whole and not compared.was_made:
        if desired.update_value == "never":
            return Plan(Step.REFUSE_CLEARING)
        changes.insert(0, "value")
    if deleted:
        return _plan(Step.RESTORE, compared, ("state", *changes), fields)
    return _plan(Step.UPDATE if changes else Step.NOTHING, compared, tuple(changes), fields)


def _clears(fields: Mapping[str, object], capabilities: Capabilities) -> bool:
    """Whether a field is to be cleared that only a new version can be without."""
    return any(name in capabilities.cleared_by_writing and not fields[name] for name in fields)


def _undecided(case: _Case, compared: Comparison, *, write: bool) -> Plan | None:
    """What comes first where it is not known whether the value has to, or may, be written."""
    desired, reading = case.desired, case.reading
    if case.observed.existence is Existence.LIVE:
        may_read = case.capabilities.value_readable and not reading.tried
        if compared.same is None and desired.compare != "fingerprint" and may_read:
            return Plan(Step.READ_VALUE)
        if desired.compare == "value" and not reading.permitted:
            return Plan(Step.REFUSE_UNREADABLE)
    if compared.same is None and desired.on_unknown == "fail":
        return _plan(Step.REFUSE_UNKNOWN, compared)
    if write and not case.observed.sole_label:
        # Other labels may be there; they have to be read in order to be kept. Of a deleted secret
        # this finds out whether that is permitted.
        step = merge_refusal(desired, reading) if reading.tried else Step.READ_VALUE
        return None if step is Step.NOTHING else Plan(step)
    return None


def _plan(
    step: Step,
    compared: Comparison,
    changes: tuple[str, ...] = (),
    fields: Mapping[str, object] | None = None,
) -> Plan:
    return Plan(step, changes, fields or {}, compared.verified_by, compared.verdict)


def _lacks_fingerprint(case: _Case) -> bool:
    """Whether the current one could be stored beside the value, and is not."""
    stamps = case.observed.certain and case.capabilities.stamp_without_write
    return stamps and not _fingerprint_matches(case)


def _compare(case: _Case) -> Comparison:
    """Whether the stored value is the desired one, and how we know."""
    desired, reading = case.desired, case.reading
    payload = desired.payload
    if payload is None or desired.update_value == "never":
        return Comparison(same=True)
    if desired.update_value == "always":
        return Comparison(same=False)
    if desired.value_version is not None:
        same = case.observed.fields.get(VALUE_VERSION) == desired.value_version
        # The number says when to write. Of the value itself it says nothing.
        return Comparison(same, "value_version", UNKNOWN)
    if reading.tried and reading.permitted:
        same = payload.is_in(reading.content.text)
        differs = CONTRADICTED if reading.content.is_clear(payload.label) else UNKNOWN
        return Comparison(same, "value", PROVEN if same else differs)
    if _reads_first(case) and not reading.tried:
        return Comparison(None, "unknown", UNKNOWN)
    return _by_fingerprint(case)


def _reads_first(case: _Case) -> bool:
    """Whether a fingerprint counts only if the value cannot be read."""
    desired, observed = case.desired, case.observed
    if desired.compare == "value":
        return True
    readable = case.capabilities.value_readable and observed.existence is Existence.LIVE
    prefers = desired.compare == "prefer_value" or (
        desired.compare == "auto" and observed.fingerprint is not None and not observed.bound
    )
    return readable and prefers


def _by_fingerprint(case: _Case) -> Comparison:
    """A fingerprint that was made for another place says nothing, nor does one of another key."""
    fingerprint = case.observed.fingerprint
    if _fingerprint_matches(case):
        verdict = PROVEN if case.capabilities.fingerprint_proves else RECORDED
        return Comparison(True, "fingerprint", verdict)
    if (
        fingerprint is not None
        and fingerprint.comparable(case.desired.fingerprint_key)
        and fingerprint.made_for(case.resource)
    ):
        return Comparison(False, "fingerprint", CONTRADICTED)
    return Comparison(None, "unknown", UNKNOWN)


def _fingerprint_matches(case: _Case) -> bool:
    fingerprint, payload = case.observed.fingerprint, case.desired.payload
    if fingerprint is None or payload is None:
        return False
    key = case.desired.fingerprint_key
    return fingerprint.matches(payload.text, resource=case.resource, key=key)
