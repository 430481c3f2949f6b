# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx against the emulated AWX: what it makes, and that it makes it once."""

from __future__ import annotations

import re

from awx.conftest import PROJECT, SLICES, Play, Prepared
from awx.controller import Controller, Item


def test_a_wrong_token_is_refused(play: Play, controller: Controller) -> None:
    before = list(controller.writes)
    played = play(token="wrong")
    assert played.returncode != 0
    assert "Invalid authentication credentials" in played.stdout
    assert controller.writes == before


def test_it_makes_everything(prepared: Prepared, controller: Controller) -> None:
    assert prepared.first.returncode == 0, prepared.first.stdout + prepared.first.stderr
    assert "WARNING" not in prepared.first.stdout + prepared.first.stderr
    assert not [write for write in prepared.made if write.startswith("change")]
    templates = controller.find(["job_templates"])
    assert {each["playbook"] for each in templates} == {
        path.name for path in PROJECT.glob("*.yml")
    } - {"fleet.maia_projects.yml"}
    for each in templates:
        assert each["ask_limit_on_launch"]
        assert each["ask_job_type_on_launch"]
        assert each["survey_enabled"] == bool(controller.survey_of(each["id"]))


def test_a_second_run_changes_only_what_it_is_told(prepared: Prepared) -> None:
    """Credentials, their source's and slices; nothing else is written, and so nothing twice."""
    assert prepared.second.returncode == 0, prepared.second.stdout + prepared.second.stderr
    kinds = {re.sub(r"\d+", "N", write) for write in prepared.changed}
    assert {kind for kind in kinds if "job_templates" not in kind} == {
        "change inventory_sources Maia",
        "link credentials of N",
    }
    sliced = [write for write in prepared.changed if write.startswith("change job_templates")]
    assert len(sliced) == 4


def test_what_has_to_see_all_hosts_is_not_sliced(
    prepared: Prepared, controller: Controller
) -> None:
    assert prepared.second.returncode == 0
    slices = {
        each["playbook"]: each["job_slice_count"] for each in controller.find(["job_templates"])
    }
    assert slices["authorize.yml"] == SLICES
    assert slices["audit.yml"] == slices["rotate.yml"] == 1


def test_the_workflow_goes_from_audit_to_audit(prepared: Prepared, controller: Controller) -> None:
    assert prepared.first.returncode == 0
    nodes = {each["identifier"]: each for each in controller.find(["workflow_job_template_nodes"])}

    def after(node: Item) -> list[tuple[str, str]]:
        names = {each["id"]: name for name, each in nodes.items()}
        return [
            (names[number], association)
            for association in ("success_nodes", "failure_nodes", "always_nodes")
            for number in controller.linked(node["id"], association)
        ]

    assert {name: after(node) for name, node in nodes.items()} == {
        "audit": [("approve", "always_nodes")],
        "approve": [("rotate-canaries", "success_nodes")],
        "rotate-canaries": [("rotate-rest", "success_nodes")],
        "rotate-rest": [("audit-again", "always_nodes")],
        "audit-again": [],
    }
    assert nodes["rotate-canaries"]["limit"] == "canaries"
    assert nodes["rotate-rest"]["limit"] == "all:!canaries"
    assert "workflow_approval_templates" in nodes["approve"]["related"]["unified_job_template"]
