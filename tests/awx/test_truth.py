# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the emulated AWX does as AWX 24.6.1 was seen to do, where one would guess otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from awx.api import app_of
from awx.conftest import PROJECT
from awx.controller import Controller, Item, Refusal
from awx.credential_types import Injected
from awx.jobs import enabled_hosts

URL = "https://git.example.com/small.git"
TOKENS = {"s": "system", "o": "organization", "l": "Launchers"}
QUESTION: Item = {
    "question_name": "Hosts",
    "variable": "authorize_hosts",
    "type": "text",
    "default": "all",
    "min": 0,
    "max": 9,
    "required": False,
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT, tmp_path / "checkout")
    return tmp_path / "checkout"


@pytest.fixture
def controller(checkout: Path) -> Controller:
    """With one job template."""
    made = Controller(TOKENS, {URL: checkout})
    organization = made.one("organizations", "Default")["id"]
    made.create("teams", {"name": "Launchers", "organization": organization})
    owned = {"name": "Small", "organization": organization}
    project = made.create("projects", {**owned, "scm_url": URL, "scm_update_on_launch": True})
    inventory = made.create("inventories", owned)
    made.create(
        "job_templates",
        {
            **owned,
            "project": project["id"],
            "inventory": inventory["id"],
            "playbook": "prove.yml",
            "survey_enabled": True,
        },
    )
    ask(made, {})
    return made


def template(controller: Controller) -> Item:
    return controller.one("job_templates", "Small")


def ask(controller: Controller, changed: Item) -> None:
    """Let the survey have one question."""
    spec = [{**QUESTION, **changed}]
    controller.survey(template(controller)["id"], {"name": "", "description": "", "spec": spec})


def launch(controller: Controller, **given: Any) -> dict[str, Any]:
    return dict(controller.launch(template(controller)["id"], given).extra_vars)


def credential(controller: Controller, name: str, kind: str, **inputs: str) -> int:
    number = controller.one("credential_types", kind)["id"]
    given = {"name": name, "credential_type": number, "inputs": inputs}
    return int(controller.create("credentials", given)["id"])


def use(controller: Controller, number: int) -> None:
    controller.link("job_templates", template(controller)["id"], "credentials", {"id": number})


def client(controller: Controller, token: str) -> FlaskClient:
    made = app_of(controller).test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return made


def test_a_required_question_needs_an_answer_even_with_a_default(controller: Controller) -> None:
    ask(controller, {"required": True})
    with pytest.raises(Refusal, match="value missing"):
        launch(controller)
    saved = {"name": "Nightly", "unified_job_template": template(controller)["id"], "rrule": "x"}
    with pytest.raises(Refusal, match="value missing"):
        controller.create("schedules", saved)
    assert launch(controller, extra_vars={"authorize_hosts": "x"}) == {"authorize_hosts": "x"}


def test_a_question_that_is_not_required_gets_its_default(controller: Controller) -> None:
    assert launch(controller) == {"authorize_hosts": "all"}


def test_a_workflow_s_node_needs_no_answer(controller: Controller) -> None:
    ask(controller, {"required": True})
    workflow = controller.create("workflow_job_templates", {"name": "Flow"})["id"]
    node = {"identifier": "x", "workflow_job_template": workflow}
    controller.create(
        "workflow_job_template_nodes",
        {**node, "unified_job_template": template(controller)["id"]},
    )


def test_an_empty_default_is_a_variable(controller: Controller) -> None:
    ask(controller, {"default": ""})
    assert launch(controller) == {"authorize_hosts": ""}


def test_azure_s_credential_type_wants_a_subscription(controller: Controller) -> None:
    given = {"client": "c", "secret": "s", "tenant": "t"}
    use(controller, credential(controller, "Azure", "Microsoft Azure Resource Manager", **given))
    with pytest.raises(Refusal, match="subscription"):
        launch(controller)


def test_required_inputs_are_looked_at_before_a_job_and_get_no_defaults(
    controller: Controller,
) -> None:
    field = {"id": "region", "label": "Region", "choices": ["eu1"], "default": "eu1"}
    kind = {"name": "Own", "kind": "cloud", "inputs": {"fields": [field], "required": ["region"]}}
    controller.create("credential_types", kind)
    use(controller, credential(controller, "Mine", "Own"))
    with pytest.raises(Refusal, match="region"):
        launch(controller)


def test_the_inputs_of_a_credential_type_in_use_stay(controller: Controller) -> None:
    """While its name and injectors may change."""
    given: Item = {"name": "Own", "kind": "cloud", "inputs": {"fields": []}}
    kind = controller.create("credential_types", given)
    credential(controller, "Mine", "Own")
    administrator = client(controller, "s")
    changed: Item = {"inputs": {"fields": [{"id": "x", "label": "X"}]}}
    assert administrator.patch(kind["url"], json=changed).status_code == 403
    assert kind["inputs"] == {"fields": []}
    changed = {"name": "New", "injectors": {"env": {"A": "b"}}}
    assert administrator.patch(kind["url"], json=changed).status_code == 200


