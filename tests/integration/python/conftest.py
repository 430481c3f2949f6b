# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for all tests in Python that need the sandbox."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core import deadline
from integration.python.maia_world import MaiaWorld, maia_world
from integration.python.sandboxes import emptied, in_own_process
from sandbox.client import SandboxClient
from sandbox.state import State
from unit.isolation import clean_environment, own_run

__all__ = ["clean_environment", "own_run"]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The libraries make no pauses between two attempts; of their own names only."""
    clock = SimpleNamespace(sleep=lambda _: None, time=time.time, monotonic=time.monotonic)
    monkeypatch.setattr("botocore.endpoint.time", clock)
    monkeypatch.setattr(deadline, "time", clock)  # of all that waits within a limit


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """All emulated services, started once."""
    directory = tmp_path_factory.mktemp("sandbox") / "state"
    with in_own_process(directory) as started:
        yield started


@pytest.fixture
def services(state: State) -> Iterator[SandboxClient]:
    """The running services, empty and without orders to fail."""
    yield from emptied(state)


@pytest.fixture
def world() -> Iterator[MaiaWorld]:
    """A Maia of the test's own."""
    with maia_world() as made:
        yield made
