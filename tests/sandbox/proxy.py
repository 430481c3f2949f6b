# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CONNECT proxy that leads production host names to the sandbox, and everything else nowhere."""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
import socket
import threading
from collections.abc import Mapping

_HEADER_LIMIT = 16_384
_CHUNK = 65_536
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
# Peers leave without a word, send no proper request, or the sandbox stops.
_END_OF_TUNNEL = (
    OSError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
    asyncio.CancelledError,
)
_REFUSAL = b"The sandbox has no service of this name.\n"
_FORBIDDEN = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_REFUSAL), _REFUSAL)
)


class ConnectProxy:
    """Pipes `CONNECT host:443` to the TLS port of the service that answers for the host."""

    def __init__(self, routes: Mapping[str, int]) -> None:
        """`routes`: shell pattern of a host name -> port on 127.0.0.1."""
        self._routes = dict(routes)
        self._lock = threading.Lock()
        self._refused: list[str] = []
        self._port = 0
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(timeout=600) or not self._port:
            raise RuntimeError("The proxy of the sandbox did not start.")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def refused(self) -> list[str]:
        """Targets that it was asked for and did not connect to, in order."""
        with self._lock:
            return list(self._refused)

    def clear(self) -> None:
        with self._lock:
            self._refused.clear()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        server = await asyncio.start_server(
            self._accept, "127.0.0.1", 0, limit=_HEADER_LIMIT, backlog=128
        )
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()  # open tunnels are cancelled when the runner closes the loop

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(*_END_OF_TUNNEL):
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b"\r\n", 1)[0].decode("latin-1")
            port = self._port_for(target)
            if port is None:
                writer.write(_FORBIDDEN)
                await writer.drain()
            else:
                await _tunnel(reader, writer, port)
        await _close(writer)

    def _port_for(self, request_line: str) -> int | None:
        method, _space, rest = request_line.partition(" ")
        authority = rest.partition(" ")[0]
        host, _colon, port = authority.rpartition(":")
        if method == "CONNECT" and port == "443":
            for pattern, service_port in self._routes.items():
                if fnmatch.fnmatchcase(host.lower(), pattern):
                    return service_port
        with self._lock:
            # A plain GET may carry a query; the host is all that is of interest.
            self._refused.append(authority.partition("?")[0])
        return None


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(_ESTABLISHED)
        await asyncio.gather(
            _pipe(reader, upstream_writer, writer), _pipe(upstream_reader, writer, upstream_writer)
        )
    finally:
        await _close(upstream_writer)


async def _pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, source: asyncio.StreamWriter
) -> None:
    """`source` is the writer on the socket that `reader` reads from."""
    try:
        while data := await reader.read(_CHUNK):
            _acknowledge(source)
            writer.write(data)
            await writer.drain()
    finally:
        # TLS knows no half-open connection: when one side is gone, so is the other.
        writer.close()


def _acknowledge(writer: asyncio.StreamWriter) -> None:
    """Acknowledge what was received at once, which the kernel would delay by up to 40 ms.

    urllib3 leaves Nagle's algorithm on towards proxies and sends header and body apart: its body
    waits for this acknowledgement. Linux forgets the option, so it is set after every read.
    """
    if hasattr(socket, "TCP_QUICKACK") and not writer.is_closing():
        with contextlib.suppress(OSError):
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
