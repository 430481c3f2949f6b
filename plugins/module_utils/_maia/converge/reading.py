# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Acting on fresh readings only, while the run's memory answers what needs no action."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ..._core.errors import CollectionError
from ..._core.operation import Outcome, Runtime, in_check_mode, in_turn


class Reading(Protocol):
    """Something of Maia's that the tasks of a run remember."""

    def load(self) -> bool:
        """Have it at hand; whether it came from the run's memory, and may be out of date.

        What a task of this run has written is no longer remembered.
        """

    def renew(self) -> None:
        """Read it again; from now on this reading counts."""


def on_fresh_reading(
    readings: Sequence[Reading],
    converge: Callable[[Runtime], Outcome],
    runtime: Runtime,
    *,
    name: str,
    ahead: bool = False,
) -> Outcome:
    """What converge does; if that is a change or a refusal, it rests on fresh readings.

    So what is remembered can save requests, but never cause a wrong write; nor can what another
    task of this run has written since. name: for the turns that they take. ahead: in check mode,
    and only a refusal counts: whatever changes is looked at again before it is done.
    """
    remembered = [each.load() for each in readings]  # all of them
    if any(remembered):
        try:
            rehearsed = converge(in_check_mode(runtime))
        except CollectionError:
            rehearsed = None  # perhaps what is wrong has been put right meanwhile
        if rehearsed is not None and (ahead or not rehearsed.changed):
            return rehearsed
    with in_turn(runtime, name):
        for each in readings:
            if any(remembered):
                each.renew()
            else:
                each.load()  # anew, if another task has written since
        return converge(runtime)
