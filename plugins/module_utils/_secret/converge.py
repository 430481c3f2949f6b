# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring one secret to the desired state, or in check mode say what that would take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from .._core.errors import (
    CollectionError,
    ConflictError,
    ForeignObjectError,
    NotFoundError,
    NotPermittedError,
)
from .._core.operation import Outcome, Runtime
from .._stripe.key import MIN_LENGTH
from .fingerprint import Fingerprint, new_salt
from .labels import format_of, labels_of, without_label
from .model import Change, Desired, NewValue, Observed, Payload
from .plan import NOT_READ, Plan, Reading, Step, make_plan, merge_refusal
from .rivals import is_contested, is_overtaken, look, overtaken, pause, shows_value, unsettled
from .store import Store

# How often to look after writing, and to write again, while somebody else writes as well.
_ATTEMPTS = 8
_LOOKED_AFTER = (Step.CREATE, Step.RESTORE, Step.UPDATE)


def converge(store: Store, desired: Desired, runtime: Runtime) -> Outcome:
    """Observe, plan, and unless in check mode apply. A second call changes nothing."""
    observed = store.describe()
    plan, reading = _plan(store, desired, observed, runtime)
    salt = observed.salt or new_salt()
    outcome = _Report(store, desired, observed, plan, salt)
    if plan.step is Step.NOTHING:
        return outcome.unchanged()
    store.check(plan.fields, observed)
    if runtime.check_mode:
        return outcome.predicted()
    if plan.step is Step.RESTORE:
        version = _restore(store, desired, plan, runtime, salt)
    else:
        version = _apply(store, desired, observed, plan, reading, salt)
    if plan.step in _LOOKED_AFTER and store.capabilities.look_after_write:
        return _settle(store, desired, runtime, _Written(observed, plan, version), outcome)
    return outcome.done(version)


class _Written(NamedTuple):
    """What was done: as planned for what was observed; and the version that was current then."""

    observed: Observed
    plan: Plan
    version: str | None


def _settle(
    store: Store, desired: Desired, runtime: Runtime, written: _Written, outcome: _Report
) -> Outcome:
    """Look whether somebody else wrote at the same moment, and if so go on until all is one's own.

    Raises ConflictError if the value that was just written is not the current one, or if this
    does not come to an end.
    """
    for attempt in range(_ATTEMPTS):
        before, plan, version = written
        now = look(store)
        if now is None:
            return outcome.done(version)
        gone = is_overtaken(store, desired, before, version, now)
        if gone and plan.writes_value:
            raise overtaken(store)
        if not gone and not is_contested(store, desired, None if attempt else before, now):
            return outcome.done(version)
        # One's own value is not written again because the look came too early to show it.
        known = gone or (shows_value(store, desired, now) and desired.update_value != "always")
        wish = desired if known else replace(desired, update_value="never")
        plan, reading = _plan(store, wish, now, runtime)
        if plan.step is Step.NOTHING:
            return outcome.done(now.version)
        store.check(plan.fields, now)
        if not attempt:
            runtime.warn(
                f"{store.subject} was changed by somebody else at the same moment, and then changed"
                " again; see that only one run at a time manages it."
            )
        salt = now.salt or new_salt()
        version = _apply(store, wish, now, plan, reading, salt)
        outcome = outcome.extended(plan, salt)
        written = _Written(now, plan, version)
        pause(attempt)
    raise unsettled(store)


def _plan(
    store: Store, desired: Desired, observed: Observed, runtime: Runtime
) -> tuple[Plan, Reading]:
    """The plan, with the value read only if it cannot be made without. Raises its refusals."""
    reading = NOT_READ
    plan = make_plan(desired, observed, store.capabilities, resource=store.resource)
    if plan.step is Step.READ_VALUE:
        reading = _read(store, runtime)
        plan = make_plan(
            desired, observed, store.capabilities, resource=store.resource, reading=reading
        )
    if refusal := _refusal(store, desired, plan, reading):
        raise refusal
    if plan.writes_value and observed.value_refusal is not None:
        raise observed.value_refusal
    return plan, reading


def _read(store: Store, runtime: Runtime) -> Reading:
    try:
        text = store.read_value()
    except NotPermittedError as refusal:
        return Reading(tried=True, refusal=refusal)
    except ConflictError:
        # It is deleted: the right is there, the value is not yet.
        return Reading(tried=True)
    if text:
        runtime.protect(text)
    try:
        labels = labels_of(text)
    except RecursionError:
        raise ConflictError(
            store.subject, "its value is JSON that is nested too deeply", "use another name"
        ) from None
    for value in labels.values():
        # Shorter ones may be ordinary words, which results are full of.
        if isinstance(value, str) and len(value) >= MIN_LENGTH:
            runtime.protect(value)
    return Reading(tried=True, text=text)


