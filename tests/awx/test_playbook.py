# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx against the emulated AWX: what it makes, and that it makes it once."""

from __future__ import annotations

import copy
import json
import re
import secrets
from collections.abc import Callable

import pytest
import yaml

from awx.conftest import PROJECT, SCM_URL, SLICES, Play, Prepared
from awx.controller import Controller, Item

MAIA_API = (PROJECT.parent / "credential_types" / "maia_api.yml").read_text("utf-8")
NODES = "workflow_job_template_nodes"


def linked_of(controller: Controller, identifier: str) -> list[tuple[str, str]]:
    """Where the workflow goes from the node."""
    (node,) = controller.find([NODES], identifier=identifier)
    return [
        (controller.get(NODES, number)["identifier"], association)
        for association in ("success_nodes", "failure_nodes", "always_nodes")
        for number in controller.linked(node["id"], association)
    ]


def role_of(item: Item, role: str) -> int:
    return int(item["summary_fields"]["object_roles"][role]["id"])


def teams_with(controller: Controller, item: Item, role: str) -> list[str]:
    numbers = controller.linked(role_of(item, role), "teams")
    return [controller.get("teams", number)["name"] for number in numbers]


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
        assert not each["ask_inventory_on_launch"]
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


def meddle(controller: Controller, audit: Item, workflow: Item, nodes: dict[str, Item]) -> None:
    """Change by hand whatever a launch, a rotation or its approval goes by."""
    (rotate,) = controller.find(["job_templates"], playbook="rotate.yml")
    for item in (audit, workflow):
        item.update({name: True for name in item if name.startswith("ask_")})
    changed = {"limit": "nobody", "job_tags": "x", "skip_tags": "y", "scm_branch": "z"}
    changed |= {"start_at_task": "w", "webhook_service": "github", "host_config_key": "v"}
    audit.update({**changed, "extra_vars": "audit_fail: false", "verbosity": 4})
    workflow.update({"extra_vars": "authorize_serial: 100%", "survey_enabled": True})
    extra = {"workflow_job_template": workflow["id"], "unified_job_template": rotate["id"]}
    extra |= {"identifier": "extra", "extra_data": {"authorize_hosts": "all"}}
    number = controller.create(NODES, extra)["id"]
    controller.link(NODES, nodes["approve"]["id"], "failure_nodes", {"id": number})
    after = {"id": nodes["rotate-canaries"]["id"]}
    controller.link(NODES, nodes["approve"]["id"], "failure_nodes", after)
    nodes["audit-again"]["extra_data"] = {"audit_fail": "false"}
    nodes["rotate-rest"]["limit"] = "nobody"
    # Not an approval, though it has the approval's place.
    nodes["approve"]["unified_job_template"] = audit["id"]
    nodes["approve"]["related"]["unified_job_template"] = audit["url"]
    default = controller.one("organizations", "Default")["id"]
    other = controller.create("organizations", {"name": "Elsewhere"})["id"]
    for organization in (default, other):
        team = controller.create("teams", {"name": "Others", "organization": organization})
        for item, role in (
            (workflow, "execute_role"),
            (workflow, "approval_role"),
            (audit, "execute_role"),
        ):
            controller.give_role(role_of(item, role), {"id": team["id"]})


