# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Acting on fresh readings only, while the run's memory answers what needs no action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..._core.errors import CollectionError
from ..._core.operation import Outcome, Runtime
from ..._core.shared import SharedState


class Reading(Protocol):
    """Something of Maia's that the tasks of a run remember."""

    def load(self) -> bool:
        """Have it at hand; whether it came from the run's memory, and may be out of date."""

    def renew(self) -> None:
        """Read it again; from now on this reading counts."""


class Rehearsal:
    """A Runtime for finding out what would be done."""

    def __init__(self, runtime: Runtime) -> None:
        self.check_mode = True
        self.shared: SharedState = runtime.shared
        self.clients = runtime.clients
        self.progress = runtime.progress
        self.warn = runtime.warn
        self.protect = runtime.protect
        self.validated = runtime.validated


@dataclass(frozen=True)
class Readings:
    """Several readings as one."""

    members: tuple[Reading, ...]

    def load(self) -> bool:
        remembered = [member.load() for member in self.members]  # all of them
        return any(remembered)

    def renew(self) -> None:
        for member in self.members:
            member.renew()


def on_fresh_reading(
    reading: Reading, converge: Callable[[Runtime], Outcome], runtime: Runtime
) -> Outcome:
    """What converge does; if that is a change or a refusal, it rests on a fresh reading.

    So what is remembered can save requests, but never cause a wrong write.
    """
    if reading.load():
        try:
            rehearsed = converge(Rehearsal(runtime))
        except CollectionError:
            rehearsed = None  # perhaps what is wrong has been put right meanwhile
        if rehearsed is not None and not rehearsed.changed:
            return rehearsed
        reading.renew()
    return converge(runtime)
