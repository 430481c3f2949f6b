# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every sandbox service is made of: the protocol, the journal of requests and the faults.

Faults that break the connection or the answer, instead of giving another answer, are in wire.py.
"""

from __future__ import annotations

import fnmatch
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


@dataclass
class Fault:
    """An answer that a service gives instead of doing what it was asked."""

    service: str  # a shell pattern, too
    operation: str = "*"  # a shell pattern over operation names
    status: int = 503  # 0: only the delay
    code: str = ""  # the vendor's error code; empty: the usual one for the status
    message: str = "Injected by the sandbox."
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    times: int = 1  # how many requests it meets before it is spent
    skip: int = 0  # how many matching requests pass before that
    wire: str = ""  # what to do to the connection instead, see wire.KINDS
    body: str = ""  # for wire "answer": what to answer
    pid: int = 0  # for wire "kill ...": the client


# Kinds of wire.py before which the service does what it was asked.
ACTS = frozenset({"reset after", "half an answer", "silence", "answer", "cut answer", "kill after"})


class InjectedFault(Exception):
    """Raised inside a service; its error handler renders it as the vendor would."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True)
class Served:
    """When the first request came and the last was answered, in seconds of the monotonic clock.

    under_way: seconds from coming to answer, of all requests together.
    """

    first: float
    last: float
    under_way: float


@dataclass(frozen=True)
class Entry:
    """One object that a service holds, described without any secret value."""

    service: str
    kind: str  # "secret", "definition", ...
    name: str
    details: Mapping[str, object] = field(default_factory=dict)


class Journal:
    """Counts requests per service and operation, hands out faults that are due, has the clock."""

    def __init__(self) -> None:
        self.latency_seconds = 0.0  # how much later every answer comes
        # Behind, so that nothing is written in the time to come when a test moves it on.
        self._behind = 3600.0
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._writes: Counter[str] = Counter()
        self._served: Served | None = None
        self._faults: list[Fault] = []
        self._broken = threading.local()  # a request is served by one thread from begin to end

    def clock(self) -> float:
        """The time of services whose times count."""
        return time.time() - self._behind

    def next_second(self) -> None:
        """Let what comes next be later, to a service whose times have whole seconds."""
        self._behind -= 1.0

    def enter(self, service: str, operation: str, *, write: bool) -> None:
        """Count an authenticated request; raises InjectedFault if one was ordered for it."""
        with self._lock:
            self._requests[service, operation] += 1
            if write:
                self._writes[service] += 1
            fault = self._due(service, operation)
        if self.latency_seconds:
            time.sleep(self.latency_seconds)
        if fault is None:
            return
        if fault.delay_seconds:
            time.sleep(fault.delay_seconds)
        if fault.wire:
            self._broken.fault = fault
        if fault.status and fault.wire not in ACTS:
            raise InjectedFault(fault)

    def answered(self, came: float, went: float) -> None:
        """A request came at the one time and was answered at the other; see Served."""
        with self._lock:
            before = self._served or Served(came, went, 0.0)
            self._served = Served(
                min(before.first, came),
                max(before.last, went),
                before.under_way + went - came,
            )

    def take_broken(self) -> Fault | None:
        """The fault of the request that this thread has just served, if it is one of the wire."""
        fault: Fault | None = self._broken.__dict__.pop("fault", None)
        return fault

    def _due(self, service: str, operation: str) -> Fault | None:
        for fault in self._faults:
            if _matches(fault, service, operation):
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def order(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def counts(self) -> dict[str, object]:
        """{"requests": {service: {operation: n}}, "writes": {service: n}, "served": {...} or None}

        served: the fields of Served, of all services together.
        """
        with self._lock:
            requests: dict[str, dict[str, int]] = {}
            for (service, operation), count in sorted(self._requests.items()):
                requests.setdefault(service, {})[operation] = count
            served = asdict(self._served) if self._served else None
            return {"requests": requests, "writes": dict(self._writes), "served": served}

    def clear(self) -> None:
        """Forget counts and faults."""
        with self._lock:
            self._requests.clear()
            self._writes.clear()
            self._served = None
            self._faults.clear()


def _matches(fault: Fault, service: str, operation: str) -> bool:
    matches = fnmatch.fnmatchcase
    return matches(service, fault.service) and matches(operation, fault.operation)


class Service(Protocol):
    """One emulated vendor. The constructor takes the Journal and makes its own credentials."""

    name: str
    hosts: tuple[str, ...]  # shell patterns of the production host names it answers for
    app: WSGIApplication

    def reset(self) -> None:
        """Forget every object; credentials and identities stay."""

    def contents(self) -> list[Entry]:
        """What it holds now, for people and tests; never a value."""
