# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a benchmark measures, in which order and how often."""

from __future__ import annotations

from dataclasses import dataclass

from bench.goals import FEW_THREADS, SLOW_MS
from bench.ways import FORKS, THREADS


@dataclass(frozen=True)
class Item:
    """Ways that are run in turn, each `repeat` times, with the same targets and services.

    phases: first, with nothing there; unchanged; changed, with another key for each target. Where
    the first run is not among them, another way prepares what it would do.
    forks, threads: how much each way may do at a time.
    """

    vault: str
    targets: int
    ways: tuple[str, ...]
    repeat: int = 5
    phases: tuple[str, ...] = ("first", "unchanged")
    latency_ms: float = 0
    forks: int = FORKS
    threads: int = THREADS


_UNCHANGED = ("unchanged",)
_LANES = ("in_process", "one_task", "bulk", "floor")

# All that the goals need (goals.py), and the curves; an hour on two quiet processors.
# What takes long and is no goal's is measured once.
GOALS = (
    Item("aws", 1, ("in_process",)),
    Item("aws", 1, ("role", "bulk", "floor"), repeat=1),
    Item("aws", 10, ("peers", "modules", *_LANES), repeat=1),
    Item("aws", 50, ("modules", "one_task", "bulk", "floor"), repeat=1),
    Item("aws", 50, ("peers", "role", "in_process")),
    Item("aws", 200, ("rollout", "bulk", "floor")),
    Item("aws", 200, ("peers", "in_process", "one_task", "debug")),
    Item("aws", 200, ("role", "prove", "audit"), phases=_UNCHANGED),
    Item("aws", 200, ("rollout", "rotate"), phases=("changed",)),
    Item("aws", 1000, ("rollout", "bulk", "floor")),
    Item("aws", 1000, ("in_process", "one_task", "debug"), phases=_UNCHANGED),
    Item("aws", 200, ("bulk", "floor"), latency_ms=SLOW_MS, repeat=1),
    Item("aws", 1000, ("bulk", "floor"), latency_ms=SLOW_MS),
    Item("aws", 1000, ("bulk",), latency_ms=SLOW_MS, threads=FEW_THREADS),
    *(
        Item(
            *("aws", 50, ("in_process",)),
            repeat=1,
            phases=_UNCHANGED,
            latency_ms=SLOW_MS,
            forks=forks,
        )
        for forks in (1, 2, 5, 10, 20)
    ),
    Item("azure", 20, ("peers", *_LANES), repeat=1),
    Item("azure", 200, _LANES, repeat=1),
    Item("snowflake", 50, _LANES, repeat=1),
    Item("snowflake", 200, ("bulk", "floor"), repeat=1),
)
# The same goals in small: whether all of it works, not what it takes.
TRIAL = (
    Item("aws", 1, ("in_process",), repeat=1),
    Item("aws", 10, ("peers", *_LANES), repeat=1),
    Item("aws", 50, ("bulk", "floor"), repeat=1, latency_ms=SLOW_MS),
    Item("aws", 10, ("in_process",), repeat=1, phases=_UNCHANGED, latency_ms=SLOW_MS, forks=2),
    Item("aws", 10, ("role", "prove", "audit"), repeat=1, phases=_UNCHANGED),
    Item("aws", 10, ("rollout", "rotate"), repeat=1, phases=("changed",)),
)
