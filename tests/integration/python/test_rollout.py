# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rollouts by ansible-playbook with real forks: how much they ask of Maia.

These are small ones; "make requests" runs them at any size.
"""

from __future__ import annotations

from pathlib import Path

from bench.rollout import Fleet, run
from integration.python.maia_world import maia_world


def test_forks_keep_to_the_documented_number_of_requests(tmp_path: Path) -> None:
    fleet = Fleet(projects=4)
    resolving = {"Token": 1, "ListProjects": 1, "ListAgents": 1, "ListEnvironments": 4}
    with maia_world() as world:
        fleet.build(world)
        first = run(world, tmp_path, limit=100_000)
        assert first.changes == [1] * fleet.targets
        assert first.total <= fleet.most_requests(fleet.targets)
        listings = first.requests.pop("ListConnections")
        assert listings <= fleet.projects + 2 * fleet.targets
        assert first.requests == {**resolving, "CreateConnection": fleet.targets}
        second = run(world, tmp_path, limit=100_000)
        assert second.changes == [0] * fleet.targets
        assert second.requests == {**resolving, "ListConnections": fleet.projects}
        assert second.total == fleet.most_requests(0)
