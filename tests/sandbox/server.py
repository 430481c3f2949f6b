# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves one WSGI application on one loopback port."""

from __future__ import annotations

import contextlib
import logging
import ssl
import sys
import threading
from typing import TYPE_CHECKING, Any

from cheroot.server import HTTPConnection
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Gateway_10, Server

if TYPE_CHECKING:
    import socket
    from wsgiref.types import WSGIApplication

    from sandbox.tls import CertificateFiles

_ADDRESS = "127.0.0.1"
_THREADS = 40  # more than a client uses: with latency they sleep most of the time
_IDLE_SECONDS = 60
_LOG = logging.getLogger("sandbox")
SOCKET = "sandbox.socket"  # in the WSGI environment


class _Gateway(Gateway_10):
    """Hands the application the connection too, which wire.py breaks."""

    def __init__(self, req: Any) -> None:
        super().__init__(req)
        environ: dict[str, Any] = vars(self)["env"]
        environ[SOCKET] = req.conn.socket


class _Connection(HTTPConnection):
    """Lets go of what a client that hung up did not take, instead of trying once more later."""

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.wfile.close()
        super().close()


class _LazyHandshake(BuiltinSSLAdapter):
    """Leaves the TLS handshake to the worker, so that a slow client holds up nobody else."""

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        tls = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return tls, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class _QuietServer(Server):
    """Reports crashes; broken connections are the clients' business."""

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        crash = level >= logging.ERROR and not isinstance(sys.exc_info()[1], OSError)
        _LOG.log(logging.ERROR if crash else logging.DEBUG, msg, exc_info=traceback)


class LoopbackServer:
    """HTTP/1.1 with keep-alive, over TLS if it is given a certificate."""

    def __init__(self, app: WSGIApplication, certificate: CertificateFiles | None = None) -> None:
        self._server = _QuietServer(
            (_ADDRESS, 0),
            app,
            numthreads=_THREADS,
            request_queue_size=128,
            timeout=_IDLE_SECONDS,
            shutdown_timeout=1,
            server_name="sandbox",
        )
        self._server.gateway = _Gateway
        self._server.ConnectionClass = _Connection
        self._server.keep_alive_conn_limit = 1000  # ten by default, and no keep-alive for more
        self._server.expiration_interval = 0.05  # also how long stop() waits for the accept loop
        self._scheme = "https" if certificate else "http"
        if certificate:
            self._server.ssl_adapter = _LazyHandshake(
                str(certificate.certificate), str(certificate.private_key)
            )
        self._thread = threading.Thread(target=self._server.serve, daemon=True)

    def start(self) -> None:
        self._server.prepare()
        self._thread.start()

    def stop(self) -> None:
        self._server.stop()
        self._thread.join(timeout=5)

    @property
    def port(self) -> int:
        """Known once it has started."""
        return int(self._server.bind_addr[1])

    @property
    def url(self) -> str:
        return f"{self._scheme}://localhost:{self.port}"
