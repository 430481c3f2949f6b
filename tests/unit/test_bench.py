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
from xml.etree import ElementTree

import pytest

from bench.chart import draw
from bench.fleet import ENVIRONMENTS, Fleet, make_fleet, projects_for
from bench.measure import cpu_of, run
from bench.report import Result, medians, table
from sandbox.state import State

RUN = Result("bulk", "aws", 200, "unchanged", 0, 2.0, 1.5, 90, 0.5, 400)


def test_a_median_is_of_the_same_kind_of_run() -> None:
    walls = (2.0, 9.0, 3.0)
    runs = [replace(RUN, wall=wall) for wall in walls] + [replace(RUN, targets=50, wall=1.0)]
    assert {(result.targets, result.wall) for result in medians(runs)} == {(200, 3.0), (50, 1.0)}


def test_ratios_are_to_the_same_kind_of_run() -> None:
    rows = table(
        [
            RUN,
            replace(RUN, way="peers", wall=50.0),
            replace(RUN, way="floor", wall=1.6),
            replace(RUN, way="floor", wall=0.1, targets=50),
        ]
    ).splitlines()
    cells = [cell.strip() for cell in rows[2].split("|")[1:-1]]
    assert cells[:4] == ["aws", "unchanged", "200", "bulk"]
    assert cells[-3:] == ["0.04", "1.25", ""]
    assert cells[8] == "2.00"


def test_with_latency_the_requests_under_way_are_told() -> None:
    slow = replace(RUN, latency_ms=50.0, requests=400, wall=2.0)
    assert slow.concurrency == 10.0
    assert table([slow]).splitlines()[2].endswith("| 10.0 |")


def test_the_chart_has_a_curve_for_each_way() -> None:
    runs = [
        replace(RUN, way=way, targets=targets, wall=targets / 10)
        for way in ("bulk", "floor")
        for targets in (10, 50, 200)
    ]
    space = "{http://www.w3.org/2000/svg}"
    chart = ElementTree.fromstring(draw([*runs, replace(RUN, way="peers", phase="first")]))
    curves = chart.findall(f"{space}polyline")
    assert [len(str(curve.get("points")).split()) for curve in curves] == [3, 3]
    # More targets to the right, more seconds higher up.
    points = [tuple(map(float, p.split(","))) for p in str(curves[0].get("points")).split()]
    assert points == sorted(points)
    assert [y for _x, y in points] == sorted((y for _x, y in points), reverse=True)


def test_there_is_no_chart_of_nothing() -> None:
    assert draw([]) == ""


@pytest.fixture(scope="module")
def fleet(state: State) -> Fleet:
    return make_fleet("aws", 12, {"aws": state, "maia": state})


def test_each_target_has_names_and_a_key_of_its_own(fleet: Fleet, tmp_path: Path) -> None:
    for variable in ("authorize_secret_name", "authorize_api_key"):
        assert len({target[variable] for target in fleet.targets.values()}) == 12
    places = {(t["authorize_project"], t["authorize_environment"]) for t in fleet.targets.values()}
    assert len(places) == 12
    assert {project for project, _name in places} == {f"Project {n}" for n in range(3)}
    assert projects_for(12) == 3
    assert projects_for(len(ENVIRONMENTS)) == 1
    assert fleet.write(tmp_path).stat().st_mode & 0o077 == 0


def usage_of(program: str, tmp_path: Path) -> Mapping[str, float]:
    used = run([sys.executable, "-c", program], os.environ, tmp_path / "log")
    return {"wall": used.wall, "cpu": used.cpu, "memory": used.memory}


def test_children_count_as_well(tmp_path: Path) -> None:
    work = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    used = usage_of(child, tmp_path)
    assert used["cpu"] >= 0.3
    assert used["wall"] >= 0.3


def test_the_peak_of_memory_is_seen(tmp_path: Path) -> None:
    used = usage_of("import time; block = b'x' * 100_000_000; time.sleep(1)", tmp_path)
    assert used["memory"] >= 95


def test_a_failing_command_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="log"):
        usage_of("raise SystemExit(1)", tmp_path)


def test_the_cpu_of_a_running_process_is_known() -> None:
    assert cpu_of(os.getpid()) > 0
