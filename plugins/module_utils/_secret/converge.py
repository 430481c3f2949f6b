# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring one secret to the desired state, or in check mode say what that would take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from .._core.errors import CollectionError, ConflictError, NotPermittedError, OvertakenError
from .._core.operation import Outcome, Runtime
from .change import Planned, fingerprint_of, make_change, new_value
from .concurrency import (
    fields_overwritten,
    observe_after_write,
    overwritten,
    pause,
    shows_value,
    unsettled,
    value_overwritten,
)
from .content import read_content
from .fingerprint import Fingerprint, new_salt
from .labels import format_of
from .model import Desired, NewValue, Observed
from .origin import origin_of
from .plan import Plan, in_held_format, make_plan
from .refusals import refusal_of
from .remerge import keep_replaced
from .steps import NOT_READ, Reading, Step
from .store import Store
from .taking import merge_refusal
from .value import Content, Form

# How often to write again while somebody else writes as well.
_ATTEMPTS = 8
_OBSERVED_AFTER = (Step.CREATE, Step.RESTORE, Step.UPDATE)


def converge(store: Store, desired: Desired, runtime: Runtime) -> Outcome:
    """Observe, plan, and unless in check mode apply. A second call changes nothing.

    Tasks of one run that write to the same secret do so one after another.
    """
    if runtime.check_mode:
        return _converge(store, desired, runtime)
    with runtime.shared.exclusive(store.lock_name):
        return _converge(store, desired, runtime)


def _converge(store: Store, desired: Desired, runtime: Runtime) -> Outcome:
    planned = _plan(store, desired, store.describe(), runtime)
    outcome = _Report(store, planned)
    if planned.plan.step is Step.NOTHING:
        return outcome.unchanged()
    _check(store, planned)
    if runtime.check_mode:
        return outcome.predicted()
    if planned.plan.step is Step.RESTORE:
        planned, version, outcome = _restore(store, planned, runtime, outcome)
    else:
        planned, version, outcome = _apply_to_current(store, desired, runtime, planned, outcome)
    if planned.plan.step in _OBSERVED_AFTER and store.capabilities.look_after_write:
        return _settle(store, desired, runtime, planned, version, outcome)
    return outcome.done(version)


def _apply_to_current(
    store: Store, desired: Desired, runtime: Runtime, planned: Planned, outcome: _Report
) -> tuple[Planned, str | None, _Report]:
    """Carry out a plan, and make another one whenever somebody else was quicker.

    Each attempt that fails is another's that succeeded. Raises ConflictError if that does not end.
    """
    for _attempt in range(_ATTEMPTS):
        try:
            return planned, _apply(store, planned), outcome
        except OvertakenError:
            planned = _plan(store, desired, store.describe(), runtime)
            _check(store, planned)
            outcome = outcome.extended(planned)
    raise unsettled(store)


def _settle(
    store: Store,
    desired: Desired,
    runtime: Runtime,
    planned: Planned,
    version: str | None,
    outcome: _Report,
) -> Outcome:
    """Observe whether somebody else wrote at the same moment, and reapply until settled.

    Raises ConflictError if the value that was just written is not the current one, or if this
    does not come to an end.
    """
    for attempt in range(_ATTEMPTS):
        now = observe_after_write(store)
        if now is None:
            return outcome.done(version)
        if planned.plan.writes_value:
            now, version = keep_replaced(store, planned, version, now, runtime)
        gone = value_overwritten(store, planned.desired, planned.observed, version, now)
        if gone and planned.plan.writes_value:
            if not _holds_key(store, planned, runtime):
                raise overwritten(store)
            gone = False
        before = None if attempt else planned.observed
        if not gone and not fields_overwritten(store, desired, before, now):
            return outcome.done(version)
        # One's own value is not written again because the look came too early to show it.
        known = gone or shows_value(store, planned.desired, now)
        again = known and desired.update_value != "always"
        wish = desired if again else replace(desired, update_value="never")
        planned = _plan(store, wish, now, runtime)
        if planned.plan.step is Step.NOTHING:
            return outcome.done(now.version)
        _check(store, planned)
        if not attempt:
            runtime.warn(
                f"{store.subject} was changed by somebody else at the same moment, and then changed"
                " again; see that only one run at a time manages it."
            )
        outcome = outcome.extended(planned)
        planned, version, outcome = _apply_to_current(store, wish, runtime, planned, outcome)
        pause(attempt)
    raise unsettled(store)


