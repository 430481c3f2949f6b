# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tasks of one run share: values that were looked up, and a budget of requests.

In process the forks of a run share it through the run's private directory
(plugin_utils/_run_state.py); a module that runs on its own has only itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from .deadline import current

WAITING = "waiting for another task of this run, which does the same,"
WHOLE_RUN = math.inf
"""For recall(): the value is good until the run ends."""

Fetch = Callable[[], tuple[Any, float]]
"""Gives a value, and for how many seconds it is good."""


class SharedState(Protocol):
    """Values are JSON data under a name; a name may be any text, but never holds a secret."""

    def recall(self, name: str, fetch: Fetch) -> Any:
        """The value of that name; fetched by one task only, the others wait for it.

        What fetch raises is raised, and the next one fetches again. fetch may use other names.
        """

    def forget(self, name: str, stale: Any = None) -> None:
        """Let the next recall() fetch the value anew; stale: only if it still is this value."""

    def amend(self, name: str, change: Callable[[Any], Any]) -> None:
        """Replace the value, if there is one, by what `change` makes of it."""

    def reserve(self, name: str, interval: float, burst: int) -> float:
        """Take the next turn of a limited resource. Returns how many seconds away it is.

        Turns are `interval` seconds apart in the order of asking; after a pause up to `burst`
        of them may be taken at once.
        """

    def first(self, name: str) -> bool:
        """Whether this is the first call in this run."""

    def exclusive(self, name: str) -> AbstractContextManager[None]:
        """Inside, no other task of this run is inside for the same name; nested
        only with a name that is always the inner one."""


@dataclass
class LocalState:
    """A SharedState for one process and its threads."""

    clock: Callable[[], float] = time.monotonic
    _values: dict[str, tuple[Any, float]] = field(default_factory=dict)
    _turns: dict[str, float] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    # One for each name: while a value is fetched, only those who want that one wait.
    _fetching: defaultdict[str, threading.RLock] = field(
        default_factory=lambda: defaultdict(threading.RLock)
    )
    _exclusive: defaultdict[str, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock)
    )

    def recall(self, name: str, fetch: Fetch) -> Any:
        with self._lock:
            fetching = self._fetching[name]
        with held_in_time(fetching):
            held = self._values.get(name)
            if held is None or held[1] <= self.clock():
                value, seconds = fetch()
                held = self._values[name] = (value, self.clock() + seconds)
            return held[0]

    def forget(self, name: str, stale: Any = None) -> None:
        with self._lock:
            fetching = self._fetching[name]
        with held_in_time(fetching):
            held = self._values.get(name)
            if held is not None and stale in (None, held[0]):
                del self._values[name]

    def amend(self, name: str, change: Callable[[Any], Any]) -> None:
        with self._lock:
            fetching = self._fetching[name]
        with held_in_time(fetching):
            if name in self._values:
                value, end = self._values[name]
                self._values[name] = (change(value), end)

    def reserve(self, name: str, interval: float, burst: int) -> float:
        with self._lock:
            now = self.clock()
            turn = self._turns[name] = next_turn(self._turns.get(name), now, interval, burst)
        return max(0.0, turn - now)

    def first(self, name: str) -> bool:
        with self._lock:
            unseen = name not in self._seen
            self._seen.add(name)
        return unseen

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        with self._lock:
            lock = self._exclusive[name]
        with held_in_time(lock):
            yield


class _Lock(Protocol):
    def acquire(self, blocking: bool = ..., timeout: float = ...) -> bool: ...

    def release(self) -> None: ...


@contextmanager
def held_in_time(lock: _Lock) -> Iterator[None]:
    """Raises OutOfTime if another thread does not give it back in time."""
    left = current().left()
    if not lock.acquire(timeout=left if left < threading.TIMEOUT_MAX else -1):
        raise current().error(WAITING)
    try:
        yield
    finally:
        lock.release()


def next_turn(last: float | None, now: float, interval: float, burst: int) -> float:
    """When the next turn is, if the last one was (or will be) at `last`; all in seconds.

    A pause earns up to `burst` turns that lie in the past, which is to say that are due at once.
    """
    earned = now - burst * interval
    return (earned if last is None else max(last, earned)) + interval