def test_a_launch_with_other_credentials_names_one_of_each_type(controller: Controller) -> None:
    aws = {"username": "u", "password": "p"}
    use(controller, credential(controller, "A", "Amazon Web Services", **aws))
    azure = {"subscription": "s"}
    use(controller, credential(controller, "B", "Microsoft Azure Resource Manager", **azure))
    other = credential(controller, "C", "Amazon Web Services", **aws)
    assert launch(controller, credentials=[other]) is not None  # ignored: it does not ask
    template(controller)["ask_credential_on_launch"] = True
    with pytest.raises(Refusal, match="without replacement"):
        launch(controller, credentials=[other])


def test_playbooks_are_known_only_after_an_update_that_went_well(controller: Controller) -> None:
    controller.projects.down.add(URL)
    owned = {"name": "New", "organization": controller.one("organizations", "Default")["id"]}
    project = controller.create("projects", {**owned, "scm_url": URL})
    assert project["status"] == "failed"
    made = {**owned, "project": project["id"], "playbook": "prove.yml", "inventory": 1}
    made["inventory"] = controller.one("inventories", "Small")["id"]
    with pytest.raises(Refusal, match="Playbook not found"):
        controller.create("job_templates", made)
    controller.projects.down.clear()
    # A change of the project updates nothing.
    controller.change("projects", project["id"], {"description": "x"})
    with pytest.raises(Refusal, match="Playbook not found"):
        controller.create("job_templates", made)
    controller.update_project(project["id"])
    controller.create("job_templates", made)


def test_names_are_looked_up_in_all_organizations(controller: Controller) -> None:
    other = controller.create("organizations", {"name": "Other"})["id"]
    controller.create("inventories", {"name": "Small", "organization": other})
    found = client(controller, "s").get("/api/v2/inventories/?name=Small").get_json()
    assert found["count"] == 2


def test_null_for_a_text_changes_nothing_and_differs_from_what_is_there(
    controller: Controller,
) -> None:
    number = controller.one("inventories", "Small")["id"]
    changed = controller.change("inventories", number, {"kind": None})
    assert changed["kind"] == ""


def test_host_variables_are_kept_and_compared_as_they_are_listed() -> None:
    listed = {
        "all": {"hosts": ["a", "b", "c"]},
        "_meta": {
            "hostvars": {
                "a": {"enabled": "yes"},
                "b": {"enabled": {"__ansible_unsafe": "yes"}},
                "c": {},
            }
        },
    }
    assert enabled_hosts(listed, "enabled", "yes")["all"]["hosts"] == ["a", "c"]


def test_execute_alone_is_enough_to_launch_and_for_variables_if_they_are_asked_for(
    controller: Controller,
) -> None:
    launcher, url = client(controller, "l"), f"{template(controller)['url']}launch/"
    given = {"extra_vars": {"authorize_hosts": "x", "authorize_aws": {"endpoint_url": "https://x"}}}
    assert launcher.post(url, json=given).status_code == 403
    role = template(controller)["summary_fields"]["object_roles"]["execute_role"]["id"]
    controller.give_role(role, {"id": controller.one("teams", "Launchers")["id"]})
    answer = launcher.post(url, json=given).get_json()
    assert answer["extra_vars"] == {"authorize_hosts": "x"}
    assert answer["ignored_fields"]["extra_vars"].keys() == {"authorize_aws"}
    template(controller)["ask_variables_on_launch"] = True
    assert launcher.post(url, json=given).get_json()["extra_vars"] == given["extra_vars"]
    assert launcher.patch(template(controller)["url"], json={}).status_code == 403


def test_an_organization_s_administrator_makes_all_but_credential_types(
    controller: Controller,
) -> None:
    administrator = client(controller, "o")
    kind = {"name": "Own", "kind": "cloud"}
    assert administrator.post("/api/v2/credential_types/", json=kind).status_code == 403
    owned = {"name": "More", "organization": controller.one("organizations", "Default")["id"]}
    assert administrator.post("/api/v2/inventories/", json=owned).status_code == 201


def test_jobs_see_what_the_last_update_of_the_project_brought(
    controller: Controller, checkout: Path
) -> None:
    project = template(controller)["project"]
    (checkout / "new.yml").touch()
    launch(controller)  # within the cache timeout
    assert not controller.projects.has(project, "new.yml")
    controller.projects.time_passes()
    launch(controller)
    assert controller.projects.has(project, "new.yml")


def test_galaxy_s_absence_fails_an_update_that_wants_collections(
    controller: Controller, checkout: Path
) -> None:
    (checkout / "collections").mkdir(exist_ok=True)
    (checkout / "collections" / "requirements.yml").touch()
    assert controller.update_project(template(controller)["project"])["failed"]
    with pytest.raises(Refusal, match="Previous Task Failed"):
        launch(controller)
    controller.projects.galaxy = True
    assert not controller.update_project(template(controller)["project"])["failed"]


def test_the_environment_s_values_end_with_their_first_line(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    kind = {"inputs": {"fields": []}, "injectors": {"env": {"A": "{{ a }}"}}}
    injected = Injected()
    injected.add(kind, {"a": "first\nsecond"}, tmp_path)
    assert injected.env == {"A": "first"}
