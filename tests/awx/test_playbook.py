# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx against the emulated AWX: what it makes, and that it makes it once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from awx.conftest import PROJECT, SCM_URL, SLICES, Play, Prepared
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
        assert each["ask_job_type_on_launch"]
        # With any of these who may only execute a template can have keys or credentials.
        assert not each["ask_variables_on_launch"]
        assert not each["ask_credential_on_launch"]
        assert not each["ask_limit_on_launch"]
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
    assert nodes["rotate-canaries"]["extra_data"] == {"authorize_hosts": "canaries"}
    assert nodes["rotate-rest"]["extra_data"] == {"authorize_hosts": "all:!canaries"}
    assert "workflow_approval_templates" in nodes["approve"]["related"]["unified_job_template"]


def test_a_finished_set_up_is_unchanged_whoever_looks_and_whatever_others_have(
    prepared: Prepared, controller: Controller, play: Play
) -> None:
    """In check mode, by the organization's administrator, with the same names in another one."""
    assert prepared.second.returncode == 0
    other = controller.create("organizations", {"name": "Other"})["id"]
    kinds = ("projects", "inventories", "notification_templates", "credentials")
    twins = [
        (kind, controller.create(kind, {**each, "organization": other})["id"])
        for kind in kinds
        for each in list(controller.items[kind].values())
    ]
    controller.writes.clear()
    (token,) = (token for token, who in controller.tokens.items() if who == "organization")
    played = play(*prepared.arguments, "--check", token=token)
    writes = list(controller.writes)
    for kind, number in twins:
        controller.delete(kind, number)
    assert played.returncode == 0, played.stdout
    assert re.search(r"changed=0 +unreachable=0 +failed=0", played.stdout), played.stdout
    assert writes == []


def test_it_recovers_behind_a_gateway_and_goes_again(play_against: Callable[..., Play]) -> None:
    """With a repository that is down at first; the gateway has the API below a path of its own."""
    prefix = "/api/controller/"
    controller = Controller({secrets.token_hex(): "system"}, {SCM_URL: PROJECT}, prefix=prefix)
    controller.projects.down.add(SCM_URL)
    play = play_against(controller, CONTROLLER_OPTIONAL_API_URLPATTERN_PREFIX=prefix)
    played = play()
    assert played.returncode != 0
    assert "Project Update - Stripe Query, failed" in played.stdout
    controller.projects.down.clear()
    played = play()
    assert played.returncode == 0, played.stdout + played.stderr
    assert len(controller.items["job_templates"]) == 7

    played = play("-e", "awx_remove=no", playbook="awx_remove")
    assert "Nothing was removed" in played.stdout
    assert len(controller.items["job_templates"]) == 7
    # Of a type that is in use there may be other templates' credentials.
    kind = controller.one("credential_types", "Maia API")
    controller.create("credentials", {"name": "Mine", "credential_type": kind["id"]})
    played = play("-e", "awx_remove=yes", playbook="awx_remove")
    assert played.returncode == 0, played.stdout + played.stderr
    left = {name for name, items in controller.items.items() if items}
    # An approval has no name that it could be found by; AWX deletes it with its node.
    assert left - {"workflow_approval_templates"} == {
        *("organizations", "credential_types", "credentials"),
    }
    types = controller.find(["credential_types"], managed=False)
    assert [each["name"] for each in types] == ["Maia API"]


def test_teams_have_the_roles_of_launchers_and_approvers(
    prepared: Prepared, controller: Controller
) -> None:
    assert prepared.first.returncode == 0

    def teams_with(item: Item, role: str) -> list[str]:
        number = item["summary_fields"]["object_roles"][role]["id"]
        return [controller.get("teams", n)["name"] for n in controller.linked(number, "teams")]

    may = {
        each["playbook"]
        for each in controller.find(["job_templates"])
        if teams_with(each, "execute_role") == ["Launchers"]
    }
    # These change nothing; who may execute others needs no approval.
    assert may == {"prove.yml", "audit.yml"}
    workflow = controller.one("workflow_job_templates", "Stripe Query - Rotation")
    assert teams_with(workflow, "execute_role") == ["Launchers"]
    assert teams_with(workflow, "approval_role") == ["Approvers"]


def test_failures_and_waiting_approvals_are_told_and_an_audit_is_made_each_night(
    prepared: Prepared, controller: Controller
) -> None:
    assert prepared.first.returncode == 0
    told = controller.one("notification_templates", "Stripe Query")["id"]
    workflow = controller.one("workflow_job_templates", "Stripe Query - Rotation")["id"]
    for event in ("error", "approvals"):
        assert controller.linked(workflow, f"notification_templates_{event}") == [told]
    for each in controller.find(["job_templates"]):
        assert controller.linked(each["id"], "notification_templates_error") == [told]
    nightly = controller.one("schedules", "Stripe Query - Nightly audit")
    audit = controller.one("job_templates", "Stripe Query - Audit")
    assert nightly["unified_job_template"] == audit["id"]
