# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's own arithmetic; what it runs is tested where it belongs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import publish
from bench.__main__ import _ways
from bench.goals import Goal, goals
from bench.measure import run
from bench.plan import GOALS, Item
from bench.report import Result
from bench.ways import BY_NAME

RUN = Result(
    way="bulk",
    vault="aws",
    targets=200,
    phase="unchanged",
    latency_ms=0,
    at_once=16,
    wall=2.0,
    cpu=1.5,
    memory=90,
    services_cpu=0.5,
    requests=400,
    asking=1.6,
    under_way=3.2,
)

ROLE = {"way": "role", "targets": 50}


# --- goals ---


def of_goals() -> list[Result]:
    """One run of each kind that the plan measures, with figures that are easy to tell apart."""
    return [
        replace(
            RUN,
            way=name,
            vault=item.vault,
            targets=item.targets,
            phase=phase,
            latency_ms=item.latency_ms,
            at_once=item.threads if BY_NAME[name].threaded else item.forks,
            wall=1.0 * item.targets,
        )
        for item in GOALS
        for name in item.ways
        for phase in item.phases
    ]


def reached(results: list[Result]) -> dict[str, bool | None]:
    return {goal.text: goal.reached for goal in goals(results, 2)}


def test_the_plan_measures_all_that_the_goals_need() -> None:
    assert all(goal.figure is not None for goal in goals(of_goals(), 2))
    ratios = [item for item in GOALS if item.vault == "aws" and item.targets >= 200]
    assert all(item.repeat >= 5 for item in ratios if not item.latency_ms)


def test_what_was_not_measured_is_neither_reached_nor_missed() -> None:
    assert set(reached([]).values()) == {None}
    assert goals([], 2)[0].cells()[1:] == ("not measured", "at least 15", "")


@pytest.mark.parametrize(
    ("text", "changed", "limit"),
    [
        (
            "One task per target, N = 200",
            {"way": "one_task", "targets": 200, "phase": "unchanged"},
            {"wall": 200 / 15},
        ),
        (
            "Two tasks per target, N = 200",
            {"way": "in_process", "targets": 200},
            {"wall": 200 / 15},
        ),
        ("One task per target, N = 1000", {"way": "one_task", "targets": 1000}, {"wall": 60.0}),
        ("Two tasks per target, N = 1000", {"way": "in_process", "targets": 1000}, {"wall": 60.0}),
        (
            "unchanged: times the script's",
            {"way": "bulk", "targets": 1000, "phase": "unchanged", "latency_ms": 0},
            {"wall": 1800.0},
        ),
        (
            "first run: times the script's",
            {"way": "bulk", "targets": 1000, "phase": "first", "latency_ms": 0},
            {"wall": 1900.0},
        ),
        ("Role `authorize`, N = 50, unchanged: times as fast", ROLE, {"wall": 50 / 5}),
        ("times the time of its two modules", ROLE, {"wall": 100.0}),
        ("Role: more per target", {"way": "role", "targets": 200}, {"wall": 220.0}),
        ("times a rollout of them", {"way": "rotate"}, {"wall": 600.0}),
        ("memory", {"way": "bulk", "targets": 1000}, {"memory": 150}),
        (
            "Bulk lane: more per target",
            {"way": "bulk", "targets": 1000, "phase": "unchanged", "latency_ms": 0},
            {"wall": 1100.0},
        ),
        (
            "Two tasks: more per target",
            {"way": "in_process", "targets": 1000},
            {"wall": 1100.0},
        ),
        ("One target", {"way": "in_process", "targets": 1}, {"wall": 2.5}),
        (
            "16 threads, unchanged: concurrency kept",
            {"way": "bulk", "phase": "unchanged", "latency_ms": 50.0, "at_once": 16},
            {"under_way": 16 * 0.85 * 1.6},
        ),
        (
            "4 threads, unchanged: concurrency kept",
            {"way": "bulk", "phase": "unchanged", "latency_ms": 50.0, "at_once": 4},
            {"under_way": 4 * 0.85 * 1.6},
        ),
        (
            "16 threads, first run: concurrency kept",
            {"way": "bulk", "phase": "first", "latency_ms": 50.0, "at_once": 16},
            {"under_way": 16 * 0.85 * 1.6},
        ),
        (
            "processors busy",
            {"way": "in_process", "targets": 50, "at_once": 10, "latency_ms": 50.0},
            {"wall": (1.5 + 0.5) / 2 / 0.9},
        ),
    ],
)
def test_a_goal_is_reached_up_to_its_limit(
    text: str, changed: dict[str, object], limit: dict[str, float]
) -> None:
    [goal] = [goal for goal in goals(of_goals(), 2) if text in goal.text and goal.limit is not None]
    found = []
    for factor in (0.99, 1.01):
        figures: dict[str, Any] = {name: value * factor for name, value in limit.items()}
        results = [
            replace(each, **figures)
            if all(getattr(each, key) == held for key, held in changed.items())
            else each
            for each in of_goals()
        ]
        found.append(reached(results)[goal.text])
    # More requests at a time are better, and so is more time for the same work of the processors.
    assert found == ([False, True] if "under_way" in limit or "busy" in text else [True, False])


def test_what_is_beyond_a_limit_is_said_plainly() -> None:
    assert Goal("a", 2.0, 1.8).cells() == ("a", "2", "at most 1.8", "**no**")
    assert Goal("a", 16.0, 15, at_least=True).cells()[3] == "yes"
    assert Goal("a", 16.0, None).cells() == ("a", "16", "", "")


def test_peers_that_are_not_installed_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.__main__.PEERS", Path("/nowhere"))
    assert [way.name for way in _ways(Item("aws", 10, ("peers", "bulk")))] == ["bulk"]
    assert [way.name for way in _ways(Item("snowflake", 10, ("peers", "bulk")))] == ["bulk"]


# --- what is published ---


@pytest.mark.parametrize("path", publish.pages())
def test_what_is_published_agrees_with_the_published_results(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == publish.pages()[path], "run python -m bench.publish"


# --- what is measured of a command ---


def usage_of(program: str, tmp_path: Path) -> Mapping[str, float]:
    used = run([sys.executable, "-c", program], os.environ, tmp_path / "log")
    return {"wall": used.wall, "cpu": used.cpu, "memory": used.memory}


def test_children_count_as_well(tmp_path: Path) -> None:
    work = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    used = usage_of(child, tmp_path)
    assert used["cpu"] >= 0.3
    assert used["wall"] >= 0.3
