# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests a run makes, which the module's documentation promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION as DEFINITION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.environment import (
    OPERATION as ENVIRONMENT,
)
from integration.python.maia_world import MaiaWorld, maia_world
from sandbox.maia.store import HYBRID
from unit.faces import run_action

ENVIRONMENTS = ("dev", "test", "production")
_NO_LIMIT: dict[str, Any] = {"requests_per_minute": 100_000}  # waiting is not what is tested here
NewRun = Callable[[], None]


@pytest.fixture
def new_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewRun:
    """What follows shares nothing with what was before."""
    numbers = iter(range(100))

    def start() -> None:
        directory = tmp_path / f"run{next(numbers)}"
        monkeypatch.setattr("ansible.constants.DEFAULT_LOCAL_TMP", str(directory))

    return start


@dataclass(frozen=True)
class Fleet:
    """Targets in as few projects as possible, and more in the account that have nothing to do."""

    targets: int
    others: int = 150

    @property
    def projects(self) -> int:
        return ceil(self.targets / len(ENVIRONMENTS))

    def build(self, world: MaiaWorld) -> None:
        agent = world.service.add_agent("runner", "aws", "fargate")
        for number in range(self.projects + self.others):
            project = world.service.add_project(f"Project {number}", deployment=HYBRID)
            for name in ENVIRONMENTS:
                world.service.add_environment(project, name, agent)

    def run(self, world: MaiaWorld, **changed: Any) -> int:
        """A rollout, without its vaults: the number of targets that changed."""
        changes = 0
        for number in range(self.targets):
            project = f"Project {number // len(ENVIRONMENTS)}"
            environment = ENVIRONMENTS[number % len(ENVIRONMENTS)]
            found = run_action(
                ENVIRONMENT, world.options(project=project, environment=environment, **_NO_LIMIT)
            )
            assert found["vault"] == "aws"
            options = {"project": project, "name": f"stripe_{environment}", **_NO_LIMIT, **changed}
            options.setdefault("secret_name", f"stripe/{number}")
            changes += run_action(DEFINITION, world.options(**options))["changed"]
        return changes


@pytest.mark.parametrize("targets", [1, 10, pytest.param(100, marks=pytest.mark.long)])
def test_requests_of_a_run_follow_the_formula(targets: int, new_run: NewRun) -> None:
    fleet = Fleet(targets)
    with maia_world() as world:
        fleet.build(world)
        # 4 projects and 4 agents of the demo are in the account as well.
        resolving = {
            "Token": 1,
            "ListProjects": ceil((fleet.projects + fleet.others + 4) / 100),
            "ListEnvironments": fleet.projects,
            "ListAgents": 1,
        }
        for expected_changes in (targets, 0, 0):
            new_run()
            world.clear()
            assert fleet.run(world) == expected_changes
            counted = world.requests()
            listings = counted.pop("ListConnections")
            creations = counted.pop("CreateConnection", 0)
            assert counted == resolving
            assert creations == expected_changes
            # One list for each project; a change has one reading right before it.
            assert listings == max(fleet.projects, expected_changes)
