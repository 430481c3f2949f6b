# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was observed and planned, and what came of it, as the result of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from .._core.operation import Outcome
from .change import Planned, fingerprint_of
from .fingerprint import Fingerprint
from .labels import format_of
from .steps import Step
from .store import Store
from .value import Form


class Report:
    """Turns what was observed and planned into an Outcome."""

    def __init__(self, store: Store, planned: Planned) -> None:
        self._store = store
        self._planned = planned
        self._desired = planned.desired
        self._observed = planned.observed
        self._plan = planned.plan
        self._salt = planned.salt

    def extended(self, later: Planned) -> Report:
        """The same, after one more step."""
        plan = later.plan
        changes = tuple(dict.fromkeys((*self._plan.changes, *plan.changes)))
        whole = replace(self._plan, changes=changes, fields={**self._plan.fields, **plan.fields})
        planned = self._planned._replace(desired=later.desired, plan=whole, salt=later.salt)
        return Report(self._store, planned)

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
            return content.shown()
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

    def _value_problem(self) -> str | None:
        """Of the value that was read."""
        payload = self._desired.payload
        given = payload.key.value if payload else None
        return self._planned.reading.content.problem(self._desired.label, given)

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
            "value_problem": self._value_problem(),
            "fingerprint": _short(fingerprint),
            "created": utc(self._observed.created),
            "last_changed": utc(self._observed.changed),
            # The value is written now, so its date is known.
            "value_since": None if "value" in changes else utc(self._store.value_since()),
        }
        values["label"] = self._desired.label
        if self._store.capabilities.labels:
            values["format"] = format_of(self._desired.label)
        if self._store.capabilities.versions:
            values["version_before"] = self._observed.version
            values["version"] = version
        if "expires_on" in fields:
            values["expires_on"] = fields["expires_on"] or None
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


def _short(fingerprint: Fingerprint | None) -> str | None:
    return fingerprint.short if fingerprint else None


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