def _restore(store: Store, desired: Desired, plan: Plan, runtime: Runtime, salt: str) -> str | None:
    """Bring a deleted secret back, and then do what else was planned."""
    store.restore()
    restored = store.describe()
    rest = tuple(name for name in plan.changes if name != "state")
    if not rest:
        return restored.version
    reading = NOT_READ
    if plan.writes_value and not restored.sole_label:
        reading = _read(store, runtime)
        merge = Plan(merge_refusal(desired, reading))
        if refusal := _refusal(store, desired, merge, reading):
            raise refusal
    update = replace(plan, step=Step.UPDATE, changes=rest)
    return _apply(store, desired, restored, update, reading, salt)


def _refusal(
    store: Store, desired: Desired, plan: Plan, reading: Reading
) -> CollectionError | None:
    if plan.step is Step.REFUSE_FOREIGN:
        return ForeignObjectError(
            store.subject,
            "it exists but was not made by maia.stripe_query",
            "choose another name, or set on_foreign to adopt to take it over",
        )
    if plan.step is Step.REFUSE_UNKNOWN:
        return _unknown(store, desired, reading)
    if plan.step is Step.REFUSE_UNREADABLE and reading.refusal is not None:
        return _unreadable(desired, reading.refusal)
    if plan.step is Step.REFUSE_OTHER_LABELS:
        return ConflictError(
            store.subject,
            "it is a JSON object with several labels, which are not all ours",
            "set format to key_value and label to the one that is meant, or use another name",
        )
    if plan.step is Step.REFUSE_WITHOUT_KEY:
        return NotFoundError(
            store.subject, "it does not exist, and there is no key to make it with", "give api_key"
        )
    if plan.step is Step.REFUSE_CLEARING:
        return ConflictError(
            store.subject,
            "this change can only be made by writing the value, which is to stay as it is or cannot"
            " be compared",
            "leave the change out, or give api_key and set update_value to always once",
        )
    return None


def _unknown(store: Store, desired: Desired, reading: Reading) -> CollectionError:
    reason = "it cannot be known whether its value is the desired one"
    cure = "set on_unknown to write or keep"
    if reading.refusal is not None:
        reason += f", since {reading.refusal.reason}"
        cure += f", or {reading.refusal.cure}"
    elif store.capabilities.value_readable and desired.compare == "fingerprint":
        cure += ", or compare to auto"
    return ConflictError(store.subject, reason, cure)


def _unreadable(desired: Desired, refusal: CollectionError) -> CollectionError:
    """The vault's own refusal, and what for its value had to be read."""
    compares = desired.payload is not None and desired.compare == "value"
    purpose = "to compare it" if compares else "to keep the other labels in it"
    return type(refusal)(
        refusal.subject,
        refusal.reason,
        refusal.cure,
        attempt=f"{refusal.attempt} {purpose}",
        code=refusal.code,
        status=refusal.status,
        request_id=refusal.request_id,
    )


def _apply(
    store: Store, desired: Desired, observed: Observed, plan: Plan, reading: Reading, salt: str
) -> str | None:
    """Carry out one step. Returns the id of the version that is current afterwards."""
    if plan.step is Step.NOTHING:
        return observed.version
    if plan.step is Step.DELETE:
        store.delete()
        return None
    if plan.step is Step.CREATE and desired.payload is not None:
        value = _new_value(store, desired, desired.payload, reading, salt)
        return store.create(value, plan.fields)
    return store.update(_change(store, desired, plan, reading, salt), observed)


def _change(store: Store, desired: Desired, plan: Plan, reading: Reading, salt: str) -> Change:
    if desired.metadata_only:
        return Change(salt, fields=plan.fields)
    if desired.payload is None:
        rest = without_label(reading.text, desired.label or "") or ""
        fingerprint = _fingerprint(store, desired, rest, salt)
        return Change(salt, NewValue(rest, fingerprint, sole_label=False), fingerprint)
    value = _new_value(store, desired, desired.payload, reading, salt)
    if plan.writes_value or store.capabilities.replaces_whole:
        return Change(salt, value, value.fingerprint, plan.fields)
    if plan.verified_by not in ("value", "fingerprint"):
        return Change(salt, None, None, plan.fields)
    held = None if desired.update_value == "never" else value
    return Change(salt, None, value.fingerprint, plan.fields, held)


