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

    first: whether first runs count as well; otherwise what they would do is prepared by another
    way. forks, threads: how much each way may do at a time.
    """

    vault: str
    targets: int
    ways: tuple[str, ...]
    repeat: int = 5
    first: bool = True
    latency_ms: float = 0
    forks: int = FORKS
    threads: int = THREADS


_LANES = ("in_process", "one_task", "bulk", "floor")

# All that the goals need (goals.py), and the curves; an hour on two quiet processors.
# What takes long and is no goal's is measured once.
GOALS = (
    Item("aws", 1, ("in_process",)),
    Item("aws", 1, ("role", "bulk", "floor"), repeat=1),
    Item("aws", 10, ("peers", "modules", *_LANES), repeat=1),
    Item("aws", 50, ("peers", "modules", "role", *_LANES), repeat=1),
    Item("aws", 200, ("rollout", "bulk", "floor")),
    Item("aws", 200, ("peers", "in_process", "one_task", "debug")),
    Item("aws", 1000, ("rollout", "bulk", "floor")),
    Item("aws", 1000, ("in_process", "one_task", "debug"), first=False),
    Item("aws", 200, ("bulk", "floor"), latency_ms=SLOW_MS, repeat=1),
    Item("aws", 1000, ("bulk", "floor"), latency_ms=SLOW_MS),
    Item("aws", 1000, ("bulk",), latency_ms=SLOW_MS, threads=FEW_THREADS),
    *(
        Item("aws", 50, ("in_process",), repeat=1, first=False, latency_ms=SLOW_MS, forks=forks)
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
    Item("aws", 10, ("in_process",), repeat=1, first=False, latency_ms=SLOW_MS, forks=2),
)
