# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of ansible-playbook on one target goes, by leaving out more and more of it.

python -m bench.startup [--repeat N]. Each line costs what it adds to the line before, which is not
biased by a profiler; the last one is the whole, as the benchmark runs it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import run
from bench.plan import Item
from bench.plays import two_tasks, write_play
from bench.ways import BUILD, BY_NAME, environment_of, play_command
from bench.world import World, world

_DEBUG = {"name": "Say something", "ansible.builtin.debug": {"msg": "something"}}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.startup", description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    repeat: int = parser.parse_args().repeat
    item = Item("aws", 1, ("in_process",))
    with world(item, BUILD / "bench" / "work" / "startup") as place:
        place.run(BY_NAME["in_process"], "first")
        print(table(_measure(place, repeat)))


def _measure(place: World, repeat: int) -> list[tuple[str, float, float]]:
    """What each line is, and the medians of its seconds of wall time and of CPU."""
    environment = environment_of(BY_NAME["in_process"], place.job)
    log = place.job.directory / "log"
    commands = list(_commands(place))
    # All of them in turn, so that a busy moment meets each.
    rounds = [
        [run(command, environment, log) for _name, command in commands] for _round in range(repeat)
    ]
    return [
        (name, median(each.wall for each in runs), median(each.cpu for each in runs))
        for (name, _command), runs in zip(commands, zip(*rounds, strict=True), strict=True)
    ]


def _commands(place: World) -> Iterator[tuple[str, Sequence[str]]]:
    """Each does what the one before does, and more."""
    yield "Python", [sys.executable, "-c", "pass"]
    yield "Ansible's modules", [sys.executable, "-c", "import ansible.cli.playbook"]
    ours = two_tasks("aws")
    never = [{**task, "when": False} for task in ours["tasks"]]
    plays = {
        "Ansible's start and end": {**ours, "tasks": []},
        "two tasks of Ansible's own": {**ours, "tasks": [_DEBUG, _DEBUG]},
        "our modules and the SDK, in the parent": {**ours, "tasks": never},
        "the work, in two forks": ours,
    }
    for name, play in plays.items():
        yield name, play_command(_written(name, play, place.job.directory), place.job)


def _written(name: str, play: dict[str, Any], directory: Path) -> str:
    return str(write_play(play, directory / f"{name}.json"))


def table(found: Sequence[tuple[str, float, float]]) -> str:
    """A line for each, with what it adds and the sum so far."""
    lines = ["| what | adds s | s | adds s of CPU | s of CPU |", "| --- | --: | --: | --: | --: |"]
    wall = cpu = 0.0
    for name, seconds, busy in found:
        lines.append(
            f"| {name} | {seconds - wall:.2f} | {seconds:.2f} | {busy - cpu:.2f} | {busy:.2f} |"
        )
        wall, cpu = seconds, busy
    return "\n".join(lines)


if __name__ == "__main__":
    main()
