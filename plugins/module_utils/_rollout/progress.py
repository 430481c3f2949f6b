# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling how far a rollout has got, in lines that suit a terminal and a log alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_FIRST_SECONDS = 2.0
_LONGEST_SECONDS = 60.0
_SHARE = 0.2  # a rollout that has taken longer may be silent for longer


@dataclass
class Progress:
    """Counts what is done and says so now and then; a short rollout needs no word.

    waiting: how many targets wait for the request limit at the moment. changes: what is said of
    those that changed; empty where nothing can change.
    """

    total: int
    say: Callable[[str], None]
    waiting: Callable[[], int]
    changes: str = "changed"
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    changed: int = 0
    failed: int = 0
    _start: float = field(init=False)
    _next: float = field(init=False)

    def __post_init__(self) -> None:
        self._start = self.clock()
        self._next = self._start + _FIRST_SECONDS

    def count(self, *, changed: bool, failed: bool) -> None:
        self.done += 1
        self.changed += changed
        self.failed += failed

    def seconds_to_next(self) -> float:
        """How long until something should be said."""
        return max(0.0, self._next - self.clock())

    def tell(self) -> None:
        """Say how far it has got, if it is time for that."""
        now = self.clock()
        if now < self._next or self.done == self.total:
            return
        elapsed = now - self._start
        self._next = now + min(max(_FIRST_SECONDS, elapsed * _SHARE), _LONGEST_SECONDS)
        if self.changes:
            parts = [f"{self.done} of {self.total} targets done", f"{self.changed} {self.changes}"]
        else:
            parts = [f"{self.done} of {self.total} targets checked"]
        parts.append(f"{self.failed} failed")
        if waiting := self.waiting():
            parts.append(f"{waiting} waiting for the request limit")
        if self.done:
            left = elapsed / self.done * (self.total - self.done)
            parts.append(f"about {duration(left)} left")
        self.say(", ".join(parts))


def duration(seconds: float) -> str:
    """As people say it: 40 s, 5 min, 2 h 10 min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
