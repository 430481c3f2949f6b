# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to do the same work, from what others offer to a script for this one job."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.plays import peers, two_tasks, write_play

BUILD = Path(__file__).resolve().parents[2] / ".build"
PEERS = BUILD / "bench" / "peers"
FORKS = 10
_PLAYBOOK = str(Path(sys.executable).with_name("ansible-playbook"))


@dataclass(frozen=True)
class Job:
    """directory: for files of its own. inventory: see Fleet.write()."""

    vault: str
    inventory: Path
    directory: Path
    threads: int


@dataclass(frozen=True)
class Way:
    """command: of one run. most: the largest number of targets that it is tried with."""

    name: str
    title: str
    command: Callable[[Job], list[str]]
    environment: Mapping[str, str]
    vaults: tuple[str, ...] = ("aws", "azure", "snowflake")
    most: int = 10_000


def environment_of(way: Way, directory: Path) -> dict[str, str]:
    """What all runs have in common, and what this way needs beside."""
    kept = ("PATH", "HOME", "LANG", "PYTHONPATH")
    collections = f"{BUILD / 'collections'}{os.pathsep}{PEERS}"
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_HOME": str(directory / "ansible"),
        "ANSIBLE_FORKS": str(FORKS),
        "ANSIBLE_DISPLAY_OK_HOSTS": "false",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        **way.environment,
    }


def _play(play: str, job: Job) -> list[str]:
    return [_PLAYBOOK, "--inventory", str(job.inventory), play]


def _two_tasks(job: Job) -> list[str]:
    return _play(str(write_play(two_tasks(job.vault), job.directory / "two_tasks.json")), job)


def _peers(job: Job) -> list[str]:
    return _play(str(write_play(peers(), job.directory / "peers.json")), job)


def _role(job: Job) -> list[str]:
    return _play("maia.stripe_query.authorize", job)


def _bulk(job: Job) -> list[str]:
    return [
        *_play("maia.stripe_query.rollout", job),
        *("--extra-vars", f"authorize_threads={job.threads}"),
    ]


def _floor(job: Job) -> list[str]:
    return [
        *(sys.executable, "-m", "bench.floor"),
        *(str(job.inventory), job.vault, str(job.threads)),
    ]


_SWITCH = "MAIA_STRIPE_QUERY_IN_PROCESS"
WAYS = (
    Way("peers", "peers' modules", _peers, {}, vaults=("aws",), most=200),
    Way("modules", "our modules", _two_tasks, {_SWITCH: "false"}, most=200),
    Way("role", "the role, in process", _role, {}),
    Way("in_process", "two tasks, in process", _two_tasks, {}),
    Way("bulk", "authorize_targets", _bulk, {}),
    Way("floor", "a script", _floor, {}),
)
