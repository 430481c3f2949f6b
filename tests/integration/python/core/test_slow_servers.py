# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that keep a client waiting, or send without end, over real sockets.

Without a limit each of these would take hours.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.exceptions import AzureError
from azure.core.pipeline.transport import HttpRequest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import (
    OPERATION as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.transport import (
    BoundedTransport,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import (
    Deadline,
    limited,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import CollectionError
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.environment import (
    OPERATION as MAIA,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION as SNOWFLAKE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.operation import (
    OPERATION as STRIPE,
)
from integration.python.core.slow_servers import (
    SLOW,
    Behaviour,
    Server,
    bomb,
    flood,
    later,
    packed_bomb,
)
from unit.fakes import FakeRuntime
from unit.keys import make_key, random_text

_SECONDS = 2
_MEMORY = 100 * 2**20


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], Server]]:
    servers: list[Server] = []

    def start(behave: Behaviour) -> Server:
        servers.append(Server(behave))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def error_of(operation: Operation, options: dict[str, Any]) -> str:
    result = validator(operation.spec).validate({"max_seconds": _SECONDS, **options})
    assert not result.error_messages
    with pytest.raises(CollectionError) as caught:
        operation.perform(result.validated_parameters, FakeRuntime())
    return str(caught.value)


def maia(url: str) -> str:
    names = {"project": "Shop", "environment": "Production"}
    return error_of(MAIA, {**names, "api_url": url, "access_token": random_text()})


def stripe(url: str) -> str:
    options = {"api_url": url, "verify": True, "on_unverified": "fail"}
    return error_of(STRIPE, {**options, "api_key": make_key()})


def aws(url: str) -> str:
    credentials = {"access_key": "none", "secret_key": random_text(), "region": "eu-west-1"}
    options = {"name": "shop", "api_key": make_key(), "endpoint_url": url}
    return error_of(AWS, {**credentials, **options})


def azure(url: str) -> str:
    """Its transport alone: vaults and logins are asked with TLS only."""
    with (
        limited(Deadline(_SECONDS)),
        BoundedTransport() as transport,
        pytest.raises((AzureError, CollectionError)) as caught,
    ):
        transport.send(HttpRequest("GET", url))
    return str(caught.value)


CLIENTS = {"maia": maia, "stripe": stripe, "aws": aws, "azure": azure}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("how", SLOW)
def test_a_slow_answer_ends_in_time(serve: Any, client: str, how: str) -> None:
    told = CLIENTS[client](serve(SLOW[how]).url)
    assert "max_seconds" in told or client == "azure", told


@pytest.mark.parametrize("how", ["silence", "a body byte by byte"])
def test_snowflake_ends_in_time(serve: Any, how: str) -> None:
    port = serve(SLOW[how]).port
    place = {"account": "shop", "host": "127.0.0.1", "port": port, "protocol": "http"}
    credentials = {"user": "DEPLOYER", "password": random_text()}
    secret = {"name": "SHOP", "database": "DB", "schema": "S", "api_key": make_key()}
    error_of(SNOWFLAKE, {**place, **credentials, **secret})


@pytest.mark.parametrize("client", ["maia", "stripe"])
@pytest.mark.parametrize(
    "asked", ["1000000000", "9" * 400, "Fri, 01 Jan 2100 00:00:00 GMT"], ids=["1e9", "huge", "date"]
)
def test_a_service_cannot_ask_for_more_time(serve: Any, client: str, asked: str) -> None:
    told = CLIENTS[client](serve(later(asked)).url)
    assert "as the service asks for (Retry-After), does not fit into 2 seconds" in told


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("answer", [flood, bomb])
def test_too_much_is_refused_and_not_kept(serve: Any, client: str, answer: Behaviour) -> None:
    server = serve(answer)
    packed_bomb()
    tracemalloc.start()
    try:
        told = CLIENTS[client](server.url)
        own = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert own < _MEMORY
    if client != "aws" and answer is bomb:
        assert "larger than 4" in told, told
