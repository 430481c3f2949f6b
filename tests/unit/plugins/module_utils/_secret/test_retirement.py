# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Earlier versions are made unusable when their time of grace is over, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.retirement import (
    Past,
    grace_from,
    retire_previous,
)
from unit.fakes import FakeRuntime

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


class Vault:
    subject = "Secret 'shop'"

    def __init__(self, past: Past | None) -> None:
        self._past = past
        self.asked = 0
        self.retired: list[str] = []

    def past(self) -> Past | None:
        self.asked += 1
        return self._past

    def retire(self, version: str) -> None:
        self.retired.append(version)


def outcome(*changes: str) -> Outcome:
    values: dict[str, object] = {"name": "shop", "changes": list(changes)}
    return Outcome(changed=bool(changes), values=values, before={"state": "present"}, after={})


def retired(vault: Vault, before: Outcome, days: int | None = 7, *, check: bool = False) -> Outcome:
    runtime = FakeRuntime()
    runtime.check_mode = check
    grace = None if days is None else timedelta(days=days)
    return retire_previous(vault, before, grace, runtime, lambda: NOW)


@pytest.mark.parametrize(
    ("age", "days", "gone"),
    [(7, 7, True), (6.99, 7, False), (0, 0, True), (400, 7, True), (400, None, False)],
)
def test_the_time_of_grace_is_that_of_the_current_version(
    age: float, days: int | None, gone: bool
) -> None:
    vault = Vault(Past(NOW - timedelta(days=age), ("old", "older")))
    done = retired(vault, outcome(), days)
    assert vault.retired == (["old", "older"] if gone else [])
    assert done.changed == gone
    assert done.values.get("retired") == (["old", "older"] if gone else None)
    assert done.values["changes"] == (["previous"] if gone else [])


def test_it_is_said_beside_what_else_changed_and_only_predicted_in_check_mode() -> None:
    vault = Vault(Past(NOW - timedelta(days=30), ("old",)))
    done = retired(vault, outcome("tags"), check=True)
    assert vault.retired == []
    assert done.values["changes"] == ["tags", "previous"]
    assert done.before == {"state": "present", "previous": ["old"]}
    assert done.after == {"previous": []}


@pytest.mark.parametrize("change", ["value", "state"])
def test_a_new_value_begins_a_new_time_of_grace(change: str) -> None:
    vault = Vault(Past(NOW - timedelta(days=30), ("old",)))
    before = outcome(change)
    assert retired(vault, before, 0) is before
    assert vault.asked == 0


@pytest.mark.parametrize("past", [None, Past(NOW - timedelta(days=30), ())])
def test_without_anything_to_retire_nothing_changes(past: Past | None) -> None:
    before = outcome()
    assert retired(Vault(past), before) is before


@pytest.mark.parametrize("days", [-1, 3651])
def test_days_that_make_no_sense_are_refused(days: int) -> None:
    with pytest.raises(ConfigurationError, match=f"retire_previous_after is {days}"):
        grace_from({"retire_previous_after": days, "state": "present"}, "Secret 'shop'")


def test_what_is_to_be_deleted_has_nothing_to_retire() -> None:
    params: dict[str, Any] = {"retire_previous_after": 1, "state": "absent"}
    assert grace_from(params, "Secret 'shop'") is None
    assert grace_from({**params, "state": "present"}, "x") == timedelta(days=1)
