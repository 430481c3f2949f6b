# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A refusal that waiting does not mend is asked for once in a while, not by every host."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION,
)
from integration.python.maia_world import maia_world
from unit.faces import run_action

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("identity", "project", "counted"),
    [
        pytest.param("full", NOBODY, {"Token": 1, "ListConnections": 1}, id="no such id"),
        pytest.param("full", "Nobody", {"Token": 1, "ListProjects": 1}, id="no such name"),
        # Without the right to look, the request is not counted as one of the API's.
        pytest.param("none", "Shop Analytics", {"Token": 1}, id="no rights"),
    ],
)
def test_many_hosts_with_the_same_mistake_ask_once(
    identity: str, project: str, counted: dict[str, int]
) -> None:
    with maia_world() as world:
        admitted = 0
        admit = world.service._gate._spend

        def count() -> None:
            nonlocal admitted
            admitted += 1
            admit()

        world.service._gate._spend = count  # type: ignore[method-assign]
        for number in range(30):
            options = {"name": f"stripe_{number}", "project": project, "secret_name": "s"}
            assert run_action(OPERATION, world.options(identity, **options))["failed"]
        assert world.requests() == counted
        assert admitted == 1
