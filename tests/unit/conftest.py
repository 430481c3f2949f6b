# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for all unit tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from unit.isolation import clean_environment, own_run

__all__ = ["clean_environment", "own_run"]


@pytest.fixture(scope="module", autouse=True)
def _no_server() -> Iterator[None]:
    """What needs a server is in tests/integration/python, so that these tests take seconds.

    No longer than for a module of tests: the next one of this process may be of the others.
    """

    def refuse(_self: socket.socket, _backlog: int = 0) -> None:
        pytest.fail("A unit test may not start a server.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "listen", refuse)
        yield