def test_what_decides_over_a_job_is_set_again(
    prepared: Prepared, controller: Controller, play: Play
) -> None:
    assert prepared.second.returncode == 0
    (audit,) = controller.find(["job_templates"], playbook="audit.yml")
    workflow = controller.one("workflow_job_templates", "Stripe Query - Rotation")
    nodes = {each["identifier"]: each for each in controller.find([NODES])}
    nightly = controller.one("schedules", "Stripe Query - Nightly audit")
    before = copy.deepcopy([audit, workflow, *nodes.values()])
    links = {name: linked_of(controller, name) for name in nodes}

    meddle(controller, audit, workflow, nodes)
    nightly.update({"enabled": False, "rrule": "DTSTART:20260101T050000Z RRULE:FREQ=WEEKLY"})
    played = play(*prepared.arguments)
    assert played.returncode == 0, played.stdout
    again = {each["identifier"]: each for each in controller.find([NODES])}
    assert {name: linked_of(controller, name) for name in again} == links
    for was in before:
        is_node = was["type"] == "workflow_job_template_node"
        held = (
            again[was["identifier"]] if is_node else controller.items[f"{was['type']}s"][was["id"]]
        )
        new = {"id", "url", "related", "summary_fields"}
        new |= {"unified_job_template"} if was.get("identifier") == "approve" else set()
        assert {n: v for n, v in held.items() if n not in new} == {
            n: v for n, v in was.items() if n not in new
        }
    assert "workflow_approval_templates" in again["approve"]["related"]["unified_job_template"]
    assert controller.one("job_templates", "Stripe Query - Audit")["name"] == audit["name"]
    # What is left out stays.
    assert (nightly["enabled"], nightly["rrule"][-6:]) == (False, "WEEKLY")
    for item, role in ((workflow, "execute_role"), (audit, "execute_role")):
        assert teams_with(controller, item, role) == ["Launchers"]
    assert teams_with(controller, workflow, "approval_role") == ["Approvers"]


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
    nodes = {each["identifier"]: each for each in controller.find([NODES])}
    assert {name: linked_of(controller, name) for name in nodes} == {
        "audit": [("approve", "always_nodes")],
        "approve": [("rotate-canaries", "success_nodes")],
        "rotate-canaries": [("rotate-rest", "success_nodes")],
        "rotate-rest": [("audit-again", "always_nodes")],
        "audit-again": [],
    }
    assert nodes["rotate-canaries"]["extra_data"] == {"authorize_hosts": "canaries"}
    assert nodes["rotate-rest"]["extra_data"] == {"authorize_hosts": "all:!canaries"}
    assert "old_key_works" in nodes["audit-again"]["extra_data"]["audit_ignore"]
    assert "workflow_approval_templates" in nodes["approve"]["related"]["unified_job_template"]


@pytest.mark.long
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


def test_what_somebody_else_made_is_neither_changed_nor_removed(
    play_against: Callable[..., Play],
) -> None:
    controller = Controller({secrets.token_hex(): "system"}, {SCM_URL: PROJECT})
    theirs = {"name": "Stripe Query", "organization": 1}
    controller.create("inventories", theirs)
    controller.create("notification_templates", {**theirs, "notification_type": "slack"})
    controller.create("workflow_job_templates", {**theirs, "name": "Stripe Query - Rotation"})
    kind = {"name": "Stripe Query - Snowflake", "kind": "cloud", "description": "the warehouse's"}
    controller.create("credential_types", kind)
    controller.writes.clear()
    play = play_against(controller)
    played = play()
    assert played.returncode != 0
    listed = (
        "workflow_job_template Stripe Query - Rotation, notification_template Stripe Query,"
        " inventory Stripe Query, credential_type Stripe Query - Snowflake; rename it"
    )
    assert listed in played.stdout
    played = play("-e", "awx_remove=yes", playbook="awx_remove")
    assert played.returncode == 0, played.stdout
    assert f"and so they stay: {listed.removesuffix('; rename it')}." in played.stdout
    assert controller.writes == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        # More of what needs no AWX to be found out is in test_playbooks_refuse.py.
        ({"awx_launch_variables": ["ansible_host"]}, "that begins with ansible_"),
        ({"awx_organization": "Nowhere"}, "There is no organization Nowhere"),
        # Each of these has a namesake in another organization.
        (
            {"awx_launchers": ["T"], "awx_credentials": ["C"], "awx_scm_credential": "G"},
            "credentials/C, credentials/G, teams/T: the organization Default has none",
        ),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_written(
    play_against: Callable[..., Play], given: dict[str, object], told: str
) -> None:
    controller = Controller({secrets.token_hex(): "system"}, {SCM_URL: PROJECT})
    other = controller.create("organizations", {"name": "Other"})["id"]
    kind = controller.one("credential_types", "Amazon Web Services")["id"]
    controller.create("teams", {"name": "T", "organization": other})
    for name in ("C", "G"):
        controller.create(
            "credentials", {"name": name, "organization": other, "credential_type": kind}
        )
    controller.writes.clear()
    played = play_against(controller)("-e", json.dumps(given))
    assert played.returncode != 0
    assert told in played.stdout
    assert controller.writes == []


