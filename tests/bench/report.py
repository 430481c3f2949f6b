# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of a benchmark as lines, table and JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

_HEAD = (
    "vault",
    "run",
    "targets",
    "way",
    "wall s",
    "s/target",
    "CPU s",
    "MB",
    "requests",
    "serv. CPU",
)


@dataclass(frozen=True)
class Result:
    """One run. Seconds, megabytes; phase: as in Item.

    at_once: how many targets it may work on at a time. asking: seconds from the first request to
    the last answer. under_way: seconds that the services took to answer, of all requests together.
    """

    way: str
    vault: str
    targets: int
    phase: str
    latency_ms: float
    at_once: int
    wall: float
    cpu: float
    memory: float
    services_cpu: float
    requests: float
    asking: float
    under_way: float

    @property
    def kind(self) -> tuple[str, float, str, int, str, int]:
        return (self.vault, self.latency_ms, self.phase, self.targets, self.way, self.at_once)

    @property
    def concurrency(self) -> float:
        """How many requests were under way on average while there were any."""
        return self.under_way / self.asking if self.asking else 0.0

    @property
    def waiting_out_latency(self) -> float:
        """The same, counting of each request the latency alone."""
        return self.requests * self.latency_ms / 1000 / self.asking if self.asking else 0.0

    @property
    def per_target(self) -> float:
        return self.wall / self.targets

    def line(self) -> str:
        return (
            f"{self.vault} {self.phase} {self.targets} {self.way}"
            f"{f' {self.latency_ms:g} ms' if self.latency_ms else ''} ({self.at_once} at once):"
            f" {self.wall:.2f} s, {self.cpu:.2f} s of CPU, {self.memory:.0f} MB,"
            f" {self.requests:g} requests, services {self.services_cpu:.2f} s"
        )


def medians(results: Iterable[Result]) -> list[Result]:
    """One for each kind of run."""
    ordered = sorted(results, key=lambda result: result.kind)
    return [_median(list(group)) for _kind, group in groupby(ordered, lambda result: result.kind)]


def _median(runs: Sequence[Result]) -> Result:
    numbers = {
        name: median(getattr(run, name) for run in runs)
        for name in ("wall", "cpu", "memory", "services_cpu", "requests", "asking", "under_way")
    }
    return Result(**{**asdict(runs[0]), **numbers})


def write_reports(results: Sequence[Result], directory: Path) -> None:
    """results.json and table.md."""
    directory.mkdir(parents=True, exist_ok=True)
    about = {
        "measured": date.today().isoformat(),
        "python": platform.python_version(),
        "ansible_core": version("ansible-core"),
        "processors": len(os.sched_getaffinity(0)),
        "runs": [asdict(result) for result in results],
    }
    (directory / "results.json").write_text(json.dumps(about, indent=1) + "\n")
    (directory / "table.md").write_text(table(medians(results)))


def write_medians(results: Sequence[Result], about: dict[str, Any], path: Path) -> None:
    """What is published, as read_results() reads it: one line for each kind of run."""
    lines = [json.dumps(asdict(result)) for result in medians(results)]
    runs = ",\n".join(lines)
    path.write_text(f'{json.dumps(about)[:-1]}, "runs": [\n{runs}\n]}}\n')


def read_results(path: Path) -> tuple[list[Result], dict[str, Any]]:
    """What write_reports() wrote: the runs, and where they were made."""
    about = json.loads(path.read_text())
    return [Result(**run) for run in about.pop("runs")], about


def table(found: Sequence[Result]) -> str:
    """A Markdown table with ratios to the peers and to the script of the same kind of run.

    at a time: how many requests were under way on average, where answers take their time.
    """
    head = (*_HEAD, "x peers", "x script", "ms", "at once", "at a time")
    lines = [_row(head), _row(["---"] * len(head))]
    for result in found:
        lines.append(
            _row(
                [
                    result.vault,
                    result.phase,
                    str(result.targets),
                    result.way,
                    f"{result.wall:.2f}",
                    f"{result.per_target:.4f}",
                    f"{result.cpu:.2f}",
                    f"{result.memory:.0f}",
                    f"{result.requests / result.targets:.2f}",
                    f"{result.services_cpu:.2f}",
                    _ratio(result, "peers", found),
                    _ratio(result, "floor", found),
                    f"{result.latency_ms:g}",
                    str(result.at_once),
                    f"{result.concurrency:.1f}" if result.latency_ms else "",
                ]
            )
        )
    return "\n".join(lines) + "\n"


def _ratio(result: Result, way: str, found: Sequence[Result]) -> str:
    """How many times as long as the other way it took."""
    other = next(
        (each for each in found if each.kind[:4] == result.kind[:4] and each.way == way), None
    )
    return f"{result.wall / other.wall:.2f}" if other else ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
