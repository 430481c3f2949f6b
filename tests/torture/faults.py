# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every network operation of every module meets every fault.

After each the module has succeeded, or has failed with one sentence and left the target as it was
or as it is to be; and a plain second run brings it where it is to be.
"""

from __future__ import annotations

import contextlib
import datetime
import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unittest import mock

import botocore.auth
import certifi

from sandbox.service import Fault
from torture.cases import CASES, Case
from torture.judge import Aim, explore, judge
from torture.tally import Tally
from torture.world import FACES, PATIENCE, Result, World

_HTML = {"Content-Type": "text/html"}
_JSON = {"Content-Type": "application/json"}
_FOR_GOOD = 1000
_SOON = 0.5  # seconds after which a missing answer is given up
_DEEP = 100_000
_SHARE = 0.2  # of the disturbances of whole runs, in a sample
# Of the kind that only a mistake or malice sends; all of it is said with status 200.
_HOSTILE = {
    "a list": "[]",
    "null": "null",
    "a text": '"{{ 7 * 7 }}"',
    "wrong types": '{"id": [], "error": 7, "value": {}, "data": [], "results": 7, "success": 1}',
    "templates": '{"value": [{"id": "{{ 7 * 7 }}", "name": "{% raw %}"}], "Name": "{{ 7 * 7 }}"}',
    "nested without end": "[" * _DEEP,
    "a huge number": '{"total": 1%s}' % ("0" * 5000),
    "not even text": "\ufffd\x00{",
}
# What each service says about the same thing.
_EXPIRED: dict[str, dict[str, Any]] = {
    "aws": {"status": 400, "code": "ExpiredTokenException"},
    "azure": {"status": 401, "code": "Unauthorized"},
    "snowflake": {"status": 200, "code": "390112"},
    "maia": {"status": 401},
    "stripe": {"status": 401},
}
_BUSY: dict[str, dict[str, Any]] = {
    "aws": {"status": 400, "code": "ThrottlingException"},
}


def faults_of(service: str) -> dict[str, dict[str, Any]]:
    """The faults that a request to this service may meet, as fields of a Fault."""
    busy = _BUSY.get(service, {"status": 429})
    return {
        "reset before": {"wire": "reset before"},
        "reset after": {"wire": "reset after"},
        "half an answer": {"wire": "half an answer"},
        "timeout": {"wire": "silence"},
        "429": busy,
        "429 with Retry-After": {**busy, "headers": {"Retry-After": "1"}},
        **{str(status): {"status": status} for status in (500, 502, 503)},
        "expired token": _EXPIRED[service],
        "wrong content type": {"wire": "answer", "body": "<html>Hello</html>", "headers": _HTML},
        "truncated JSON": {"wire": "cut answer"},
        **{
            f"hostile JSON, {name}": {"wire": "answer", "body": body, "headers": _JSON}
            for name, body in _HOSTILE.items()
        },
    }


@dataclass(frozen=True)
class Point:
    """One fault at one request. nth: of the requests of this operation in this case, from 0."""

    case: Case
    service: str
    operation: str
    nth: int
    name: str
    fault: Mapping[str, Any]
    lasting: bool
    face: str

    def __str__(self) -> str:
        how = "for good" if self.lasting else "once"
        return f"{self.case.name}, {self.service} {self.operation} #{self.nth}: {self.name} {how}"


@dataclass
class FaultTally(Tally):
    """operations: how many requests the undisturbed cases make in all."""

    operations: int = 0

    def lines(self) -> Sequence[str]:
        return self._with_problems(
            f"{len(CASES)} cases, {self.operations} requests, {len(self.tried)} kinds of fault,"
            f" {self.tried.total()} faults"
        )


def torture(world: World, points: int | None, seed: int, only: str = "") -> Tally:
    """points: how many to pick at random; None for all of them. only: a part of their texts."""
    tally = FaultTally("Faults", "faults")
    aims: dict[str, Aim] = {}
    everything: list[Point] = []
    for case in CASES:
        aims[case.name], found = _explore(world, case, tally)
        everything += found
    picked = everything = [point for point in everything if only in str(point)]
    if points is not None:
        picked = random.Random(seed).sample(everything, min(points, len(everything)))
    for point in picked:
        world.start(point.case)
        fault = Fault(
            point.service,
            point.operation,
            times=_FOR_GOOD if point.lasting else 1,
            skip=point.nth,
            **point.fault,
        )
        world.sandbox.order(fault)
        silent = point.fault.get("wire") == "silence"
        patience = _SOON if silent else PATIENCE
        result = world.run(point.case.module, point.case.args, face=point.face, patience=patience)
        hostile = point.name.startswith("hostile")
        judge(world, point.case, str(point), result, aims[point.case.name], tally, hostile=hostile)
        tally.tried[point.name] += 1
    for case in CASES:
        for name, disturbed in _DISTURBANCES.items():
            what = f"{case.name}: {name}"
            chosen = points is None or random.Random(f"{seed}{what}").random() < _SHARE
            if chosen and only in what:
                world.start(case)
                result = disturbed(world, case)
                judge(world, case, what, result, aims[case.name], tally)
                tally.tried[name] += 1
    return tally


def _explore(world: World, case: Case, tally: FaultTally) -> tuple[Aim, list[Point]]:
    """Run it undisturbed; every request that it makes is an operation to disturb."""
    aim = explore(world, case)
    counted = Counter(aim.requests)
    tally.operations += len(aim.requests)
    points = [
        Point(case, service, operation, nth, name, fault, lasting, face)
        for (service, operation), times in counted.items()
        for nth in range(times)
        for name, fault in faults_of(service).items()
        for lasting in (False, True)
        for face in FACES
    ]
    return aim, points


# --- what is wrong with all of a run and not with one request ---


def _refused(world: World, case: Case) -> Result:
    """Nobody listens any more."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    return world.run(case.module, case.args, **_leading_to(world, case, port))