def _holds_key(store: Store, planned: Planned, runtime: Runtime) -> bool:
    """Whether what somebody else wrote after us has our key under its label all the same."""
    payload = planned.desired.payload
    if payload is None or payload.label is None or not store.capabilities.value_readable:
        return False
    try:
        content = read_content(store, planned.desired.label, runtime)
    except NotPermittedError:
        return False
    return content.form is Form.OBJECT and payload.is_in(content.text)


def _plan(store: Store, desired: Desired, observed: Observed, runtime: Runtime) -> Planned:
    """The plan, with the value read only if it cannot be made without. Raises its refusals."""
    reading = NOT_READ
    wish = in_held_format(desired, observed)
    plan = make_plan(wish, observed, store.capabilities, resource=store.resource)
    if plan.step is Step.READ_VALUE:
        reading = _read(store, wish, observed, runtime)
        wish = in_held_format(desired, observed, reading)
        plan = make_plan(
            wish, observed, store.capabilities, resource=store.resource, reading=reading
        )
    if refusal := refusal_of(store, wish, plan, reading):
        raise refusal
    if plan.writes_value and observed.value_refusal is not None:
        raise observed.value_refusal
    return Planned(wish, observed, plan, reading, observed.salt or new_salt())


def _check(store: Store, planned: Planned) -> None:
    """Raise for what the vault would refuse, before anything is written."""
    store.check(planned.plan.fields, planned.observed, _written_value(store, planned))


def _written_value(store: Store, planned: Planned) -> NewValue | None:
    """What is to be written; None if the value stays."""
    desired = planned.desired
    if planned.plan.step is Step.CREATE and desired.payload is not None:
        return new_value(store, desired, desired.payload, planned.reading, planned.salt)
    writes = planned.plan.writes_value and planned.plan.step is not Step.DELETE
    return make_change(store, planned).value if writes else None


def _read(store: Store, desired: Desired, observed: Observed, runtime: Runtime) -> Reading:
    try:
        content = read_content(store, desired.label, runtime)
    except NotPermittedError as refusal:
        return Reading(tried=True, refusal=refusal)
    except ConflictError:
        # It is deleted: the right is there, the value is not yet.
        return Reading(tried=True)
    if not observed.ours or desired.on_foreign == "adopt":
        return Reading(tried=True, content=content)
    try:
        origin = origin_of(store, desired, content, runtime)
    except NotPermittedError as refusal:
        return Reading(tried=True, content=content, undecided=refusal)
    return Reading(tried=True, content=content, origin=origin)


def _restore(
    store: Store, planned: Planned, runtime: Runtime, outcome: _Report
) -> tuple[Planned, str | None, _Report]:
    """Bring a deleted secret back, and then do what else was planned.

    Only then its value can be read. What is refused now leaves it restored, which the error says.
    """
    store.restore()
    restored = store.describe()
    try:
        later = _after_restore(store, planned, restored, runtime)
    except CollectionError as refusal:
        told = f"{refusal.reason}; it was deleted, was restored to look at its value, and is live"
        raise refusal.told_as(reason=told) from None
    if later is None:
        return planned, restored.version, outcome
    if later.plan.changes:
        outcome = outcome.extended(later)
    version = _apply(store, later)
    # What is looked at afterwards is what was planned in the first place.
    return planned._replace(desired=later.desired), version, outcome


def _after_restore(
    store: Store, planned: Planned, restored: Observed, runtime: Runtime
) -> Planned | None:
    """What is left to do; None for nothing. Raises what refuses it."""
    if planned.observed.fingerprint not in (None, restored.fingerprint):
        # Our note belonged to another version than the one that was there last.
        later = _plan(store, planned.desired, restored, runtime)
        _check(store, later)
        return later
    rest = tuple(name for name in planned.plan.changes if name != "state")
    if not rest:
        return None
    desired, reading = planned.desired, NOT_READ
    if planned.plan.writes_value and not restored.sole_label:
        reading = _read(store, desired, restored, runtime)
        desired = in_held_format(desired, restored, reading)
        merge = Plan(merge_refusal(desired, reading))
        if refusal := refusal_of(store, desired, merge, reading):
            raise refusal
    update = replace(planned.plan, step=Step.UPDATE, changes=rest)
    return Planned(desired, restored, update, reading, planned.salt)


def _apply(store: Store, planned: Planned) -> str | None:
    """Carry out one step. Returns the id of the version that is current afterwards."""
    observed, plan = planned.observed, planned.plan
    if plan.step is Step.NOTHING:
        return observed.version
    if plan.step is Step.DELETE:
        store.delete()
        return None
    value = _written_value(store, planned)
    if plan.step is Step.CREATE and value is not None:
        return store.create(value, plan.fields)
    return store.update(make_change(store, planned), observed)


