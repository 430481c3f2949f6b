# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring one secret to the desired state, or in check mode say what that would take."""

from __future__ import annotations

from dataclasses import replace

from .._core.errors import CollectionError, ConflictError, NotPermittedError, OvertakenError
from .._core.operation import Outcome, Runtime, in_turn
from .._core.wording import listed
from .change import Planned, make_change, new_value
from .concurrency import (
    fields_overwritten,
    keep_replaced,
    observe_after_write,
    overwritten,
    pause,
    shows_value,
    unsettled,
    value_overwritten,
)
from .fingerprint import new_salt
from .model import Desired, NewValue, Observed
from .origin import origin_of
from .plan import Plan, in_held_format, make_plan
from .refusals import refusal_of
from .report import Report
from .steps import NOT_READ, Reading, Step, merge_refusal
from .store import Store
from .value import Form

# How often to write again while another writer writes too.
_ATTEMPTS = 8
_OBSERVED_AFTER = (Step.CREATE, Step.RESTORE, Step.UPDATE)


def converge(store: Store, desired: Desired, runtime: Runtime) -> Outcome:
    """Observe, plan, and unless in check mode apply. A second call changes nothing.

    Tasks of one run that write to the same secret do so one after another.
    """
    with in_turn(runtime, store.lock_name):
        return _converge(store, desired, runtime)


def _converge(store: Store, desired: Desired, runtime: Runtime) -> Outcome:
    planned = _plan(store, desired, store.describe(), runtime)
    outcome = Report(store, planned)
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
    store: Store, desired: Desired, runtime: Runtime, planned: Planned, outcome: Report
) -> tuple[Planned, str | None, Report]:
    """Apply the plan, and plan again whenever another writer was faster.

    Each failed attempt means that another writer succeeded. Raises ConflictError after too many.
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
    outcome: Report,
) -> Outcome:
    """Detect concurrent writes, and reapply until settled.

    Raises ConflictError if the value that was just written is not current, or after too many
    attempts.
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
        # Do not write our value again just because the read was too early to show it.
        known = gone or shows_value(store, planned.desired, now)
        again = known and desired.update_value != "always"
        wish = desired if again else replace(desired, update_value="never")
        planned = _plan(store, wish, now, runtime)
        if planned.plan.step is Step.NOTHING:
            return outcome.done(now.version)
        _check(store, planned)
        if not attempt:
            runtime.warn(
                f"Another writer changed {store.subject} at the same time, so it was changed again;"
                " make sure that only one run at a time manages it."
            )
        outcome = outcome.extended(planned)
        planned, version, outcome = _apply_to_current(store, wish, runtime, planned, outcome)
        pause(attempt)
    raise unsettled(store)


def _holds_key(store: Store, planned: Planned, runtime: Runtime) -> bool:
    """Whether the value that another writer stored after ours still has our key under its label."""
    payload = planned.desired.payload
    if payload is None or payload.label is None or not store.capabilities.value_readable:
        return False
    try:
        content = store.read_content(planned.desired.label, runtime)
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
    if plan.writes_value and plan.step is Step.UPDATE and _is_unseen(store, plan):
        runtime.warn(
            f"{store.subject}: its value is replaced, whatever it is, since the vault shows no"
            " values and this collection did not write it."
        )
    return Planned(wish, observed, plan, reading, observed.salt or new_salt())


def _is_unseen(store: Store, plan: Plan) -> bool:
    """Whether nobody can tell what is stored, and nothing of ours says so either."""
    return not store.capabilities.value_readable and plan.verified_by == "unknown"


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
        content = store.read_content(desired.label, runtime)
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
    store: Store, planned: Planned, runtime: Runtime, outcome: Report
) -> tuple[Planned, str | None, Report]:
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
        if others := sorted(reading.content.labels.keys() - {desired.label}):
            runtime.warn(
                f"{store.subject} had been deleted and is live again, with its other labels as"
                f" well: {listed(others)}. Remove those whose keys were revoked."
            )
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
