# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maia's REST client against a scripted transport."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    ConflictError,
    NotPermittedError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import (
    Response,
    Unreachable,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.shapes import Shape
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.token import AUDIENCE
from unit.fakes import Answer, FakeRuntime, ScriptedTransport
from unit.keys import make_key, random_text

CLIENT_SECRET = random_text()
NAMED = Shape({"name": str}, needed=("name",))
TOKEN, FRESH = random_text(), random_text()


def answer(status: int, body: Any = None) -> Response:
    return Response(status, content=b"" if body is None else json.dumps(body).encode())


def token(text: str = TOKEN) -> Response:
    return answer(200, {"access_token": text, "expires_in": 1800})


def client_of(*answers: Answer, **credentials: Any) -> tuple[MaiaClient, ScriptedTransport]:
    transport = ScriptedTransport(*answers)
    given = credentials or {"client_id": "id", "client_secret": CLIENT_SECRET}
    client = MaiaClient(
        transport,
        FakeRuntime(),
        api_url="https://api.example/dpc",
        token_url="https://id.example/token",
        **given,
    )
    return client, transport


def call(client: MaiaClient, method: str = "GET") -> Any:
    return client.call(method, "/projects", subject="Maia project 'x'", attempt="looking")


def items(client: MaiaClient) -> list[dict[str, Any]]:
    return list(client.pages("/projects", NAMED, subject="Maia project 'x'", attempt="listing"))


def bearer(transport: ScriptedTransport) -> list[str | None]:
    return [request.headers.get("Authorization") for request in transport.requests]


def test_the_token_is_fetched_once() -> None:
    client, transport = client_of(token(), answer(200, {"a": 1}), answer(204))
    assert call(client) == {"a": 1}
    assert call(client, "DELETE") is None
    asked, first, _last = transport.requests
    assert (asked.method, asked.url) == ("POST", "https://id.example/token")
    assert asked.form == {
        "grant_type": "client_credentials",
        "client_id": "id",
        "client_secret": CLIENT_SECRET,
        "audience": AUDIENCE,
    }
    assert first.url == "https://api.example/dpc/v1/projects"
    assert bearer(transport) == [None, f"Bearer {TOKEN}", f"Bearer {TOKEN}"]


def test_an_expired_token_is_replaced_once() -> None:
    client, transport = client_of(token(), answer(401), token(FRESH), answer(200, {}))
    call(client)
    assert bearer(transport) == [None, f"Bearer {TOKEN}", None, f"Bearer {FRESH}"]


def test_a_second_401_is_final() -> None:
    client, transport = client_of(token(), answer(401), token(FRESH), answer(401))
    with pytest.raises(AuthenticationError):
        call(client)
    assert len(transport.requests) == 4


def test_a_given_token_is_used_as_it_is_and_not_replaced() -> None:
    client, transport = client_of(answer(401), access_token=TOKEN)
    with pytest.raises(AuthenticationError, match="get a new one"):
        call(client)
    assert bearer(transport) == [f"Bearer {TOKEN}"]


def page(first: int, count: int, total: int | None) -> Response:
    body: dict[str, Any] = {"results": [{"name": str(n)} for n in range(first, first + count)]}
    return answer(200, body if total is None else {**body, "total": total})


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        pytest.param([page(0, 0, 0)], 0, id="an empty page"),
        pytest.param([page(0, 3, 3)], 3, id="one page"),
        pytest.param([page(0, 100, 100)], 100, id="exactly one full page"),
        pytest.param([page(0, 100, 150), page(100, 50, 150)], 150, id="two pages"),
        pytest.param([page(0, 100, 101), page(100, 0, 100)], 100, id="one was deleted meanwhile"),
        pytest.param([page(0, 120, None), page(0, 120, None)], 120, id="no pages, all at once"),
        pytest.param([answer(200, [{"name": "0"}])] * 2, 1, id="a bare list that repeats itself"),
        pytest.param([answer(200, [{"name": "0"}]), answer(200, [])], 1, id="a bare list's page"),
        pytest.param([answer(200, {"name": "0"})] * 2, 1, id="one bare object"),
        pytest.param([page(0, 3, 0), page(3, 0, 0)], 3, id="a total of 0 beside items"),
        pytest.param([answer(200, [])], 0, id="a bare empty list"),
    ],
)
def test_paging_stops_where_the_list_ends(pages: list[Response], expected: int) -> None:
    client, transport = client_of(*pages, access_token=TOKEN)
    assert [item["name"] for item in items(client)] == [str(n) for n in range(expected)]
    asked = [request.params for request in transport.requests]
    assert asked == [{"page": str(number), "size": "100"} for number in range(len(pages))]


# A server may give smaller pages than it is asked for.
@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([page(0, 25, 40), page(25, 15, 40)], id="a server with smaller pages"),
        pytest.param([page(0, 100, None), page(100, 3, None), page(0, 0, None)], id="no total"),
        pytest.param([page(0, 25, 0), page(25, 2, 0), page(0, 0, 0)], id="a total of 0"),
    ],
)
def test_no_page_is_left_out(pages: list[Response]) -> None:
    client, _transport = client_of(*pages, access_token=TOKEN)
    expected = sum(len(response.json()["results"]) for response in pages)
    assert len(items(client)) == expected


