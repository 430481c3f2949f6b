# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet that the benchmark works on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.fleet import ENVIRONMENTS, Fleet, make_fleet, projects_for
from sandbox.state import State


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
    assert fleet.write(tmp_path / "inventory.json").stat().st_mode & 0o077 == 0
