# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of the connection and of answers as such, whatever the service."""

from __future__ import annotations

import errno
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from werkzeug.test import run_wsgi_app

from sandbox.server import SOCKET
from sandbox.service import Fault, Journal

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    Answer = tuple[str, list[tuple[str, str]], bytes]  # status line, headers, body
    Kind = Callable[[Fault, socket.socket, StartResponse, Answer], Iterable[bytes]]

_LONGEST_SILENCE = 30  # seconds


class Wire:
    """A WSGI application around a service's own: breaks what the journal says is to break."""

    def __init__(self, app: WSGIApplication, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        came = time.monotonic()
        try:
            return self._answer(environ, start_response)
        finally:
            self._journal.answered(came, time.monotonic())

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._journal.take_broken()
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        answer = (status, list(headers.items()), b"".join(chunks))
        fault = self._journal.take_broken()
        kind = _send if fault is None else KINDS[fault.wire]
        return kind(fault or Fault(""), environ[SOCKET], start_response, answer)


def _send(
    _fault: Fault, _connection: socket.socket, start_response: StartResponse, answer: Answer
) -> Iterable[bytes]:
    status, headers, body = answer
    start_response(status, headers)
    return [body]


def _reset(
    _fault: Fault, connection: socket.socket, _start: StartResponse, _answer: Answer
) -> Iterable[bytes]:
    """The connection is gone before a byte of the answer is sent."""
    raise _broken(connection)


def _half(
    _fault: Fault, connection: socket.socket, start_response: StartResponse, answer: Answer
) -> Iterator[bytes]:
    """The headers promise a whole answer, and half of it comes."""
    status, headers, body = answer
    start_response(status, headers)
    yield body[: len(body) // 2] or b" "
    raise _broken(connection)


def _silence(
    _fault: Fault, connection: socket.socket, _start: StartResponse, _answer: Answer
) -> Iterable[bytes]:
    """Nothing comes until the client loses patience."""
    # Readable without a request that is due: it has hung up.
    select.select([connection], [], [], _LONGEST_SILENCE)
    raise _broken(connection)


def _other(
    fault: Fault, _connection: socket.socket, start_response: StartResponse, answer: Answer
) -> Iterable[bytes]:
    """What the fault says, in place of the answer's body; its headers give the content type."""
    status, headers, _body = answer
    body = fault.body.encode()
    replaced = {name.lower() for name in fault.headers} | {"content-length"}
    kept = [(name, text) for name, text in headers if name.lower() not in replaced]
    start_response(status, [*kept, *fault.headers.items(), ("Content-Length", str(len(body)))])
    return [body]


def _cut(
    _fault: Fault, _connection: socket.socket, start_response: StartResponse, answer: Answer
) -> Iterable[bytes]:
    """A body that ends too early, though the connection knows nothing of it."""
    status, headers, body = answer
    cut = body[: len(body) // 2]
    kept = [(name, text) for name, text in headers if name.lower() != "content-length"]
    start_response(status, [*kept, ("Content-Length", str(len(cut)))])
    return [cut]


def _kill(
    fault: Fault, connection: socket.socket, _start: StartResponse, _answer: Answer
) -> Iterable[bytes]:
    """The client dies at this very moment, without a chance to clean up."""
    os.kill(fault.pid, signal.SIGKILL)
    raise _broken(connection)


def _broken(connection: socket.socket) -> ConnectionResetError:
    """Break it, and give the exception that tells the server so."""
    linger = struct.pack("ii", 1, 0)  # a reset instead of a polite end
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.shutdown(socket.SHUT_RDWR)
    return ConnectionResetError(errno.ECONNRESET, "broken by the sandbox")


# Fault.wire -> what happens. service.ACTS names those before which the service acts.
KINDS: dict[str, Kind] = {
    "reset before": _reset,
    "reset after": _reset,
    "half an answer": _half,
    "silence": _silence,
    "answer": _other,
    "cut answer": _cut,
    "kill before": _kill,
    "kill after": _kill,
}
