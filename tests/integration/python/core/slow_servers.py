# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that keep a client waiting, or send without end."""

from __future__ import annotations

import functools
import socket
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress

_OK = b"HTTP/1.1 200 OK\r\n"
Behaviour = Callable[[socket.socket, threading.Event], None]


def drip(text: bytes) -> Behaviour:
    """Then a byte now and then, without end."""

    def answer(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(text)
        while not stopped.wait(0.1):
            connection.sendall(b"a")

    return answer


def flood(connection: socket.socket, stopped: threading.Event) -> None:
    connection.sendall(_OK + b"Content-Length: 3000000000\r\n\r\n")
    while not stopped.is_set():
        connection.sendall(b"a" * 65536)


def bomb(connection: socket.socket, _stopped: threading.Event) -> None:
    packed = packed_bomb()
    connection.sendall(_OK + b"Content-Encoding: gzip\r\n")
    connection.sendall(b"Content-Length: %d\r\n\r\n" % len(packed) + packed)


@functools.cache
def packed_bomb() -> bytes:
    """120 MiB of nothing."""
    pack = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    return b"".join(pack.compress(bytes(2**20)) for _each in range(120)) + pack.flush()


def later(asked: str) -> Behaviour:
    answer = f"HTTP/1.1 429 Busy\r\nRetry-After: {asked}\r\nContent-Length: 0\r\n\r\n".encode()
    return lambda connection, _stopped: connection.sendall(answer)


SLOW: dict[str, Behaviour] = {
    "silence": lambda _connection, stopped: (stopped.wait(), None)[1],
    "headers byte by byte": drip(_OK + b"X-Header: "),
    "a body byte by byte": drip(_OK + b"Content-Length: 1000000\r\n\r\n"),
    "chunks byte by byte": drip(_OK + b"Transfer-Encoding: chunked\r\n\r\n1;"),
}


class Server:
    def __init__(self, behave: Behaviour) -> None:
        self._behave = behave
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while connection.recv(65536):
                self._behave(connection, self._stopped)

    def stop(self) -> None:
        self._stopped.set()
        self._listener.close()
