# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: fetched once in a run, renewed before their end, replaced when refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import Response
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import LocalState
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.token import (
    usable_seconds,
)
from unit.clock import Clock
from unit.fakes import Answer, FakeRuntime, ScriptedTransport
from unit.keys import random_text

SECRET = random_text()
OLD, NEW, NEWER = random_text(), random_text(), random_text()


def token(text: str, expires_in: Any = 1800) -> Response:
    return Response(
        200, content=json.dumps({"access_token": text, "expires_in": expires_in}).encode()
    )


OK, REFUSED = Response(204), Response(401)


def client_of(
    runtime: FakeRuntime, *answers: Answer, **changed: Any
) -> tuple[MaiaClient, ScriptedTransport]:
    transport = ScriptedTransport(*answers)
    options = {"client_id": "id", "client_secret": SECRET, **changed}
    client = MaiaClient(transport, runtime, api_url="https://a", token_url="https://t", **options)
    return client, transport


def call(client: MaiaClient) -> None:
    client.call("GET", "/projects", subject="It", attempt="looking")


def bearers(transport: ScriptedTransport) -> list[str | None]:
    """The tokens that were used; None where one was asked for."""
    used = [request.headers.get("Authorization") for request in transport.requests]
    return [text.removeprefix("Bearer ") if text else None for text in used]


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [
        pytest.param(1800, 1740.0, id="half an hour"),
        pytest.param("1800", 1740.0, id="as a text"),
        pytest.param(7200, 7140.0, id="two hours, as it was"),
        pytest.param(100, 90.0, id="a short one"),
        pytest.param(None, 1740.0, id="not said"),
        pytest.param("soon", 1740.0, id="not a number"),
    ],
)
def test_a_token_is_used_until_shortly_before_its_end(expires_in: Any, seconds: float) -> None:
    assert usable_seconds(expires_in) == seconds


def test_the_tasks_of_a_run_share_a_token() -> None:
    runtime = FakeRuntime()
    first, asked = client_of(runtime, token(OLD), OK)
    second, not_asked = client_of(runtime, OK)
    call(first)
    call(second)
    assert bearers(asked) == [None, OLD]
    assert bearers(not_asked) == [OLD]
    assert OLD in runtime.protected


def test_a_token_is_renewed_before_its_end() -> None:
    clock = Clock()
    client, transport = client_of(FakeRuntime(shared=LocalState(clock)), token(OLD), OK, OK)
    call(client)
    clock.now += 1739
    call(client)
    clock.now += 2
    transport.answers = [token(NEW), OK]
    call(client)
    assert bearers(transport) == [None, OLD, OLD, None, NEW]


def test_a_refused_token_is_replaced_for_everybody() -> None:
    runtime = FakeRuntime()
    first, _transport = client_of(runtime, token(OLD), OK, REFUSED, token(NEW), OK)
    second, transport = client_of(runtime, OK)
    call(first)
    call(first)
    call(second)
    assert bearers(transport) == [NEW]


# The answer to a request of the second task arrives after the first has got a new token.
def test_the_new_token_of_another_task_is_not_thrown_away() -> None:
    runtime = FakeRuntime()
    first, _transport = client_of(runtime, token(OLD), OK, REFUSED, token(NEW), OK)
    call(first)

    def refuse_late(_request: object) -> Response:
        call(first)
        return REFUSED

    second, transport = client_of(runtime, refuse_late, OK)
    call(second)
    assert bearers(transport) == [OLD, NEW]


@pytest.mark.parametrize("changed", [{"client_id": "other"}, {"client_secret": "other"}])
def test_other_credentials_never_get_the_token(changed: dict[str, Any]) -> None:
    runtime = FakeRuntime()
    call(client_of(runtime, token(OLD), OK)[0])
    client, transport = client_of(runtime, Response(401), **changed)
    with pytest.raises(AuthenticationError):
        call(client)
    assert bearers(transport) == [None]


def test_names_in_the_shared_state_hold_no_secret() -> None:
    state = LocalState()
    call(client_of(FakeRuntime(shared=state), token(OLD), OK)[0])
    call(client_of(FakeRuntime(shared=state), OK, access_token=NEWER)[0])
    names = [*state._values, *state._turns, *state._seen]
    assert len(names) >= 3
    assert not [name for name in names if SECRET in name or NEWER in name or OLD in name]