def _leading_to(world: World, case: Case, port: int) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name, value in world.connection(case.module).items():
        if name == "port":
            changed[name] = port
        elif isinstance(value, str) and value.startswith("https://localhost"):
            path = value.split("/", 3)[3:]
            changed[name] = "/".join([f"https://localhost:{port}", *path])
    return changed


def _untrusted(world: World, case: Case) -> Result:
    """The server's certificate is of nobody whom we trust."""
    options = world.connection(case.module)
    if "ca_bundle" in options:
        return world.run(case.module, case.args, ca_bundle=certifi.where())
    url = world.sandbox.state.services["snowflake"].url
    _scheme, _slashes, place = url.partition("//")
    host, _colon, port = place.partition(":")
    return world.run(case.module, case.args, host=host, port=port, protocol="https")


def _skewed(seconds: float) -> Callable[[World, Case], Result]:
    def run(world: World, case: Case) -> Result:
        with _clock(seconds):
            return world.run(case.module, case.args)

    return run


@contextlib.contextmanager
def _clock(seconds: float) -> Iterator[None]:
    """Our clock differs from everybody else's."""
    real, real_datetime = time.time, vars(botocore.auth)["get_current_datetime"]

    def shifted() -> float:
        return real() + seconds

    def get_current_datetime(remove_tzinfo: bool = True) -> datetime.datetime:
        shown: datetime.datetime = real_datetime(remove_tzinfo)
        return shown + datetime.timedelta(seconds=seconds)

    with (
        mock.patch.object(time, "time", shifted),
        mock.patch.object(botocore.auth, "get_current_datetime", get_current_datetime),
    ):
        yield


_DISTURBANCES: Mapping[str, Callable[[World, Case], Result]] = {
    "connection refused": _refused,
    "TLS failure": _untrusted,
    "clock two hours fast": _skewed(7200),
    "clock two hours slow": _skewed(-7200),
}
