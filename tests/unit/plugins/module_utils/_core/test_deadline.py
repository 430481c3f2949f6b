# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long an operation may take, by a clock that moves when it is told to."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core import deadline
from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import (
    Deadline,
    OutOfTime,
    current,
    limited,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ApiError
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import Response
from ansible_collections.maia.stripe_query.plugins.module_utils._core.limits import TIME_SPEC
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    Operation,
    Outcome,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import LocalState
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach import (
    client as maia_client,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.budget import Budget
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.shapes import Shape
from unit.clock import PATIENCE
from unit.clock import Clock as OneClock
from unit.fakes import FakeRuntime


class Clock(OneClock):
    def limit(self, seconds: float) -> Deadline:
        return Deadline(seconds, clock=self, sleep=self.sleep)


def test_a_pause_that_does_not_fit_is_not_begun() -> None:
    clock = Clock(100.0)
    limit = clock.limit(10)
    limit.sleep(6, "the first pause")
    limit.changing("CreateSecret")
    limit.answered()
    with pytest.raises(OutOfTime) as caught:
        limit.sleep(6, "the second pause")
    assert clock.slept == [6]
    assert str(caught.value.about("Maia project 'Shop'", "listing it")) == (
        "Maia project 'Shop': listing it failed: the second pause does not fit into 10 seconds"
        " (max_seconds); until then 1 requests were answered and done was CreateSecret; run again,"
        " which goes on from there, or give more time with max_seconds."
    )


def test_a_timeout_is_what_is_left_and_never_none_at_all() -> None:
    clock = Clock(100.0)
    limit = clock.limit(10)
    assert limit.within(60) == 10
    assert limit.within(5) == 5
    assert limit.within(None) == 10
    clock.now += 10
    with pytest.raises(TimeoutError):
        limit.within(5)
    assert Deadline(math.inf).within(None) is None


def test_the_limit_that_ends_first_holds() -> None:
    clock = Clock(100.0)
    with limited(Deadline(10, clock=clock, option="timeout")) as outer:
        with limited(clock.limit(20)):
            assert current().left() == 10
            assert "10 seconds (timeout)" in str(current().error("this"))
        with limited(clock.limit(5)):
            assert current().left() == 5
            assert "5 seconds (max_seconds)" in str(current().error("this"))
            outer.end()
            assert current().left() == 0
    assert current().left() == math.inf


def test_what_is_cancelled_says_so_instead_of_a_time() -> None:
    with limited(Deadline(math.inf)) as outer, limited(Deadline(10)) as own:
        own.changing("the secret")
        own.answered()
        assert not own.ended_because()
        outer.end("the run was cancelled")
        assert own.left() == 0
        assert own.ended_because() == "the run was cancelled"
        text = str(own.error("this"))
    assert "the run was cancelled; until then 1 requests were answered and done was the" in text
    assert text.endswith("run again, which goes on from there.")


def test_what_ends_an_operation_tells_of_the_changes_before_it() -> None:
    """Of a target, say, of which an earlier operation has changed something."""
    with limited(Deadline(60)) as whole, limited(Deadline(60, earlier=("secret 'shop'",))):
        whole.end("the run was cancelled")
        with limited(Deadline(60)) as own:
            assert (
                "; until then 0 requests were answered and earlier secret 'shop' changed;"
                in str(own.error("the answer"))
            )
            own.changing("CreateSecret")
            own.sent()
            own.answered()
            told = str(own.error("the answer"))
            assert "done was CreateSecret, and earlier secret 'shop' changed;" in told


def test_what_takes_too_long_is_left_alone_and_discarded() -> None:
    may_end, discarded = threading.Event(), threading.Event()

    def make() -> str:
        may_end.wait(PATIENCE)
        return "late"

    with limited(Deadline(0.01)), pytest.raises(TimeoutError):
        deadline.in_time(make, lambda _late: discarded.set())
    may_end.set()
    assert discarded.wait(PATIENCE)


def test_errors_of_what_is_in_time_are_its_own() -> None:
    def fail() -> None:
        raise TimeoutError("its own")

    with limited(Deadline(60)), pytest.raises(TimeoutError, match="its own"):
        deadline.in_time(fail, lambda _late: None)


def test_each_operation_has_a_limit_of_its_own() -> None:
    seen: list[float] = []

    def execute(*_args: object) -> Outcome:
        seen.append(current().seconds)
        return Outcome(changed=False)

    operation = Operation("test", TIME_SPEC, execute)
    operation.perform({"max_seconds": 30}, FakeRuntime())
    waiting = Operation("test", TIME_SPEC, execute, waits="timeout_seconds")
    waiting.perform({"max_seconds": 30, "timeout_seconds": 900}, FakeRuntime())
    Operation("test", TIME_SPEC, execute).perform({}, FakeRuntime())
    assert seen == [30, 930, math.inf]


def test_the_request_limit_is_not_waited_for_in_vain() -> None:
    clock = Clock(100.0)
    runtime = FakeRuntime(shared=LocalState(clock))
    budget = Budget(10, clock.sleep)
    with limited(clock.limit(21)):
        for _turn in range(4):
            budget.wait("account", runtime)
        with pytest.raises(OutOfTime, match="requests_per_minute"):
            budget.wait("account", runtime)
    assert clock.now <= 121


def test_a_task_that_does_not_come_back_is_not_waited_for() -> None:
    state, inside, end = LocalState(), threading.Event(), threading.Event()

    def fetch() -> tuple[str, float]:
        inside.set()
        end.wait(PATIENCE)
        return "value", 1.0

    other = threading.Thread(target=state.recall, args=("name", fetch))
    other.start()
    inside.wait(PATIENCE)
    with limited(Deadline(0.01)), pytest.raises(OutOfTime, match="another task of this run"):
        state.recall("name", lambda: ("own", 1.0))
    end.set()
    other.join()


class Pages:
    """Answers with page after page of items, whose names come from an iterator."""

    def __init__(self, names: Iterator[str]) -> None:
        self._names = names
        self.count = 0

    def request(self, *_args: object, **_payload: object) -> Response:
        self.count += 1
        page = f'{{"results": [{{"name": "{next(self._names)}"}}], "size": 1}}'
        return Response(200, content=page.encode())


def list_all(pages: Pages) -> str:
    client = MaiaClient(
        pages,
        FakeRuntime(),
        api_url="https://api",
        token_url="https://token",
        access_token="token",
        budget=Budget(100_000, lambda _seconds: None),
    )
    with pytest.raises(ApiError) as caught:
        list(
            client.pages("/things", Shape({"name": str}), subject="Things", attempt="listing them")
        )
    return str(caught.value)


def test_pages_that_go_round_in_circles_are_refused() -> None:
    pages = Pages(iter("abcabcabc"))
    assert "after 3 pages an earlier page comes again" in list_all(pages)
    assert pages.count == 4


def test_pages_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maia_client, "_MAX_PAGES", 20)
    pages = Pages(map(str, range(10**9)))
    assert "after 20 pages there is no end" in list_all(pages)
    assert pages.count == 21


@pytest.mark.parametrize(
    ("statuses", "unconfirmed", "changed"),
    [
        ([], False, False),
        ([None], True, True),
        ([403], False, False),
        ([502], True, True),
        ([200], False, True),
        ([None, 200], False, True),
        # The first attempt may have done what the second one is refused for.
        ([None, 409], True, True),
        ([429, 403], False, False),
    ],
)
def test_what_an_error_leaves_behind(
    statuses: list[int | None], unconfirmed: bool, changed: bool
) -> None:
    limit = Deadline(10)
    for status in statuses:
        limit.changing("CreateSecret")
        limit.sent()
        if status is not None:
            limit.answered(status)
    limit.changing("")
    limit.sent()
    limit.answered()
    error = limit.after(ApiError("It", "that is so", "run again", attempt="trying it"))
    assert (error.unconfirmed, error.changed) == (unconfirmed, changed)
    assert error.to_result().get("changed", False) is changed
    told = "It: trying it failed: that is so, and it may have been done all the same; run again;"
    assert str(error).startswith(told) is unconfirmed


def test_what_was_not_sent_was_not_done() -> None:
    limit = Deadline(10)
    limit.changing("CreateSecret")
    assert not limit.after(ApiError("It", "that is so", "run again")).changed
