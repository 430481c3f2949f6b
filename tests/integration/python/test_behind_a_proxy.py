# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a proxy: that it cannot be reached only if it cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.client import SandboxClient
from sandbox.service import Fault
from torture.cases import KEY
from torture.world import World

_DEFINITIONS = "maia_secret_definition_info"
# Without Snowflake, whose connector looks for the CA once in a process.
# Each module, its options, and of which service the request is whose answer is lost.
_CALLS: list[tuple[str, dict[str, Any], str, str]] = [
    ("stripe_secret_aws", {"name": "stripe/shop", "api_key": KEY}, "aws", "DescribeSecret"),
    ("stripe_secret_aws", {"name": "stripe/shop", "api_key": KEY}, "aws", "CreateSecret"),
    ("stripe_secret_azure", {"name": "stripe-shop", "api_key": KEY}, "azure", "Token"),
    ("stripe_secret_azure", {"name": "stripe-shop", "api_key": KEY}, "azure", "GetSecretVersions"),
    (_DEFINITIONS, {"project": "Shop Analytics"}, "maia", "*oken*"),
    (_DEFINITIONS, {"project": "Shop Analytics"}, "maia", "ListConnections"),
    ("stripe_api_key_info", {"api_key": KEY, "verify": True}, "stripe", "*"),
]
_UNREACHED = "the proxy that HTTPS_PROXY names cannot be reached"


class _Proxied(World):
    """The services have the names that they really have, which only their proxy knows."""

    def connection(self, module: str) -> dict[str, Any]:
        if module == "stripe_api_key_info":
            return {"on_unverified": "fail"}
        if module.startswith("maia_"):
            return {"region": "eu1", **self.sandbox.identity("maia")}
        vault = module.rpartition("_")[2]
        where = {"aws": {"region": "eu-west-1"}, "azure": {"vault_name": "demo-vault"}}
        few = {"max_attempts": 2, "max_seconds": 60}
        return {**self.sandbox.identity(vault), **where.get(vault, {}), **few}


@pytest.fixture
def world(services: SandboxClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for name in ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, services.state.bundle)
    _use(monkeypatch, services.state.proxy)
    return _Proxied(services, tmp_path)


def _use(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, proxy)


@pytest.mark.parametrize(("module", "options", "service", "operation"), _CALLS)
def test_a_connection_that_is_cut_is_not_the_proxys_address(
    world: World, module: str, options: dict[str, Any], service: str, operation: str
) -> None:
    world.sandbox.order(Fault(service, operation, wire="reset after", times=1000))
    result = world.run(module, options)
    assert result["error"]["kind"] == "transient"
    assert "the connection was cut" in result["msg"]
    assert _UNREACHED not in result["msg"]


@pytest.mark.parametrize(("module", "options"), {call[2]: call[:2] for call in _CALLS}.values())
def test_a_proxy_that_does_not_listen(
    world: World, monkeypatch: pytest.MonkeyPatch, module: str, options: dict[str, Any]
) -> None:
    _use(monkeypatch, "http://127.0.0.1:1")
    assert _UNREACHED in world.run(module, options)["msg"]


def test_what_was_written_behind_a_proxy_is_not_written_again(world: World) -> None:
    world.sandbox.order(Fault("azure", "SetSecret", wire="reset after"))
    result = world.run("stripe_secret_azure", {"name": "stripe-shop", "api_key": KEY})
    assert not result.get("failed"), result["msg"]
    assert world.sandbox.requests("azure")["SetSecret"] == 1
    assert world.versions() == 1
