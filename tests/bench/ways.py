# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to do the same work, from what others offer to a script for this one job."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.plays import bulk, debug, one_task, peers, role, two_tasks, write_play

BUILD = Path(__file__).resolve().parents[2] / ".build"
PEERS = BUILD / "bench" / "peers"
AZURE_PEERS = BUILD / "bench" / "azure-peers"
FORKS = 10
THREADS = 16
_PLAYBOOK = str(Path(sys.executable).with_name("ansible-playbook"))


@dataclass(frozen=True)
class Job:
    """directory: for files of its own. inventory: see Fleet.write()."""

    vault: str
    inventory: Path
    directory: Path
    forks: int
    threads: int


@dataclass(frozen=True)
class Way:
    """command: of one run. most: the largest number of targets that it is tried with.

    threaded: its work is done in threads of one process, not in forks. slow: measure its first
    run once only, however often the others are run.
    """

    name: str
    title: str
    command: Callable[[Job], list[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    vaults: tuple[str, ...] = ("aws", "azure", "snowflake")
    most: int = 10_000
    threaded: bool = False
    slow: bool = False

    def at_once(self, job: Job) -> int:
        """How many targets it may work on at a time."""
        return job.threads if self.threaded else job.forks


def environment_of(way: Way, job: Job) -> dict[str, str]:
    """What all runs have in common, and what this way needs beside."""
    kept = ("PATH", "HOME", "LANG", "PYTHONPATH")
    collections = f"{BUILD / 'collections'}{os.pathsep}{PEERS}"
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_HOME": str(job.directory / "ansible"),
        "ANSIBLE_FORKS": str(job.forks),
        "ANSIBLE_DISPLAY_OK_HOSTS": "false",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        **way.environment,
    }


def play_command(play: str, job: Job) -> list[str]:
    return [_PLAYBOOK, "--inventory", str(job.inventory), play]


def _two_tasks(job: Job) -> list[str]:
    return play_command(
        str(write_play(two_tasks(job.vault), job.directory / "two_tasks.json")), job
    )


def _one_task(job: Job) -> list[str]:
    return play_command(str(write_play(one_task(), job.directory / "one_task.json")), job)


def _debug(job: Job) -> list[str]:
    return play_command(str(write_play(debug(), job.directory / "debug.json")), job)


def _peers(job: Job) -> list[str]:
    python = str(AZURE_PEERS / "bin" / "python")
    return play_command(
        str(write_play(peers(job.vault, python), job.directory / "peers.json")), job
    )


def _role(job: Job) -> list[str]:
    return play_command(str(write_play(role(), job.directory / "role.json")), job)


def _bulk(job: Job) -> list[str]:
    return play_command(str(write_play(bulk(job.threads), job.directory / "bulk.json")), job)


def _playbook(name: str, **variables: object) -> Callable[[Job], list[str]]:
    def command(job: Job) -> list[str]:
        given = {"authorize_threads": job.threads, **variables}
        return [*play_command(f"maia.stripe_query.{name}", job), "--extra-vars", json.dumps(given)]

    return command


def _floor(job: Job) -> list[str]:
    return [
        *(sys.executable, "-m", "bench.floor"),
        *(str(job.inventory), job.vault, str(job.threads)),
    ]


# Each wave is proven before the next. Stripe is not asked, as in the other ways.
_ROTATE = _playbook("rotate", authorize_serial="50", authorize_verify="never")
_SWITCH = "MAIA_STRIPE_QUERY_IN_PROCESS"
WAYS = (
    Way("peers", "peers' modules", _peers, vaults=("aws", "azure"), most=200, slow=True),
    Way("modules", "two tasks, as modules", _two_tasks, {_SWITCH: "false"}, most=200, slow=True),
    Way("role", "the role, in process", _role),
    Way("in_process", "two tasks, in process", _two_tasks),
    Way("one_task", "one task, in process", _one_task),
    Way("debug", "a bare debug task, for scale", _debug),
    Way("rollout", "the playbook rollout", _playbook("rollout"), threaded=True),
    Way("prove", "the playbook prove", _playbook("prove"), threaded=True),
    Way("audit", "the playbook audit", _playbook("audit"), threaded=True),
    Way("rotate", "the playbook rotate", _ROTATE, threaded=True),
    Way("bulk", "authorize_targets", _bulk, threaded=True),
    Way("floor", "a script", _floor, threaded=True),
)
BY_NAME = {way.name: way for way in WAYS}
