# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of a benchmark as lines, table, JSON and chart."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from statistics import median

from bench.chart import draw

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
    """One run. Seconds, megabytes; phase: first or unchanged."""

    way: str
    vault: str
    targets: int
    phase: str
    latency_ms: float
    wall: float
    cpu: float
    memory: float
    services_cpu: float
    requests: int

    @property
    def kind(self) -> tuple[str, str, int, str]:
        return (self.vault, self.phase, self.targets, self.way)

    @property
    def concurrency(self) -> float:
        return self.requests * self.latency_ms / 1000 / self.wall

    def line(self) -> str:
        return (
            f"{self.vault} {self.phase} {self.targets} {self.way}: {self.wall:.2f} s,"
            f" {self.cpu:.2f} s of CPU, {self.memory:.0f} MB, {self.requests} requests,"
            f" services {self.services_cpu:.2f} s"
        )


def medians(results: Iterable[Result]) -> list[Result]:
    """One for each kind of run."""
    ordered = sorted(results, key=lambda result: result.kind)
    return [_median(list(group)) for _kind, group in groupby(ordered, lambda result: result.kind)]


def _median(runs: Sequence[Result]) -> Result:
    numbers = {
        name: median(getattr(run, name) for run in runs)
        for name in ("wall", "cpu", "memory", "services_cpu", "requests")
    }
    return Result(**{**asdict(runs[0]), **numbers})


def write_reports(results: Sequence[Result], directory: Path) -> None:
    """results.json, table.md and curves.svg; the table is printed as well."""
    directory.mkdir(parents=True, exist_ok=True)
    found = medians(results)
    about = {
        "python": platform.python_version(),
        "ansible_core": version("ansible-core"),
        "processors": len(os.sched_getaffinity(0)),
        "runs": [asdict(result) for result in results],
    }
    (directory / "results.json").write_text(json.dumps(about, indent=1) + "\n")
    text = table(found)
    (directory / "table.md").write_text(text)
    (directory / "curves.svg").write_text(draw(found))
    print(f"\n{text}\nWritten to {directory}")


def table(found: Sequence[Result]) -> str:
    """A Markdown table with ratios to the peers and to the script of the same kind of run.

    at a time: how many requests were under way on average, where answers take their time.
    """
    head = (*_HEAD, "x peers", "x script", "at a time")
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
                    f"{result.wall / result.targets:.4f}",
                    f"{result.cpu:.2f}",
                    f"{result.memory:.0f}",
                    f"{result.requests / result.targets:.2f}",
                    f"{result.services_cpu:.2f}",
                    _ratio(result, "peers", found),
                    _ratio(result, "floor", found),
                    f"{result.concurrency:.1f}" if result.latency_ms else "",
                ]
            )
        )
    return "\n".join(lines) + "\n"


def _ratio(result: Result, way: str, found: Sequence[Result]) -> str:
    """How many times as long as the other way it took."""
    other = next((each for each in found if each.kind == (*result.kind[:3], way)), None)
    return f"{result.wall / other.wall:.2f}" if other else ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
