# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollout by ansible-playbook with real forks: how much it asks of Maia."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from sandbox.maia.store import HYBRID
from unit.maia_world import MaiaWorld, maia_world

ENVIRONMENTS = ("dev", "test", "production")
PLAY = {
    "hosts": "all",
    "gather_facts": False,
    "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
    "tasks": [
        {
            "name": "Point at the key",
            "maia.stripe_query.maia_secret_definition": {
                "name": "stripe_{{ maia_environment }}",
                "project": "{{ maia_project }}",
                "secret_name": "stripe/{{ inventory_hostname }}",
                "requests_per_minute": "{{ limit }}",
            },
        }
    ],
}
RECAP = re.compile(r"changed=(\d+) +unreachable=0 +failed=0")


def build(world: MaiaWorld, projects: int) -> None:
    agent = world.service.add_agent("runner", "aws", "fargate")
    for number in range(projects):
        project = world.service.add_project(f"Project {number}", deployment=HYBRID)
        for name in ENVIRONMENTS:
            world.service.add_environment(project, name, agent)


def play(world: MaiaWorld, directory: Path, limit: int) -> tuple[list[int], str]:
    """How many tasks changed something on each host, and all that was shown."""
    source = directory / "fleet.maia_projects.yml"
    plugin = {"plugin": "maia.stripe_query.maia_projects", "projects": ["Project *"]}
    source.write_text(yaml.safe_dump({**plugin, "requests_per_minute": limit}))
    playbook = directory / "playbook.yml"
    playbook.write_text(yaml.safe_dump([PLAY]))
    arguments = ("-i", str(source), "--forks", "8", "-e", f"limit={limit}", str(playbook))
    done = world.ansible("ansible-playbook", *arguments, home=directory)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [int(count) for count in RECAP.findall(done.stdout)], done.stdout + done.stderr


# 33 projects in 3 environments each.
@pytest.mark.parametrize("projects", [33])
def test_forks_keep_to_the_documented_number_of_requests(tmp_path: Path, projects: int) -> None:
    targets = projects * len(ENVIRONMENTS)
    with maia_world() as world:
        build(world, projects)
        resolving = {"Token": 1, "ListProjects": 1, "ListAgents": 1, "ListEnvironments": projects}
        changed, _shown = play(world, tmp_path, limit=100_000)
        assert changed == [1] * targets
        counted = world.requests()
        assert counted.pop("CreateConnection") == targets
        assert counted.pop("ListConnections") <= projects + 2 * targets
        assert counted == resolving
        world.clear()
        changed, _shown = play(world, tmp_path, limit=100_000)
        assert changed == [0] * targets
        assert world.requests() == {**resolving, "ListConnections": projects}


def test_a_low_limit_is_kept_to_and_waiting_is_told_once(tmp_path: Path) -> None:
    with maia_world() as world:
        build(world, 2)
        world.service.requests_per_minute = 60
        # The account has used up nearly all that it may.
        world.service._gate._bucket.take(60)
        world.service._gate._bucket._left = 8
        _changed, shown = play(world, tmp_path, limit=60)
        assert world.service.throttled == 0
        assert shown.count("This run waits between requests to Maia") == 1
