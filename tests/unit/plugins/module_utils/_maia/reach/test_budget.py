# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request limit: the rule, as a property, and against a server that holds us to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import Response
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import LocalState
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.budget import (
    LIMITS,
    Budget,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    CONNECTION_SPEC,
    MaiaConnection,
)
from unit.clock import Clock
from unit.fakes import FakeRuntime, ScriptedTransport


def runtime_at(moment: Clock) -> FakeRuntime:
    return FakeRuntime(shared=LocalState(moment))


@pytest.mark.parametrize(
    ("limit", "burst", "seconds"), [(10, 1, 60 / 9), (60, 3, 60 / 57), (1000, 50, 60 / 950)]
)
def test_the_distance_leaves_room_for_the_burst(limit: int, burst: int, seconds: float) -> None:
    budget = Budget(limit)
    assert (budget.burst, budget.interval) == (burst, seconds)


@given(
    limit=st.sampled_from([10, 13, 20, 60, 61, 1000]),
    pauses=st.lists(st.sampled_from([0.0, 0.01, 0.5, 2.0, 30.0, 61.0]), min_size=1, max_size=150),
)
def test_no_minute_ever_has_more_requests_than_the_limit(limit: int, pauses: list[float]) -> None:
    moment = Clock()
    runtime = runtime_at(moment)
    budget = Budget(limit, moment.sleep)
    sent = []
    for pause in pauses:
        moment.now += pause
        budget.wait("account", runtime)
        sent.append(moment.now)
    for first, start in enumerate(sent):
        assert sum(1 for at in sent[first:] if at < start + 60 - 1e-6) <= limit


def test_waiting_is_told_once_and_only_when_it_can_be_noticed() -> None:
    moment = Clock()
    runtime = runtime_at(moment)
    for _turn in range(200):
        Budget(1000, moment.sleep).wait("account", runtime)
    assert moment.slept
    assert runtime.warnings == []
    for _turn in range(10):
        Budget(60, moment.sleep).wait("other", runtime)
    assert runtime.warnings == [
        "This run waits between requests to Maia, to keep within 60 of them a minute"
        " (requests_per_minute). Nothing is wrong; it only takes longer."
    ]


def test_every_request_takes_its_turn_before_it_is_sent() -> None:
    moment = Clock()
    sent_at: list[float] = []

    def note(_request: object) -> Response:
        sent_at.append(moment.now)
        return Response(401 if len(sent_at) == 2 else 204)

    token = Response(200, content=b'{"access_token": "t"}')
    client = MaiaClient(
        ScriptedTransport(token, note, note, token, note),
        runtime_at(moment),
        api_url="https://a",
        token_url="https://t",
        client_id="id",
        client_secret="secret",
        budget=Budget(10, moment.sleep),
    )
    for _turn in range(2):
        client.call("GET", "/projects", subject="It", attempt="looking")
    # The second one is repeated because of the 401, and that is a request as well.
    assert [round(at - sent_at[0], 3) for at in sent_at] == [0.0, 6.667, 13.333]


def test_the_limits_are_a_range_that_works() -> None:
    for limit in (LIMITS[0], LIMITS[-1]):
        assert Budget(limit).interval > 0


def test_the_limit_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWX gives each slice its part there."""
    monkeypatch.setenv("MAIA_REQUESTS_PER_MINUTE", "30")
    for changed, limit in (({}, 30), ({"requests_per_minute": 500}, 500)):
        options = {"region": "eu1", "access_token": "made up", **changed}
        validated = validator(CONNECTION_SPEC).validate(options)
        assert not validated.error_messages
        made = MaiaConnection.from_params(validated.validated_parameters)
        assert made.requests_per_minute == limit
