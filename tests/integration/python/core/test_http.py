# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP over real sockets: what is repeated, what is not, and where credentials go."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.causes import error_for
from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import (
    Deadline,
    limited,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import (
    RequestsTransport,
    Response,
    Unreachable,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.network import (
    NETWORK,
    UNANSWERED,
)
from sandbox.state import State
from unit.keys import random_text

CUT: tuple[int, dict[str, str]] = (0, {})  # the connection ends without an answer


class Server:
    """Answers from a list of (status, headers); remembers what it was asked for."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                status, headers = outer.answers.pop(0) if outer.answers else (200, {})
                if not status:
                    self.close_connection = True
                    return
                content = json.dumps({"status": status}).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = _answer

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def methods(self) -> list[str]:
        return [request[0] for request in self.requests]


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def transport() -> Iterator[RequestsTransport]:
    """With the waits left out; the ones that were asked for are in its `waits`."""
    made = RequestsTransport()
    waits: list[float] = []
    made.waits = waits  # type: ignore[attr-defined]
    with limited(Deadline(math.inf, sleep=waits.append)):
        yield made
    made.close()


def waits_of(transport: RequestsTransport) -> list[float]:
    return transport.waits  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_throttled_requests_are_repeated_after_the_time_asked_for(
    server: Server, transport: RequestsTransport, method: str
) -> None:
    server.answers = [(429, {"Retry-After": "3"}), (429, {"Retry-After": "2"})]
    assert transport.request(method, server.url, body={"a": 1}).status == 200
    assert server.methods() == [method] * 3
    assert waits_of(transport) == [3, 2]
    assert {request[3] for request in server.requests} == {b'{"a": 1}'}


def test_the_time_asked_for_may_be_a_date(server: Server, transport: RequestsTransport) -> None:
    server.answers = [(429, {"Retry-After": formatdate(time.time() + 30, usegmt=True)})]
    assert transport.request("GET", server.url).status == 200
    (wait,) = waits_of(transport)
    assert 25 < wait <= 30


def test_repeats_are_announced_after_the_wait_for_them(
    server: Server, transport: RequestsTransport
) -> None:
    """waits_of() notes the waits, so that what is announced falls into their order."""
    events = waits_of(transport)
    login = f"{server.url}/token"
    made = RequestsTransport(repeatable_url=login)
    made.before_repeat = lambda: events.append(-1)
    server.answers = [(429, {"Retry-After": "3"}), (503, {"Retry-After": "2"}), CUT]
    assert made.request("GET", server.url).status == 200
    assert [event for event in events if event in (3, 2, -1)] == [3, -1, 2, -1, -1]
    events.clear()
    server.answers = [(503, {"Retry-After": "4"})]
    assert made.request("POST", login).status == 200
    assert events == [4]
    made.close()


def test_throttling_without_end_is_handed_on(server: Server, transport: RequestsTransport) -> None:
    server.answers = [(429, {})] * 50
    assert transport.request("POST", server.url).status == 429
    assert len(server.requests) == 7


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_failing_server_is_asked_again_where_that_is_safe(
    server: Server, transport: RequestsTransport, status: int
) -> None:
    for method in ("GET", "PUT", "DELETE"):
        server.answers = [(status, {})]
        assert transport.request(method, server.url).status == 200
    server.answers = [(status, {"Retry-After": "1"})]
    server.requests.clear()
    assert transport.request("POST", server.url).status == status
    assert server.methods() == ["POST"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_refusals_are_not_repeated(
    server: Server, transport: RequestsTransport, status: int
) -> None:
    server.answers = [(status, {})]
    response = transport.request("GET", server.url)
    assert response.status == status
    assert response.json() == {"status": status}
    assert len(server.requests) == 1


def test_a_cut_connection_is_tried_again_only_where_that_is_safe(
    server: Server, transport: RequestsTransport
) -> None:
    server.answers = [CUT]
    assert transport.request("GET", server.url).status == 200
    server.requests.clear()
    server.answers = [CUT]
    secret = random_text()
    with pytest.raises(Unreachable) as failure:
        transport.request("POST", f"{server.url}/{secret}", body={"value": secret})
    assert server.methods() == ["POST"]
    assert secret not in str(failure.value)


def told(unreachable: Unreachable) -> str:
    """What the user is told of it."""
    words = unreachable.words(service="Maia", where="api_url")
    table = (*NETWORK, UNANSWERED)
    return str(error_for(table, unreachable.said, "It", "trying it", words=words))


def test_redirects_are_not_followed_and_credentials_stay(transport: RequestsTransport) -> None:
    here, there = Server(), Server()
    try:
        here.answers = [(307, {"Location": f"{there.url}/x"}), (302, {"Location": "/y"})]
        headers = {"Authorization": f"Bearer {random_text()}"}
        assert transport.request("POST", here.url, headers=headers).status == 307
        assert transport.request("GET", here.url, headers=headers).status == 302
        assert there.requests == []
        assert len(here.requests) == 2
    finally:
        here.stop()
        there.stop()


def test_netrc_is_ignored(
    server: Server, transport: RequestsTransport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login somebody password {random_text()}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    token = f"Bearer {random_text()}"
    transport.request("GET", server.url, headers={"Authorization": token})
    transport.request("GET", server.url)
    first, second = (request[2] for request in server.requests)
    assert first["Authorization"] == token
    assert "Authorization" not in second


def test_bodies_forms_and_parameters_are_sent_as_such(
    server: Server, transport: RequestsTransport
) -> None:
    transport.request("POST", server.url, form={"a": "b c"})
    transport.request("POST", server.url, body={"a": "b"}, params={"q": "x y"})
    (*_token, form_headers, form), (_method, path, body_headers, body) = server.requests
    assert (form, form_headers["Content-Type"]) == (b"a=b+c", "application/x-www-form-urlencoded")
    assert (json.loads(body), body_headers["Content-Type"]) == ({"a": "b"}, "application/json")
    assert path == "/?q=x+y"


def test_an_untrusted_certificate_is_told_and_nothing_sent(
    state: State, transport: RequestsTransport
) -> None:
    with pytest.raises(Unreachable) as failure:
        transport.request("GET", state.services["maia"].url)
    assert "not signed by a trusted authority; give the CA's certificate" in told(failure.value)


def test_a_certificate_of_the_given_authority_is_trusted(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = RequestsTransport(state.ca)
    # An environment with other authorities must not win over the option.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    assert transport.request("GET", state.services["maia"].url).status in (401, 404)
    transport.close()


def test_a_body_that_is_not_json_is_none() -> None:
    assert Response(200, content=b"<html>").json() is None
    assert Response(204).json() is None
    assert Response(200, content=b"\xff").json() is None
