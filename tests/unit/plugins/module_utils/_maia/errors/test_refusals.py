# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A refusal that waiting does not mend is asked for once in a while, not by every host."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
    CollectionError,
    NotPermittedError,
    NotVisibleError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import Response
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import LocalState
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.errors.refusals import (
    REMEMBERED_SECONDS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from unit.clock import Clock
from unit.fakes import FakeRuntime, ScriptedTransport
from unit.keys import random_text


def ask(client: MaiaClient, subject: str) -> Any:
    """As one task of many looks something up."""

    def fetch() -> Any:
        return client.call("GET", "/agents", subject=subject, attempt="looking")

    return client.remember("agents", fetch, subject=subject)


def failure(client: MaiaClient, subject: str) -> CollectionError:
    with pytest.raises(CollectionError) as failed:
        ask(client, subject)
    return failed.value


def client_of(clock: Clock, *answers: Response, **options: Any) -> MaiaClient:
    options = options or {"access_token": random_text()}
    runtime = FakeRuntime(shared=LocalState(clock))
    return MaiaClient(
        ScriptedTransport(*answers), runtime, api_url="https://a", token_url="https://t", **options
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, AuthenticationError), (403, NotPermittedError), (404, NotVisibleError)],
)
def test_a_refusal_is_remembered_for_a_moment(status: int, kind: type[CollectionError]) -> None:
    clock = Clock()
    client = client_of(clock, Response(status), Response(200, content=b"[]"))
    first, second = failure(client, "Project 'A'"), failure(client, "Project 'B'")
    assert isinstance(second, kind)
    # Each host reads of its own object.
    assert str(second) == str(first).replace("Project 'A'", "Project 'B'")
    assert (second.status, second.attempt) == (status, "looking")
    clock.now += REMEMBERED_SECONDS - 1
    failure(client, "Project 'C'")
    clock.now += 2
    assert ask(client, "Project 'D'") == []


@pytest.mark.parametrize(
    "answer",
    [Response(429), Response(500), Response(503), Response(400), Response(200, content=b"<")],
)
def test_what_may_pass_is_never_remembered(answer: Response) -> None:
    client = client_of(Clock(), answer, Response(200, content=b"[]"))
    assert not isinstance(failure(client, "It"), (AuthenticationError, NotPermittedError))
    assert ask(client, "It") == []


def test_what_is_asked_anew_is_not_answered_by_a_refusal() -> None:
    client = client_of(Clock(), Response(403), Response(200, content=b"[]"))
    failure(client, "It")
    assert client.remember("agents", lambda: 7, subject="It", anew=True) == 7


def test_refused_credentials_are_sent_once() -> None:
    wrong = Response(401, content=json.dumps({"error": "invalid_client"}).encode())
    client = client_of(Clock(), wrong, client_id="id", client_secret=random_text())
    told = {str(failure(client, subject)) for subject in ("Project 'A'", "Project 'B'")}
    # It is not about the project of either.
    (text,) = told
    assert text.startswith("Maia API credentials: getting an access token failed")


def test_a_token_endpoint_that_is_busy_is_asked_again() -> None:
    token = Response(200, content=b'{"access_token": "t"}')
    answers = (Response(503), token, Response(200, content=b"[]"))
    client = client_of(Clock(), *answers, client_id="id", client_secret=random_text())
    assert isinstance(failure(client, "It"), TransientError)
    assert ask(client, "It") == []
