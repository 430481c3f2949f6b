# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the targets of one task share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from .._core.shared import Fetch, LocalState, SharedState

_NOTICEABLE_SECONDS = 1.0


class TaskState:
    """A SharedState for the threads of one task.

    Look-ups are kept in memory, because reading long lists from files for each target is slow.
    A task with one target shares through the files with other tasks. The request limit is that
    of the whole run.
    """

    def __init__(
        self, run: SharedState, targets: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """targets: how many the task has."""
        self._run = run
        self._clock = clock
        self._looked_up = LocalState(clock) if targets > 1 else run
        self._lock = threading.Lock()
        self._turns: list[float] = []

    def recall(self, name: str, fetch: Fetch) -> Any:
        return self._looked_up.recall(name, fetch)

    def forget(self, name: str, stale: Any = None) -> None:
        self._looked_up.forget(name, stale)
        # Other tasks of the run may remember what we have changed.
        self._run.forget(name, stale)

    def amend(self, name: str, change: Callable[[Any], Any]) -> None:
        self._looked_up.amend(name, change)
        if self._run is not self._looked_up:
            self._run.amend(name, change)

    def reserve(self, name: str, interval: float, burst: int) -> float:
        with self._lock:  # not to look again and again for a file that another thread holds
            seconds = self._run.reserve(name, interval, burst)
            if seconds >= _NOTICEABLE_SECONDS:
                self._turns.append(self._clock() + seconds)
        return seconds

    def first(self, name: str) -> bool:
        return self._run.first(name)

    def exclusive(self, name: str) -> AbstractContextManager[None]:
        return self._run.exclusive(name)

    def waiting(self) -> int:
        """How many targets wait for their turn to send a request."""
        now = self._clock()
        with self._lock:
            self._turns = [turn for turn in self._turns if turn > now]
            return len(self._turns)
