# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retire the versions that a rotation left behind.

A vault with versions also keeps old keys, which readers of the secret can read. After a grace
period for a rollback, the old versions are made unusable. This collection never deletes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from .._core.argspec import ArgumentSpec
from .._core.errors import ConfigurationError
from .._core.operation import Outcome, Params, Runtime

OPTION = "retire_previous_after"
RETIREMENT_SPEC = ArgumentSpec(options={OPTION: {"type": "int"}})
CHANGE = "previous"


@dataclass(frozen=True)
class Past:
    """since: when the current version was made. usable: ids of earlier ones that still are."""

    since: datetime
    usable: tuple[str, ...]


class RetiringStore(Protocol):
    """A store whose secret was described."""

    subject: str

    def past(self) -> Past | None:
        """None if there is nothing to retire. Raises what describe() does."""

    def retire(self, version: str) -> None:
        """Make an earlier version unusable. Raises what update() does."""


def now() -> datetime:
    return datetime.now(UTC)


def grace_from(params: Params, subject: str) -> timedelta | None:
    """None if nothing is to be retired. Raises ConfigurationError."""
    days = params[OPTION]
    if days is None or params["state"] == "absent":
        return None
    if not 0 <= days <= 3650:
        raise ConfigurationError(subject, f"{OPTION} is {days}", "give days, from 0 to 3650")
    return timedelta(days=days)


def retire_previous(
    store: RetiringStore,
    outcome: Outcome,
    grace: timedelta | None,
    runtime: Runtime,
    clock: Callable[[], datetime] = now,
) -> Outcome:
    """The outcome with what was retired. outcome: of bringing the secret to its desired state.

    Not after a new value, whose time of grace has just begun.
    """
    changes = outcome.values["changes"]
    if grace is None or not isinstance(changes, list) or {"value", "state"} & set(changes):
        return outcome
    past = store.past()
    if past is None or not past.usable or clock() - past.since < grace:
        return outcome
    if not runtime.check_mode:
        for version in past.usable:
            store.retire(version)
    return replace(
        outcome,
        changed=True,
        values={**outcome.values, "changes": [*changes, CHANGE], "retired": list(past.usable)},
        before={**(outcome.before or {}), CHANGE: list(past.usable)},
        after={**(outcome.after or {}), CHANGE: []},
    )
