# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of every answer is replaced by values of every JSON type, and left out.

The answers are recorded from the sandbox once, then played back with one of them spoiled: whatever
it is, the module succeeds or fails with one sentence, and comes to an end. Snowflake's connector
does not speak through Python's HTTP libraries; its answers are spoiled on the wire (faults.py).
"""

from __future__ import annotations

import copy
import io
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import botocore.awsrequest
import botocore.httpsession
import requests.adapters
import urllib3

from torture.cases import CASES, Case
from torture.tally import Tally
from torture.world import Result, World, one_sentence

_LEFT_OUT = object()
REPLACEMENTS: dict[str, Any] = {
    "left out": _LEFT_OUT,
    "null": None,
    "true": True,
    "a number": 7,
    "a negative fraction": -1.5,
    "a huge number": 10**400,
    "an empty text": "",
    "a template": "{{ 7 * 7 }}",
    "a strange text": "\ud800\x00\n\u202e/../?#",
    "a long text": "x" * 10_000,
    "an empty list": [],
    "a list": [1],
    "an empty object": {},
    "an object": {"a": 1},
}
_MOST_REQUESTS = 60  # more of them, and it does not come to an end
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. url: without the server's name and the query."""

    method: str
    url: str
    operation: str
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Spoiling:
    """What is replaced by what: in which answer of a case, and where in it."""

    case: Case
    number: int
    path: Path
    name: str

    def __str__(self) -> str:
        where = ".".join(map(str, self.path)) or "all of it"
        return f"{self.case.name}, answer {self.number}, {where}: {self.name}"


def torture(world: World, points: int | None, seed: int, only: str = "") -> Tally:
    """points: how many to pick at random; None for all of them. only: a part of their texts."""
    tally = Tally("Answers", "spoiled fields")
    recorded: dict[str, list[Exchange]] = {}
    everything: list[Spoiling] = []
    for case in CASES:
        if not case.module.endswith("snowflake"):
            recorded[case.name] = record(world, case)
            everything += spoilings(case, recorded[case.name])
    picked = everything = [each for each in everything if only in str(each)]
    if points is not None:
        picked = random.Random(seed).sample(everything, min(points, len(everything)))
    for spoiling in picked:
        result = play(world, spoiling, recorded[spoiling.case.name])
        tally.tried[spoiling.case.vault or "reading"] += 1
        tally.outcomes["failed" if result.get("failed") else "succeeded"] += 1
        tally.note(spoiling, problems(world, result))
    return tally


def problems(world: World, result: Result) -> Iterator[str]:
    """What is wrong with this result of a run that was lied to."""
    if result.get("failed") and not one_sentence(result):
        yield f"says {str(result.get('msg'))[:300]!r}"
    if world.leaks(result):
        yield "shows a secret"


def record(world: World, case: Case) -> list[Exchange]:
    """The exchanges of a run that nothing disturbs."""
    world.start(case)
    exchanges: list[Exchange] = []
    with _between(lambda ask, send: _noted(exchanges, ask, send())):
        result = world.run(case.module, case.args)
    assert not result.get("failed"), result
    return exchanges


def spoilings(case: Case, exchanges: Sequence[Exchange]) -> Iterator[Spoiling]:
    for number, exchange in enumerate(exchanges):
        try:
            body = json.loads(exchange.body)
        except ValueError:
            continue
        for path in _paths(body):
            for name in REPLACEMENTS:
                if path or name != "left out":
                    yield Spoiling(case, number, path, name)


def play(world: World, spoiling: Spoiling, exchanges: Sequence[Exchange]) -> Result:
    """Run the case with the recorded answers, one of them spoiled."""
    answers = list(exchanges)
    old = answers[spoiling.number]
    body = _spoiled(json.loads(old.body), spoiling.path, REPLACEMENTS[spoiling.name])
    answers[spoiling.number] = replace(old, body=json.dumps(body).encode())
    asked = [0]

    def answer(ask: Exchange, _send: Callable[[], Exchange]) -> Exchange:
        asked[0] += 1
        if asked[0] > _MOST_REQUESTS:
            raise RuntimeError("it does not come to an end")
        alike = [each for each in answers if _alike(each, ask)]
        if not alike:
            return replace(ask, status=404, headers={"Content-Type": "application/json"}, body=b"")
        # The last of them stays, for whoever asks once more.
        if len(alike) > 1:
            answers.remove(alike[0])
        return alike[0]

    with _between(answer):
        return world.run(spoiling.case.module, spoiling.case.args)


def _alike(one: Exchange, other: Exchange) -> bool:
    return (one.method, one.url, one.operation) == (other.method, other.url, other.operation)


def _noted(exchanges: list[Exchange], ask: Exchange, answer: Exchange) -> Exchange:
    kept = replace(ask, status=answer.status, headers=answer.headers, body=answer.body)
    exchanges.append(kept)
    return kept


def _paths(body: Any, here: Path = ()) -> Iterator[Path]:
    """Where there is something in it, itself first; of a list, its first item."""
    yield here
    items: list[tuple[str | int, Any]] = []
    if isinstance(body, dict):
        items = list(body.items())
    elif isinstance(body, list):
        items = list(enumerate(body[:1]))
    for name, item in items:
        yield from _paths(item, (*here, name))


def _spoiled(body: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    body = copy.deepcopy(body)
    place = body
    for step in path[:-1]:
        place = place[step]
    if value is _LEFT_OUT:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return body


# --- between the SDKs and the network ---

Between = Callable[[Exchange, Callable[[], Exchange]], Exchange]


@contextmanager
def _between(answer: Between) -> Iterator[None]:
    """Every request goes through answer(ask, send), and what that returns is the answer."""
    real_requests = requests.adapters.HTTPAdapter.send
    real_botocore = botocore.httpsession.URLLib3Session.send

    def through_requests(adapter: Any, request: Any, **options: Any) -> Any:
        def send() -> Exchange:
            got = real_requests(adapter, request, **options)
            return replace(
                ask, status=got.status_code, headers=_kept(got.headers), body=got.content
            )

        ask = _ask(request.method, request.url, "")
        given = answer(ask, send)
        raw = urllib3.HTTPResponse(
            body=io.BytesIO(given.body),
            headers=given.headers,
            status=given.status,
            preload_content=False,
        )
        return adapter.build_response(request, raw)

    def through_botocore(session: Any, request: Any) -> Any:
        def send() -> Exchange:
            got = real_botocore(session, request)
            return replace(
                ask, status=got.status_code, headers=_kept(got.headers), body=got.content
            )

        target = request.headers.get("X-Amz-Target", b"")
        ask = _ask(request.method, request.url, str(target))
        given = answer(ask, send)
        headers: Any = botocore.awsrequest.HeadersDict(given.headers)
        made = botocore.awsrequest.AWSResponse(request.url, given.status, headers, io.BytesIO())
        vars(made)["_content"] = given.body
        return made

    with (
        mock.patch.object(requests.adapters.HTTPAdapter, "send", through_requests),
        mock.patch.object(botocore.httpsession.URLLib3Session, "send", through_botocore),
    ):
        yield


def _ask(method: str, url: str, operation: str) -> Exchange:
    return Exchange(method, urlsplit(url).path, operation, 0, {}, b"")


def _kept(headers: Any) -> dict[str, str]:
    """Those that do not say how long the body was."""
    left = ("content-length", "transfer-encoding", "content-encoding", "connection")
    return {name: text for name, text in headers.items() if name.lower() not in left}
