# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollout to the emulated Maia by ansible-playbook with real forks, and what it may ask of Maia.

Definitions only: what is asked of the vaults is no business of Maia's.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import yaml

from integration.python.maia_world import MaiaWorld
from sandbox.maia.store import HYBRID

ENVIRONMENTS = ("dev", "test", "production")
FORKS = 8
PAGE = 100  # the most items in an answer
WAITING = "This run waits between requests to Maia"

_PLAY = {
    "hosts": "all",
    "gather_facts": False,
    "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
    "tasks": [
        {
            "name": "Point at the key",
            "maia.stripe_query.maia_secret_definition": {
                "name": "stripe_{{ maia_environment }}",
                "project": "{{ authorize_project }}",
                "secret_name": "stripe/{{ inventory_hostname }}",
                "requests_per_minute": "{{ limit }}",
            },
        }
    ],
}
_RECAP = re.compile(r"changed=(\d+) +unreachable=0 +failed=0")


@dataclass(frozen=True)
class Fleet:
    """The first `targets` environments of an account that has nothing else."""

    projects: int
    environments: tuple[str, ...] = ENVIRONMENTS

    @property
    def targets(self) -> int:
        return self.projects * len(self.environments)

    def build(self, world: MaiaWorld) -> None:
        """Instead of what the account has."""
        world.service._store.clear()
        agent = world.service.add_agent("runner", "aws", "fargate")
        for number in range(self.projects):
            project = world.service.add_project(f"Project {number}", deployment=HYBRID)
            for name in self.environments:
                world.service.add_environment(project, name, agent)

    def most_requests(self, changes: int) -> int:
        """What docs/docsite/rst/rollouts.rst says under "How much it asks of Maia"."""
        token, agents = 1, 1
        resolving = ceil(self.projects / PAGE) + self.projects + agents
        return token + resolving + self.projects + 2 * changes


@dataclass(frozen=True)
class Run:
    """changes: how many tasks changed something, for each host that did not fail."""

    changes: list[int]
    requests: dict[str, int]
    refused: int
    seconds: float
    shown: str

    @property
    def total(self) -> int:
        return sum(self.requests.values()) + self.refused

    @property
    def warnings(self) -> int:
        """How often it told that it waits."""
        return self.shown.count(WAITING)


def write_inventory(directory: Path, limit: int) -> Path:
    source = directory / "fleet.maia_projects.yml"
    plugin = {"plugin": "maia.stripe_query.maia_projects", "requests_per_minute": limit}
    source.write_text(yaml.safe_dump(plugin))
    return source


def run(world: MaiaWorld, directory: Path, limit: int) -> Run:
    """Raises RuntimeError if ansible-playbook fails."""
    playbook = directory / "playbook.yml"
    playbook.write_text(yaml.safe_dump([_PLAY]))
    source = write_inventory(directory, limit)
    arguments = ("-i", str(source), "--forks", str(FORKS), "-e", f"limit={limit}", str(playbook))
    world.clear()
    refused, started = world.service.throttled, time.monotonic()
    done = world.ansible("ansible-playbook", *arguments, home=directory)
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return Run(
        changes=[int(count) for count in _RECAP.findall(done.stdout)],
        requests=world.requests(),
        refused=world.service.throttled - refused,
        seconds=time.monotonic() - started,
        shown=done.stdout + done.stderr,
    )