class _Report:
    """Turns what was observed and planned into an Outcome."""

    def __init__(self, store: Store, planned: Planned) -> None:
        self._store = store
        self._planned = planned
        self._desired = planned.desired
        self._observed = planned.observed
        self._plan = planned.plan
        self._salt = planned.salt

    def extended(self, later: Planned) -> _Report:
        """The same, after one more step."""
        plan = later.plan
        changes = tuple(dict.fromkeys((*self._plan.changes, *plan.changes)))
        whole = replace(self._plan, changes=changes, fields={**self._plan.fields, **plan.fields})
        planned = self._planned._replace(desired=later.desired, plan=whole, salt=later.salt)
        return _Report(self._store, planned)

    def unchanged(self) -> Outcome:
        observed = self._observed
        state = _shown(observed.existence.value, observed.fields)
        values = self._values(observed.version, (), observed.fingerprint, observed.fields)
        return Outcome(changed=False, values=values, before=state, after=state)

    def predicted(self) -> Outcome:
        """In check mode the id of a new version is unknown, and so is a new salt."""
        fingerprint = self._fingerprint() if self._observed.salt else None
        keeps_version = not self._plan.writes_value and self._plan.step is not Step.DELETE
        version = self._observed.version if keeps_version else None
        return self._changed(version, fingerprint, self._observed.fields)

    def done(self, version: str | None) -> Outcome:
        fields = {**self._observed.fields, **self._plan.fields}
        return self._changed(version, self._fingerprint(), fields)

    def _changed(
        self,
        version: str | None,
        fingerprint: Fingerprint | None,
        fields: Mapping[str, object],
    ) -> Outcome:
        """fields: the metadata that there are when the task ends."""
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
        if self._store.capabilities.labels:
            before |= self._format_before()
            after |= self._format_after(gone)
        if "ownership" in changes:
            before["ours"], after["ours"] = False, True
        return Outcome(
            changed=True,
            values=self._values(version, changes, fingerprint, fields),
            before=before,
            after=after,
        )

    def _format_before(self) -> dict[str, object]:
        """How the value was stored, as far as that is known: forms and labels, never values."""
        content, label = self._planned.reading.content, self._desired.label
        if content.form is not Form.NOTHING:
            return _format(content)
        if self._observed.sole_label:
            labels = [] if label is None or self._observed.plain_text else [label]
            return {"format": format_of(labels[0] if labels else None), "labels": labels}
        return {}

    def _format_after(self, gone: bool) -> dict[str, object]:
        if gone:
            return {}
        before, label = self._format_before(), self._desired.label
        if "value" not in self._plan.changes:
            return before
        if label is None:
            return {"format": format_of(None), "labels": []}
        content = self._planned.reading.content
        others = {*content.labels} - {label} if content.form is Form.OBJECT else set()
        own = {label} if self._desired.payload else set()
        return {
            "format": before["format"] if others else format_of(label),
            "labels": sorted(others | own),
        }

    def _fingerprint(self) -> Fingerprint | None:
        """What the store holds after the planned changes."""
        payload = self._desired.payload
        if payload is None and not self._desired.metadata_only:
            return None
        if payload is not None and {"value", "fingerprint"} & set(self._plan.changes):
            return fingerprint_of(self._store, self._desired, payload.text, self._salt)
        return self._observed.fingerprint

    def _values(
        self,
        version: str | None,
        changes: tuple[str, ...],
        fingerprint: Fingerprint | None,
        fields: Mapping[str, object],
    ) -> dict[str, object]:
        payload, refusal = self._desired.payload, self._planned.reading.refusal
        values: dict[str, object] = {
            **self._store.values(),
            "changes": list(changes),
            "verified_by": self._plan.verified_by,
            "verdict": self._plan.verdict,
            "unread_because": refusal.reason if refusal else None,
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
        wanted = payload is not None or self._desired.metadata_only
        if wanted and (unreadable := self._store.unreadable(fields)):
            values["unreadable_because"] = unreadable
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


def _format(content: Content) -> dict[str, object]:
    if content.form is Form.KEY:
        return {"format": format_of(None), "labels": []}
    if content.form is not Form.OBJECT:
        return {"format": content.what, "labels": []}
    name = "key_value in binary" if content.binary else "key_value"
    return {"format": name, "labels": sorted(content.labels)}


def _short(fingerprint: Fingerprint | None) -> str | None:
    return fingerprint.short if fingerprint else None


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