# Else what is to be absent would be said to be, although it is among what was not given.
@pytest.mark.parametrize(
    "second", [page(100, 0, 150), page(0, 100, 150)], ids=["empty", "repeated"]
)
def test_a_list_that_ends_before_its_total_is_not_taken_for_all(second: Response) -> None:
    client, _transport = client_of(page(0, 100, 150), second, access_token=TOKEN)
    with pytest.raises(ApiError) as failure:
        items(client)
    assert str(failure.value) == (
        "Maia project 'x': listing failed: Maia says that there are 150, and gives 100 of them; run"
        " again; if that does not help, report it with the version of this collection."
    )


@pytest.mark.parametrize(
    "body",
    [
        [{"name": "0"}, "junk"],
        [{"name": 7}],
        {"n": 0},
        {"results": 7},
        {"results": [], "total": {}},
    ],
)
def test_what_is_no_list_of_named_things_is_not_an_empty_one(body: object) -> None:
    client, _transport = client_of(answer(200, body), access_token=TOKEN)
    with pytest.raises(ApiError, match="the answer is not what Maia gives"):
        items(client)


# A proxy's log-in page (200, HTML), for example: state=absent must not succeed over it.
def test_an_answer_that_is_not_json_is_not_an_empty_list() -> None:
    client, _transport = client_of(
        Response(200, content=b"<html>log in</html>"), access_token=TOKEN
    )
    with pytest.raises(ApiError):
        items(client)


@pytest.mark.parametrize(
    ("status", "body", "kind", "text"),
    [
        (400, {"title": "Bad"}, ApiError, "refused the request (HTTP 400)"),
        (401, None, AuthenticationError, "does not accept the access token"),
        (403, {"detail": "no role"}, NotPermittedError, "role"),
        (
            403,
            {"detail": "IP not allowed for any organization"},
            NotPermittedError,
            "IP allow list",
        ),
        (404, {}, ConfigurationError, "is not Maia's API"),
        (409, {}, ConflictError, "created meanwhile"),
        (415, "text", ApiError, "HTTP 415"),
        (422, None, ApiError, "HTTP 422"),
        (429, None, TransientError, "request limit is used up"),
        (500, None, TransientError, "Maia is failing (HTTP 500)"),
        (503, None, TransientError, "Maia is failing (HTTP 503)"),
        (302, None, ApiError, "HTTP 302"),
    ],
)
def test_errors_by_status(status: int, body: Any, kind: type[CollectionError], text: str) -> None:
    client, _transport = client_of(answer(status, body), access_token=TOKEN)
    with pytest.raises(kind) as failure:
        call(client)
    message = str(failure.value)
    assert text in message
    assert message.startswith("Maia project 'x': looking failed: ")
    assert failure.value.status == status
    assert TOKEN not in message


@pytest.mark.parametrize(
    ("violations", "reason"),
    [
        (["name must not be blank.", "$.value: '{}' is too long"], ", because of name, value"),
        (["'{}' is not allowed"], ""),
        (["x" * 184 + "{}"], ""),
        ([{"value": ["{}"]}, None, 7], ", because of value"),
        ({"name": "{}"}, ""),
    ],
)
def test_of_violations_only_the_names_that_were_sent_are_shown(
    violations: Any, reason: str
) -> None:
    secret = make_key()
    said = json.loads(json.dumps({"violations": violations}).replace("{}", secret))
    client, _transport = client_of(answer(400, said), access_token=TOKEN)
    body = {"name": "it", "value": secret}
    with pytest.raises(ApiError) as failure:
        client.call("POST", "/x", subject="It", attempt="making it", body=body)
    assert failure.value.reason == f"Maia refused the request (HTTP 400){reason}"


@pytest.mark.parametrize(
    ("response", "kind", "code"),
    [
        pytest.param(
            answer(401, {"error": "invalid_client", "error_description": CLIENT_SECRET}),
            AuthenticationError,
            "invalid_client",
            id="refused",
        ),
        pytest.param(answer(403), AuthenticationError, "HTTP 403", id="refused without a reason"),
        pytest.param(
            answer(400, {"error": CLIENT_SECRET}), AuthenticationError, "HTTP 400", id="an echo"
        ),
        pytest.param(answer(503), TransientError, "HTTP 503", id="down"),
        pytest.param(
            answer(400, {"error": "temporarily_unavailable"}),
            TransientError,
            "temporarily_unavailable",
            id="busy",
        ),
        pytest.param(answer(200, {"no": "token"}), ApiError, "HTTP 200", id="no token"),
        pytest.param(answer(200, {"access_token": 7}), ApiError, "HTTP 200", id="a number"),
    ],
)
def test_no_token(response: Response, kind: type[CollectionError], code: str) -> None:
    client, _transport = client_of(response)
    with pytest.raises(kind) as failure:
        call(client)
    assert failure.value.code == code
    assert failure.value.subject == "Maia API credentials"
    assert CLIENT_SECRET not in str(failure.value)


def test_unreachable() -> None:
    client, _transport = client_of(Unreachable(OSError("Connection refused")), access_token=TOKEN)
    with pytest.raises(TransientError, match="could not be reached: nothing listens"):
        call(client)
