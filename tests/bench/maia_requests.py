# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what rollouts ask of Maia; fails if it is more than docs/docsite/rst/rollouts.rst says.

    python -m bench.maia_requests                          1, 10 and 100 projects
    python -m bench.maia_requests --projects 200 --environments 1 --limit 60
    python -m bench.maia_requests --projects 2000 --list   only what the inventory plugin asks

A rollout is one of definitions, run twice, by ansible-playbook with real forks, on hosts that the
inventory plugin lists. --limit is the account's limit in requests a minute, to which the emulated
Maia holds everybody, and requests_per_minute of the run.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from bench.rollout import ENVIRONMENTS, Fleet, run, write_inventory
from integration.python.maia_world import MaiaWorld, maia_world

NO_LIMIT = 100_000
HEAD = (
    "projects",
    "targets",
    "run",
    "changed",
    "requests",
    "at most",
    "per target",
    "429",
    "waits",
)


def row(*cells: object) -> None:
    print(" ".join(f"{cell!s:>10}" for cell in cells), flush=True)


def roll_out(fleet: Fleet, world: MaiaWorld, directory: Path, limit: int) -> bool:
    """Print both runs. Returns whether they kept to what is promised."""
    kept = True
    for name, changes in (("first", fleet.targets), ("second", 0)):
        done = run(world, directory, limit)
        most = fleet.most_requests(changes)
        row(
            fleet.projects,
            fleet.targets,
            name,
            sum(done.changes),
            done.total,
            most,
            f"{done.total / fleet.targets:.2f}",
            done.refused,
            done.warnings,
            f"{done.seconds:.0f} s",
        )
        right = len(done.changes) == fleet.targets and sum(done.changes) == changes
        kept = kept and right and done.total <= most and not done.refused and done.warnings <= 1
    return kept


def list_hosts(fleet: Fleet, world: MaiaWorld, directory: Path, limit: int) -> bool:
    source, started = write_inventory(directory, limit), time.monotonic()
    done = world.ansible("ansible-inventory", "-i", str(source), "--list", home=directory)
    seconds, requests = time.monotonic() - started, sum(world.requests().values())
    hosts = len(json.loads(done.stdout)["_meta"]["hostvars"]) if done.returncode == 0 else 0
    most = fleet.most_requests(0) - fleet.projects  # no definitions are listed
    print(f"{hosts} hosts, {requests} requests of at most {most}, {seconds:.1f} s")
    return hosts == fleet.targets and requests <= most


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.maia_requests")
    parser.add_argument("--projects", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--environments", type=int, choices=[1, 2, 3], default=1)
    parser.add_argument("--limit", type=int, help="requests a minute; left out: no limit")
    parser.add_argument("--list", action="store_true", help="only list the hosts")
    given = parser.parse_args()
    measure, limit = list_hosts if given.list else roll_out, given.limit or NO_LIMIT
    if not given.list:
        row(*HEAD, "time")
    kept = True
    for projects in given.projects:
        fleet = Fleet(projects, ENVIRONMENTS[: given.environments])
        with maia_world() as world, tempfile.TemporaryDirectory() as directory:
            fleet.build(world)
            world.service.requests_per_minute = given.limit
            kept = measure(fleet, world, Path(directory), limit) and kept
    if not kept:
        print("This is not what docs/docsite/rst/rollouts.rst promises.", file=sys.stderr)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
