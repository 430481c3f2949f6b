# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP connections that keep to the operation's time and to a size, for urllib3 and requests.

The vendors' SDKs and our own client all use urllib3, of which this is the one common point: a
server that sends a byte a second keeps to every timeout of a socket.
To be imported where urllib3 and requests are known to be installed.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from .deadline import current, in_time

try:
    import requests.exceptions
    import urllib3.exceptions
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.poolmanager import ProxyManager
except ImportError:  # ansible-test imports every file where there are no libraries
    if not TYPE_CHECKING:
        HTTPAdapter = HTTPConnection = HTTPSConnection = object
        HTTPConnectionPool = HTTPSConnectionPool = object

if TYPE_CHECKING:
    import socket

    _Connection = HTTPConnection
else:
    _Connection = object

# Of an answer, as it is sent and as it is when unpacked. Pages of Maia's hold 100 items, and a
# vault's values are of 64 KiB; what is parsed takes twenty times as much memory.
MAX_BODY_BYTES = 4 * 1024 * 1024
_CHUNK = 64 * 1024
# What comes before the body, and between its chunks.
_MAX_WIRE_BYTES = MAX_BODY_BYTES + 1024 * 1024


class TooLarge(OSError):
    """An answer that is larger than any that makes sense."""

    def __init__(self) -> None:
        super().__init__(f"the answer is larger than {MAX_BODY_BYTES} bytes")


class _BoundedRaw(io.RawIOBase):
    """What comes from a socket, as long as there is time and until it is too much."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout = sock.gettimeout()
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(current().within(self._timeout))
        count: int | None = self._raw.readinto(buffer)
        self._count += count or 0
        if self._count > _MAX_WIRE_BYTES:
            raise TooLarge
        return count

    def fileno(self) -> int:
        return self._raw.fileno()

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_BoundedRaw(self.fp.detach(), sock))


class Bounded(_Connection):
    """A part of connections of urllib3's kind."""

    response_class = _BoundedResponse
    _connected = False

    def _new_conn(self) -> socket.socket:
        try:
            # Looking a name up has no timeout, and each of its addresses one of its own.
            return in_time(super()._new_conn, lambda late: late.close())
        except TimeoutError:
            raise urllib3.exceptions.ConnectTimeoutError(self, "timed out") from None

    def connect(self) -> None:
        self.timeout = current().within(self.timeout)
        self._connected = False
        super().connect()
        self._connected = True

    def close(self) -> None:
        # It is closed before urllib3 asks whether the proxy was reached: if it was, then what was
        # cut is a request, which may have been carried out.
        reached = self._connected and getattr(self, "_has_connected_to_proxy", False)
        super().close()
        self._has_connected_to_proxy = reached

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            # It has what the last answer left of another operation's time.
            self.sock.settimeout(current().within(self.timeout))
        try:
            super().request(*args, **kwargs)
        finally:
            if self._connected:
                current().sent()


def bounded_pool(pool: type[Any], connection: type[Any]) -> type[Any]:
    """The pool with bounded connections of this class."""
    made = type("Bounded" + connection.__name__, (Bounded, connection), {})
    return type("Bounded" + pool.__name__, (pool,), {"ConnectionCls": made})


_POOLS = {
    "http": bounded_pool(HTTPConnectionPool, HTTPConnection),
    "https": bounded_pool(HTTPSConnectionPool, HTTPSConnection),
}


class BoundedAdapter(HTTPAdapter):
    """Of requests; answers are complete when they are handed over, streams too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        # That of SOCKS is another class, with connections of its own.
        if manager.__class__ is ProxyManager:
            manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        # Whatever the session asks for: of what else is packed it is not known how to bound it.
        request.headers["Accept-Encoding"] = "gzip"
        response: Any = super().send(request, *args, **kwargs)
        try:
            response._content = _body_of(response)
        except (OSError, urllib3.exceptions.HTTPError, zlib.error) as error:
            response.close()
            # Azure's SDK takes others for a request that was surely not sent.
            broken = urllib3.exceptions.ProtocolError("Answer broken off", error)
            raise requests.exceptions.ConnectionError(broken, request=request) from error
        response._content_consumed = True
        return response


def _body_of(response: Any) -> bytes:
    unpack = _unpacking(response.headers.get("Content-Encoding", ""))
    body = bytearray()
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        body += unpack(chunk, MAX_BODY_BYTES + 1 - len(body))
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge
    return bytes(body)


def _unpacking(encoding: str) -> Callable[[bytes, int], bytes]:
    """Gives at most so many bytes of what is in a chunk."""
    if encoding.lower() in ("", "identity"):
        return lambda chunk, _limit: chunk
    if encoding.lower() in ("gzip", "x-gzip"):
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress
    raise urllib3.exceptions.DecodeError(f"an answer in {encoding!r} was not asked for")