@pytest.mark.long
def test_it_recovers_behind_a_gateway_and_goes_again(play_against: Callable[..., Play]) -> None:
    """With a repository that is down at first; the gateway has the API below a path of its own."""
    prefix = "/api/controller/"
    controller = Controller({secrets.token_hex(): "system"}, {SCM_URL: PROJECT}, prefix=prefix)
    controller.projects.down.add(SCM_URL)
    # As release 1.0.0 made it. It gets its new name, and keeps its credential.
    old = yaml.safe_load(MAIA_API) | {"name": "Maia API", "kind": "cloud", "injectors": {}}
    earlier = controller.create("credential_types", old)["id"]
    controller.create("credentials", {"name": "Mine", "credential_type": earlier})
    play = play_against(controller, CONTROLLER_OPTIONAL_API_URLPATTERN_PREFIX=prefix)
    played = play()
    assert played.returncode != 0
    assert controller.one("credential_types", "Stripe Query - Maia API")["id"] == earlier
    assert "Project Update - Stripe Query, failed" in played.stdout
    controller.projects.down.clear()
    played = play()
    assert played.returncode == 0, played.stdout + played.stderr
    assert len(controller.items["job_templates"]) == 7

    played = play("-e", "awx_remove=no", playbook="awx_remove")
    assert "Nothing was removed" in played.stdout
    assert len(controller.items["job_templates"]) == 7
    # Of a type that is in use there may be other templates' credentials.
    played = play("-e", "awx_remove=yes", playbook="awx_remove")
    assert played.returncode == 0, played.stdout + played.stderr
    left = {name for name, items in controller.items.items() if items}
    # An approval has no name that it could be found by; AWX deletes it with its node.
    assert left - {"workflow_approval_templates"} == {
        *("organizations", "credential_types", "credentials"),
    }
    types = controller.find(["credential_types"], managed=False)
    assert [each["name"] for each in types] == ["Stripe Query - Maia API"]


@pytest.mark.long
def test_the_platform_s_collection_does_the_same(
    play_against: Callable[..., Play], platform_collections: str
) -> None:
    """ansible.controller where awx.awx is not installed, behind the platform's gateway."""
    prefix = "/api/controller/"
    controller = Controller({secrets.token_hex(): "system"}, {SCM_URL: PROJECT}, prefix=prefix)
    play = play_against(
        controller,
        CONTROLLER_OPTIONAL_API_URLPATTERN_PREFIX=prefix,
        ANSIBLE_COLLECTIONS_PATH=platform_collections,
    )
    played = play()
    assert played.returncode == 0, played.stdout + played.stderr
    assert len(controller.items["job_templates"]) == 7
    controller.writes.clear()
    played = play()
    assert re.search(r"changed=0 +unreachable=0 +failed=0", played.stdout), played.stdout
    assert controller.writes == []
    played = play("-e", "awx_collection=awx.awx")
    assert played.returncode != 0
    played = play("-e", "awx_collection=community.general")
    assert "is neither awx.awx nor ansible.controller" in played.stdout
    played = play("-e", "awx_remove=yes", playbook="awx_remove")
    assert played.returncode == 0, played.stdout + played.stderr
    assert not controller.items["job_templates"]


def test_teams_have_the_roles_of_launchers_and_approvers(
    prepared: Prepared, controller: Controller
) -> None:
    assert prepared.first.returncode == 0
    may = {
        each["playbook"]
        for each in controller.find(["job_templates"])
        if teams_with(controller, each, "execute_role") == ["Launchers"]
    }
    # These change nothing; who may execute others needs no approval.
    assert may == {"prove.yml", "audit.yml"}
    workflow = controller.one("workflow_job_templates", "Stripe Query - Rotation")
    assert teams_with(controller, workflow, "execute_role") == ["Launchers"]
    assert teams_with(controller, workflow, "approval_role") == ["Approvers"]


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