def _new_value(
    store: Store, desired: Desired, payload: Payload, reading: Reading, salt: str
) -> NewValue:
    text = payload.merged_into(reading.text)
    fingerprint = _fingerprint(store, desired, payload.text, salt)
    return NewValue(text, fingerprint, sole_label=text == payload.text)


def _fingerprint(store: Store, desired: Desired, text: str, salt: str) -> Fingerprint:
    return Fingerprint.of(text, resource=store.resource, salt=salt, key=desired.fingerprint_key)


class _Report:
    """Turns what was observed and planned into an Outcome."""

    def __init__(
        self, store: Store, desired: Desired, observed: Observed, plan: Plan, salt: str
    ) -> None:
        self._store = store
        self._desired = desired
        self._observed = observed
        self._plan = plan
        self._salt = salt

    def extended(self, plan: Plan, salt: str) -> _Report:
        """The same, after one more step."""
        changes = tuple(dict.fromkeys((*self._plan.changes, *plan.changes)))
        whole = replace(self._plan, changes=changes, fields={**self._plan.fields, **plan.fields})
        return _Report(self._store, self._desired, self._observed, whole, salt)

    def unchanged(self) -> Outcome:
        observed = self._observed
        state = _shown(observed.existence.value, observed.fields)
        values = self._values(observed.version, (), observed.fingerprint)
        return Outcome(changed=False, values=values, before=state, after=state)

    def predicted(self) -> Outcome:
        """In check mode the id of a new version is unknown, and so is a new salt."""
        fingerprint = self._fingerprint() if self._observed.salt else None
        keeps_version = not self._plan.writes_value and self._plan.step is not Step.DELETE
        return self._changed(self._observed.version if keeps_version else None, fingerprint)

    def done(self, version: str | None) -> Outcome:
        return self._changed(version, self._fingerprint())

    def _changed(self, version: str | None, fingerprint: Fingerprint | None) -> Outcome:
        changes = self._plan.changes
        gone = self._plan.step is Step.DELETE
        before = _shown(self._observed.existence.value, self._observed.fields)
        after_fields = {} if gone else {**self._observed.fields, **self._plan.fields}
        after = _shown("absent" if gone else "present", after_fields)
        if self._observed.salt and not gone:
            before["fingerprint"] = _short(self._observed.fingerprint)
            after["fingerprint"] = _short(fingerprint)
        if "value" in changes and self._desired.payload is not None:
            before["value"] = "(none)" if self._plan.step is Step.CREATE else "(another)"
            after["value"] = self._desired.payload.key.masked
        if "ownership" in changes:
            before["ours"], after["ours"] = False, True
        return Outcome(
            changed=True,
            values=self._values(version, changes, fingerprint),
            before=before,
            after=after,
        )

    def _fingerprint(self) -> Fingerprint | None:
        """What the store holds after the planned changes."""
        payload = self._desired.payload
        if payload is None and not self._desired.metadata_only:
            return None
        if payload is not None and {"value", "fingerprint"} & set(self._plan.changes):
            return _fingerprint(self._store, self._desired, payload.text, self._salt)
        return self._observed.fingerprint

    def _values(
        self, version: str | None, changes: tuple[str, ...], fingerprint: Fingerprint | None
    ) -> dict[str, object]:
        payload = self._desired.payload
        values: dict[str, object] = {
            **self._store.values(),
            "changes": list(changes),
            "verified_by": self._plan.verified_by,
            "fingerprint": _short(fingerprint),
            "created": utc(self._observed.created),
            "last_changed": utc(self._observed.changed),
        }
        values["label"] = self._desired.label
        if self._store.capabilities.labels:
            values["format"] = format_of(self._desired.label)
        if self._store.capabilities.versions:
            values["version_before"] = self._observed.version
            values["version"] = version
        if payload is not None:
            values["api_key"] = payload.key.describe()
        return values


def _shown(existence: str, fields: Mapping[str, object]) -> dict[str, object]:
    """One side of a diff."""
    shown = {
        name: sorted(str(member) for member in value) if isinstance(value, frozenset) else value
        for name, value in fields.items()
    }
    return {"state": existence, **shown}


def _short(fingerprint: Fingerprint | None) -> str | None:
    return fingerprint.short if fingerprint else None


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
