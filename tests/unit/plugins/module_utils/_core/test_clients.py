# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that are kept while a task runs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.clients import ClientPool
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    MaiaConnection,
)
from unit.clock import PATIENCE, Clock
from unit.fakes import FakeRuntime


@dataclass(eq=False)
class Client:
    closed: bool = False

    def close(self) -> None:
        self.closed = True


class Broken(Client):
    def close(self) -> None:
        raise OSError


def test_an_idle_client_is_used_again_by_whoever_asks_for_the_same() -> None:
    pool = ClientPool()
    with pool.lease("a", Client) as first:
        pass
    with pool.lease("b", Client) as other:
        pass
    with pool.lease("a", Client) as second:
        pass
    assert second is first
    assert other is not first
    assert not first.closed


def test_a_client_has_one_user_at_a_time() -> None:
    pool = ClientPool()
    everybody = threading.Barrier(8)

    def use(_number: int) -> Client:
        with pool.lease("a", Client) as client:
            everybody.wait(timeout=PATIENCE)
            return client

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(use, range(8)))) == 8


def test_a_client_is_given_up_after_an_exception() -> None:
    pool = ClientPool()
    with pytest.raises(KeyError), pool.lease("a", Client) as first:
        raise KeyError
    with pool.lease("a", Client) as second:
        pass
    assert first.closed
    assert second is not first


def test_all_that_are_idle_are_closed_at_the_end_and_forgotten() -> None:
    pool = ClientPool()
    with pool.lease("broken", Broken):
        pass
    with pool.lease("a", Client) as client:
        pass
    pool.close()
    assert client.closed
    with pool.lease("a", Client) as another:
        assert another is not client


def test_a_shared_client_is_made_once_however_many_ask_at_once() -> None:
    pool = ClientPool()
    everybody = threading.Barrier(8)

    def use(_number: int) -> Client:
        everybody.wait(timeout=PATIENCE)
        return pool.share("a", Client)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(use, range(8)))) == 1


def test_a_shared_client_is_made_anew_when_its_time_is_over() -> None:
    clock = Clock(0.0)
    pool = ClientPool(clock)
    first = pool.share("a", Client, seconds=10)
    clock.now = 9.9
    assert pool.share("a", Client, seconds=10) is first
    clock.now = 10.0
    assert pool.share("a", Client, seconds=10) is not first


def test_tasks_for_one_account_of_maia_use_one_connection() -> None:
    runtime = FakeRuntime()
    connection = MaiaConnection("https://a", "https://t", access_token="x")
    for _target in range(3):
        with connection.open(runtime):
            pass
    with MaiaConnection("https://a", "https://t", access_token="y").open(runtime):
        pass
    assert [len(idle) for idle in runtime.clients._idle.values()] == [1, 1]
