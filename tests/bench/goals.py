# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rollouts have to reach, and whether the measured medians do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.report import Result, medians
from bench.ways import THREADS


@dataclass(frozen=True)
class Goal:
    """figure: None if nothing of the kind was measured.

    limit: what the figure has to be at least (if at_least) or at most; None if it is only told.
    """

    text: str
    figure: float | None
    limit: float | None
    unit: str = ""
    at_least: bool = False

    @property
    def reached(self) -> bool | None:
        """None if it was not measured, or there is nothing to reach."""
        if self.figure is None or self.limit is None:
            return None
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    def cells(self) -> tuple[str, str, str, str]:
        sign = "at least" if self.at_least else "at most"
        return (
            self.text,
            "not measured" if self.figure is None else f"{self.figure:.3g}{self.unit}",
            "" if self.limit is None else f"{sign} {self.limit:g}{self.unit}",
            {None: "", True: "yes", False: "**no**"}[self.reached],
        )


class _Medians:
    """Finds the one of a kind. Raises LookupError if it was not measured."""

    def __init__(self, results: Sequence[Result]) -> None:
        self._all = medians(results)

    def __call__(
        self,
        way: str,
        targets: int,
        phase: str = "unchanged",
        *,
        vault: str = "aws",
        latency_ms: float = 0,
        at_once: int | None = None,
    ) -> Result:
        for each in self._all:
            same = (each.way, each.targets, each.phase) == (way, targets, phase)
            there = (each.vault, each.latency_ms) == (vault, latency_ms)
            if same and there and at_once in (None, each.at_once):
                return each
        raise LookupError(way)


SLOW_MS = 50.0
_PER_TARGET = {"One task": "one_task", "Two tasks": "in_process"}
_RUNS = {"unchanged": "unchanged", "first": "first run"}
# The lane with a quarter of its threads: sixteen need more of one processor than there is.
FEW_THREADS = THREADS // 4


def goals(results: Sequence[Result], processors: int) -> list[Goal]:
    """processors: of the machine that measured them."""
    of = _Medians(results)

    def figure(compute: Callable[[], float]) -> float | None:
        try:
            return compute()
        except LookupError:
            return None

    def ratio(way: str, other: str, targets: int, phase: str = "unchanged") -> float | None:
        return figure(lambda: of(way, targets, phase).wall / of(other, targets, phase).wall)

    def per_target(way: str) -> float | None:
        return figure(lambda: of(way, 1000).per_target)

    def growth(way: str, few: int = 200, many: int = 1000) -> float | None:
        return figure(lambda: (of(way, many).per_target / of(way, few).per_target - 1) * 100)

    def kept(
        phase: str,
        way: str = "bulk",
        threads: int = THREADS,
        under_way: Callable[[Result], float] = lambda run: run.concurrency,
    ) -> float | None:
        def compute() -> float:
            run = of(way, 1000, phase, latency_ms=SLOW_MS, at_once=threads)
            return under_way(run) / run.at_once * 100

        return figure(compute)

    def busy() -> float:
        """Both the command's and the services', which have the same processors."""
        run = of("in_process", 50, latency_ms=SLOW_MS, at_once=10)
        return (run.cpu + run.services_cpu) / run.wall / processors * 100

    def faster_by_forks() -> float:
        alone, ten = (of("in_process", 50, latency_ms=SLOW_MS, at_once=n) for n in (1, 10))
        return alone.wall / ten.wall

    slow = f"{SLOW_MS:g} ms"
    return [
        *(
            goal
            for name, way in _PER_TARGET.items()
            for goal in (
                Goal(
                    f"{name} per target, N = 200, unchanged: times as fast as the peers",
                    ratio("peers", way, 200),
                    15,
                    at_least=True,
                ),
                Goal(
                    f"{name} per target, N = 1000, unchanged: per target",
                    per_target(way),
                    0.06,
                    " s",
                ),
                Goal(f"{name}: more per target at N = 1000 than at 200", growth(way), 10, " %"),
            )
        ),
        Goal(
            "Role `authorize`, N = 50, unchanged: times as fast as the peers",
            ratio("peers", "role", 50),
            5,
            at_least=True,
        ),
        Goal(
            "Role `authorize`, N = 50, unchanged: times the time of its two modules alone",
            ratio("role", "in_process", 50),
            2,
        ),
        Goal("Role: more per target at N = 200 than at 50", growth("role", 50, 200), 10, " %"),
        Goal(
            "Playbook `rollout`, a line for each host, N = 200, unchanged: times as fast as the"
            " peers",
            ratio("peers", "rollout", 200),
            20,
            at_least=True,
        ),
        Goal(
            "Playbook `rollout`, a line for each host, N = 1000, unchanged: per target",
            per_target("rollout"),
            0.03,
            " s",
        ),
        Goal(
            "Playbook `rotate`, 200 new keys in waves of 50, each proven: times a rollout of them",
            ratio("rotate", "rollout", 200, "changed"),
            3,
        ),
        Goal(
            "A bare `debug` task: more per target at N = 1000 than at 200",
            growth("debug"),
            None,
            " %",
        ),
        Goal(
            "Bulk lane, N = 1000, unchanged: times the script's time",
            ratio("bulk", "floor", 1000),
            1.8,
        ),
        Goal(
            "Bulk lane, N = 1000, first run: times the script's time",
            ratio("bulk", "floor", 1000, "first"),
            1.9,
        ),
        Goal(
            "Bulk lane, N = 1000: memory of the whole run",
            figure(lambda: max(of("bulk", 1000, phase).memory for phase in ("first", "unchanged"))),
            150,
            " MB",
        ),
        Goal("Bulk lane: more per target at N = 1000 than at 200", growth("bulk"), 10, " %"),
        Goal(
            "One target, two tasks, unchanged, from start to end",
            figure(lambda: of("in_process", 1).wall),
            2.5,
            " s",
        ),
        *(
            Goal(
                f"Bulk lane, {slow} latency, N = 1000, {threads} threads, {told}: concurrency kept",
                kept(phase, threads=threads),
                85,
                " %",
                at_least=True,
            )
            for threads in (THREADS, FEW_THREADS)
            for phase, told in _RUNS.items()
        ),
        *(
            Goal(
                f"The same, {threads} threads, {told}: of that the latency itself",
                kept(phase, threads=threads, under_way=lambda run: run.waiting_out_latency),
                None,
                " %",
            )
            for threads in (THREADS, FEW_THREADS)
            for phase, told in _RUNS.items()
        ),
        Goal(
            f"The script, {slow} latency, N = 1000, {THREADS} threads, unchanged: concurrency kept",
            kept("unchanged", "floor"),
            None,
            " %",
        ),
        Goal(
            f"Two tasks, {slow} latency, N = 50, 10 forks: processors busy",
            figure(busy),
            90,
            " %",
        ),
        Goal(
            f"Two tasks, {slow} latency, N = 50: times as fast with 10 forks as with 1",
            figure(faster_by_forks),
            None,
        ),
        Goal(
            "Azure, N = 20, two tasks, unchanged: times as fast as the peers",
            figure(
                lambda: (
                    of("peers", 20, vault="azure").wall / of("in_process", 20, vault="azure").wall
                )
            ),
            None,
        ),
    ]
