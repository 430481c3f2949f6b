# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan where a field can only be cleared by writing the value, and where deletion is final."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    NotPermittedError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Capabilities,
    Desired,
    Existence,
    FieldKind,
    Observed,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.plan import Plan, make_plan
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.steps import (
    NOT_READ,
    Reading,
    Step,
)
from unit.fakes import reading
from unit.keys import new_key

PLACE, SALT, KEY = "fake:shop", new_salt(), new_key()
CAPABILITIES = Capabilities(
    value_readable=True,
    soft_delete=True,
    versions=True,
    stamp_without_write=True,
    cleared_by_writing=frozenset({"expires_on"}),
    fields={"expires_on": FieldKind.SCALAR, "text": FieldKind.SCALAR},
)
STAMP = Fingerprint.of(KEY.value, resource=PLACE, salt=SALT)
DATED = {"expires_on": "2030-01-01", "text": "shop"}
HELD = Observed(Existence.LIVE, True, SALT, STAMP, sole_label=True, fields=DATED)
DELETED = replace(HELD, existence=Existence.DELETED)
CLEARED = Desired(Payload(KEY), fields={"expires_on": ""})


def plan(desired: Desired, observed: Observed, reading: Reading = NOT_READ) -> Plan:
    return make_plan(desired, observed, CAPABILITIES, resource=PLACE, reading=reading)


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({"expires_on": ""}, ("value", "expires_on")),
        ({"expires_on": "2031-01-01"}, ("expires_on",)),
        ({"text": ""}, ("text",)),
    ],
)
def test_only_clearing_writes_the_value(
    fields: dict[str, object], changes: tuple[str, ...]
) -> None:
    desired = replace(CLEARED, fields=fields)
    assert plan(desired, HELD).changes == changes
    assert plan(desired, DELETED).changes == ("state", *changes)


def test_what_is_clear_stays_so_without_a_write() -> None:
    clear = replace(HELD, fields={**DATED, "expires_on": ""})
    assert plan(CLEARED, clear).step is Step.NOTHING
    assert plan(CLEARED, replace(clear, existence=Existence.DELETED)).changes == ("state",)


def test_a_value_that_was_read_needs_no_fingerprint_of_its_own() -> None:
    unstamped = replace(HELD, fingerprint=None)
    made = plan(CLEARED, unstamped, reading(KEY.value))
    assert made.changes == ("value", "expires_on")


@pytest.mark.parametrize(
    ("desired", "observed", "reading"),
    [
        pytest.param(replace(CLEARED, update_value="never"), HELD, NOT_READ, id="never"),
        pytest.param(
            replace(CLEARED, fields={"expires_on": "", "value_version": 1}),
            replace(HELD, fields={**DATED, "value_version": 1}),
            NOT_READ,
            id="a number that says nothing of the value",
        ),
        pytest.param(
            replace(CLEARED, on_unknown="keep"),
            replace(HELD, fingerprint=None),
            Reading(tried=True, refusal=NotPermittedError("s", "r", "c")),
            id="an unknown value that is to be kept",
        ),
    ],
)
def test_a_value_that_is_not_known_to_be_the_same_is_not_overwritten(
    desired: Desired, observed: Observed, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {**CAPABILITIES.fields, "value_version": FieldKind.SCALAR}
    monkeypatch.setitem(globals(), "CAPABILITIES", replace(CAPABILITIES, fields=fields))
    assert plan(desired, observed, reading).step is Step.REFUSE_CLEARING
    kept = replace(observed, existence=Existence.DELETED)
    assert plan(desired, kept).step is Step.REFUSE_CLEARING


@pytest.mark.parametrize(
    ("desired", "observed", "step"),
    [
        (Desired(None), DELETED, Step.NOTHING),
        (Desired(None, purge=True), DELETED, Step.DELETE),
        (Desired(None, purge=True), HELD, Step.DELETE),
        (Desired(None, purge=True), Observed(Existence.ABSENT), Step.NOTHING),
        (Desired(None, purge=True), replace(DELETED, ours=False), Step.REFUSE_FOREIGN),
        (Desired(None, purge=True), replace(HELD, ours=False), Step.REFUSE_FOREIGN),
    ],
)
def test_purging_reaches_what_was_deleted_before(
    desired: Desired, observed: Observed, step: Step
) -> None:
    assert plan(desired, observed).step is step
