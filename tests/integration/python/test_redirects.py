# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A redirect never carries credentials or a key to where it points."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sandbox.client import SandboxClient
from sandbox.service import Fault
from torture.cases import CASES
from torture.world import World, one_sentence

# Case -> the request that is redirected, which carries a token, a password or the key itself.
REDIRECTED = {
    "aws: create": ("aws", "CreateSecret"),
    "azure: create": ("azure", "SetSecret"),
    "snowflake: create": ("snowflake", "Login"),
    "snowflake: rotate": ("snowflake", "ALTER SECRET"),
    "hosted: create": ("maia", "CreateConnection"),
    "environment": ("maia", "Token"),
    "key": ("stripe", "*"),
}

_FOLLOWED = pytest.mark.xfail(reason="Snowflake's connector follows them, and has no switch for it")


class Elsewhere:
    """A server that is nobody's vault: whatever it gets is too much."""

    def __init__(self) -> None:
        self.got: list[str] = []
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                elsewhere.got.append(self.rfile.readline().decode("latin-1"))
                self.close_connection = True

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/elsewhere"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        # Only with the second is the method kept.
        pytest.param(name, status, marks=_FOLLOWED if service == "snowflake" else ())
        for name, (service, _operation) in REDIRECTED.items()
        for status in (302, 307)
    ],
)
def test_nothing_goes_where_a_redirect_points(
    services: SandboxClient, tmp_path: Path, elsewhere: Elsewhere, name: str, status: int
) -> None:
    world = World(services, tmp_path)
    case = next(case for case in CASES if case.name == name)
    world.start(case)
    service, operation = REDIRECTED[name]
    headers = {"Location": elsewhere.url}
    services.order(Fault(service, operation, status=status, headers=headers, times=100))

    result = world.run(case.module, case.args)

    assert not elsewhere.got
    assert result.get("failed")
    assert one_sentence(result), result["msg"]
    assert services.requests(service)
