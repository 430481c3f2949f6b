# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that are kept open while a task runs, and closed with it.

A task with one target gains nothing from it; one with many logs in once for all that use the same
credentials. What a vendor calls safe for threads is shared, all else has one user at a time.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

_Client = TypeVar("_Client")


@dataclass
class ClientPool:
    """Clients by whatever they depend on: where they lead, and as whom."""

    clock: Callable[[], float] = time.monotonic
    _idle: dict[Hashable, list[Any]] = field(default_factory=dict)
    _shared: dict[Hashable, tuple[Any, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _making: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def lease(self, key: Hashable, make: Callable[[], _Client]) -> Iterator[_Client]:
        """A client for one user at a time: one that is idle, or else a new one.

        It is not used again if an exception leaves the block: it may be broken.
        """
        with self._lock:
            idle = self._idle.get(key)
            client: _Client | None = idle.pop() if idle else None
        if client is None:
            client = make()
        try:
            yield client
        except BaseException:
            _close(client)
            raise
        with self._lock:
            self._idle.setdefault(key, []).append(client)

    def share(
        self, key: Hashable, make: Callable[[], _Client], *, seconds: float = math.inf
    ) -> _Client:
        """The one client for everybody; seconds: make another one when it is older than that."""
        held = self._held(key)
        if held is None:
            with self._making:
                held = self._held(key)
                if held is None:
                    held = self._shared[key] = (make(), self.clock() + seconds)
        client: _Client = held[0]
        return client

    def _held(self, key: Hashable) -> tuple[Any, float] | None:
        """What is shared and not too old; no lock is needed to look."""
        held = self._shared.get(key)
        return held if held is not None and self.clock() < held[1] else None

    def close(self) -> None:
        """Close all clients. None may be in use."""
        with self._lock:
            clients = [client for idle in self._idle.values() for client in idle]
            self._idle.clear()
            self._shared.clear()
        for client in clients:
            _close(client)


def _close(client: Any) -> None:
    # Ignore errors on close.
    with suppress(Exception):
        client.close()
