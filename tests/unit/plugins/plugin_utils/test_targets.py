# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts as targets, with an inventory of Ansible's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.template import Templar, trust_as_template

from ansible_collections.maia.stripe_query.plugins.action.authorize_targets import ActionModule
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.adopt import ADOPT
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.rollback import ROLLBACK
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.operation import FLOWS
from ansible_collections.maia.stripe_query.plugins.plugin_utils._targets import (
    PlayVariables,
    check_types,
    sharing_targets,
    target_of,
    targets_of,
)
from unit.faces import stand_ins
from unit.in_play import task_in_play
from unit.keys import make_key, random_text

INVENTORY = {
    "all": {
        "vars": {
            "authorize_project": "Shop",
            "authorize_environment": "{{ inventory_hostname | upper }}",
            "authorize_maia": {"region": "{{ region }}"},
            "region": "eu1",
            "authorize_hosts": "no variable of the role",
        },
        "hosts": {
            "test": None,
            "broken": {"authorize_api_key": "{{ nowhere }}"},
            "other": {"authorize_project": "Billing", "authorize_permissions": ["charges"]},
            "bare": {"authorize_maia": None, "authorize_project": "{{ omit }}"},
            "twin": {"authorize_definition_name": "stripe_TEST"},
            "keyed": {"authorize_api_key_env": "NEW_KEY"},
            "gone": {
                "authorize_state": "{{ 'absent' }}",
                "authorize_api_key": "{{ keys_of_projects['gone'] }}",
                "authorize_api_key_file": "{{ lookup('file', '/nonexistent') }}",
            },
            "half_gone": {
                "authorize_state": "absent",
                "authorize_secret_name": "{{ nowhere }}",
            },
        },
    }
}
COMMON = {
    "authorize_project": "Shop",
    "authorize_maia": {"region": "us1"},
    "authorize_verify": "never",
}


@pytest.fixture
def place(tmp_path: Path) -> tuple[Any, dict[str, Any]]:
    """A task of a play, and the variables that its action plugin gets of any host."""
    # Variables of the play count more than those of the inventory.
    return task_in_play(
        *(tmp_path, INVENTORY),
        play_vars={"region": "us1"},
        task_vars={"authorize_verify": "never"},
    )


@pytest.fixture
def each(place: tuple[Any, dict[str, Any]]) -> PlayVariables:
    return PlayVariables(*place)


def test_a_target_has_the_variables_of_its_host_that_the_role_knows(each: PlayVariables) -> None:
    assert targets_of(["test", "other"], each) == [
        {"name": "test", "authorize_environment": "TEST", **COMMON},
        {
            "name": "other",
            "authorize_environment": "OTHER",
            **COMMON,
            "authorize_project": "Billing",
            "authorize_permissions": ["charges"],
        },
    ]


def test_what_cannot_be_evaluated_is_the_failure_of_one_target(each: PlayVariables) -> None:
    broken, nobody, fine = targets_of(["broken", "nobody", "test"], each)
    assert broken.keys() == nobody.keys() == {"name", "refusal"}
    assert broken["refusal"] == (
        "The variable authorize_api_key cannot be evaluated: 'nowhere' is undefined."
    )
    assert nobody == {"name": "nobody", "refusal": "The inventory has no such host."}
    assert fine["authorize_project"] == "Shop"


CAUSES = {
    "{{ nowhere }}": ": 'nowhere' is undefined",
    "{{ lookup('file', '/nonexistent/SECRET') }}": ": the lookup plugin 'file' failed",
    "{{ lookup('ansible.builtin.nothing', 'x') }}": (
        ": there is no lookup plugin 'ansible.builtin.nothing'"
    ),
    "{{ 'SECRET' | from_json }}": ": the filter plugin 'ansible.builtin.from_json' failed",
    "{{ 'SECRET' | nothing }}": ": there is no filter plugin 'nothing'",
    "{{ 'x' is nothing }}": ": there is no test plugin 'nothing'",
    "{{ 'SECRET'": ": its template has a syntax error",
    "{{ {}['SECRET'].x }}": ": its template needs an entry that is not there",
    "{{ 'SECRET' | int / 0 }}": " (ZeroDivisionError)",
    "{{ KEY }}": " (AnsibleUndefinedVariable)",
}


@pytest.mark.parametrize("text", CAUSES)
def test_the_cause_is_told_without_any_value(text: str) -> None:
    secret, key = random_text(), make_key()
    template = trust_as_template(text.replace("SECRET", secret).replace("KEY", key))
    evaluate = Templar(loader=DataLoader(), variables={}).template
    told = target_of("shop", {"authorize_api_key": template}, evaluate)["refusal"]
    assert told == f"The variable authorize_api_key cannot be evaluated{CAUSES[text]}."


def test_what_no_password_decrypts_is_told(tmp_path: Path) -> None:
    vault = VaultLib([("", VaultSecret(b"one"))])
    lines = vault.encrypt("text").decode().splitlines()
    file = tmp_path / "all.yml"
    file.write_text("authorize_api_key: !vault |\n" + "".join(f"  {line}\n" for line in lines))
    loader = DataLoader()
    evaluate = Templar(loader=loader, variables={}).template
    told = target_of("shop", loader.load_from_file(str(file)), evaluate)["refusal"]
    assert told == (
        "The variable authorize_api_key cannot be evaluated: it is encrypted, and no Ansible Vault"
        " password that was given decrypts it; give the right one with --vault-password-file or"
        " --vault-id."
    )


def test_the_plugin_puts_targets_in_the_place_of_hosts(place: tuple[Any, dict[str, Any]]) -> None:
    task, variables = place
    action = ActionModule(**stand_ins({"hosts": ["other"], "threads": 3}))
    task.args = {"hosts": ["other"], "threads": 3}
    action._task = task
    assert action._arguments(variables) == {
        "targets": targets_of(["other"], PlayVariables(task, variables)),
        "threads": 3,
    }


def test_a_key_that_is_not_needed_need_not_have_a_value(
    place: tuple[Any, dict[str, Any]],
) -> None:
    task, variables = place
    action = ActionModule(**stand_ins({}))
    action._task = task
    refusals = {}
    for doing in ("authorize", "revoke", "rollback"):
        task.args = {"hosts": ["broken"], "action": doing}
        refusals[doing] = "refusal" in action._arguments(variables)["targets"][0]
    assert refusals == {"authorize": True, "revoke": False, "rollback": True}
    # A rollback compares with the new key where there is one.
    held = {}
    for doing in ("authorize", "revoke", "rollback"):
        task.args = {"hosts": ["keyed"], "action": doing}
        held[doing] = "authorize_api_key_env" in action._arguments(variables)["targets"][0]
    assert held == {"authorize": True, "revoke": False, "rollback": True}


@pytest.mark.parametrize("does", [True, False])
def test_a_target_may_do_without_a_key_that_cannot_be_had(each: PlayVariables, does: bool) -> None:
    flow = replace(ROLLBACK, does_without_key=lambda _target: does)
    (target,) = targets_of(["broken"], each, flow)
    assert ("refusal" in target) is not does


@pytest.mark.parametrize("flow", [name for name in FLOWS if name not in ("adopt", "revoke")])
def test_what_is_to_be_absent_needs_no_key(each: PlayVariables, flow: str) -> None:
    """It may have been removed with the project."""
    (gone,) = targets_of(["gone"], each, FLOWS[flow])
    assert gone == {
        "name": "gone",
        "authorize_environment": "GONE",
        "authorize_state": "absent",
        **COMMON,
    }


def test_what_is_adopted_is_there_whatever_its_state(each: PlayVariables) -> None:
    (gone,) = targets_of(["gone"], each, ADOPT)
    assert "authorize_api_key_file cannot be evaluated" in gone["refusal"]


def test_what_is_to_be_absent_is_known_to_be_if_it_is_refused(each: PlayVariables) -> None:
    """So that a rotation, which leaves it alone, waits for no key of it."""
    (gone,) = targets_of(["half_gone"], each)
    assert gone == {
        "name": "half_gone",
        "authorize_state": "absent",
        "refusal": (
            "The variable authorize_secret_name cannot be evaluated: 'nowhere' is undefined."
        ),
    }


def test_a_key_is_looked_up_only_where_targets_share_something(each: PlayVariables) -> None:
    targets = {target["name"]: target for target in sharing_targets(["broken", "other"], each)}
    assert "authorize_api_key" not in targets["broken"]


def test_no_key_is_looked_up_of_what_is_to_be_absent(tmp_path: Path) -> None:
    """Not even where it shares something."""
    same = {"authorize_project": "Shop", "authorize_environment": "test"}
    key = {"authorize_api_key": "{{ nowhere }}"}
    hosts = {"stays": same | key, "goes": same | key | {"authorize_state": "absent"}}
    shared = PlayVariables(*task_in_play(tmp_path, {"all": {"hosts": hosts}}))
    targets = {target["name"]: target for target in sharing_targets(hosts, shared)}
    assert [name for name, target in targets.items() if "refusal" in target] == ["stays"]


@pytest.mark.parametrize("hosts", ["test,other", " test , other ", ["test", "other"]])
def test_hosts_may_be_a_text_as_any_list_may(
    place: tuple[Any, dict[str, Any]], hosts: str | list[str]
) -> None:
    task, variables = place
    action = ActionModule(**stand_ins({}))
    action._task = task
    task.args = {"hosts": hosts}
    found = action._arguments(variables)["targets"]
    assert [target["name"] for target in found] == ["test", "other"]


@pytest.mark.parametrize(
    ("hosts", "why"),
    [
        ([], "it is empty, so that nothing would be done or looked at; give the name of a host"),
        ("", "it is no list of names; give"),
        ("test,", "it is no list of names; give"),
        ({"test": 1}, "it is no list of names; give"),
        ([["test"]], "it is no list of names; give"),
        (7, "it is no list of names; give"),
    ],
)
@pytest.mark.parametrize("action", ["authorize", "prove", "audit"])
def test_hosts_that_are_none_are_refused(hosts: Any, why: str, action: str) -> None:
    plugin = ActionModule(**stand_ins({"hosts": hosts, "action": action}))
    with pytest.raises(ConfigurationError, match=f"Option hosts: {why}"):
        plugin._arguments({})


@pytest.mark.parametrize("args", [{"hosts": ["test"], "targets": []}, {}])
def test_what_cannot_be_right_is_left_to_validation(args: dict[str, Any]) -> None:
    assert ActionModule(**stand_ins(args))._arguments({}) == args


def test_null_and_omit_leave_a_variable_out(each: PlayVariables) -> None:
    assert targets_of(["bare"], each) == [
        {"name": "bare", "authorize_environment": "BARE", "authorize_verify": "never"}
    ]


@pytest.mark.parametrize("awx", [False, True])
def test_what_a_survey_leaves_empty_is_left_out(monkeypatch: pytest.MonkeyPatch, awx: bool) -> None:
    monkeypatch.delenv("JOB_ID", raising=False)
    if awx:
        monkeypatch.setenv("JOB_ID", "1")
    given = {"authorize_old_api_key_end": "", "authorize_label": ""}
    left = {"authorize_label": ""} if awx else given
    assert target_of("it", given, lambda text: text) == {"name": "it", **left}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("{{'client_secret': '{}'}}: 'region' is undefined", ": 'region' is undefined"),
        ("the lookup failed on {}", " (AnsibleError)"),
    ],
)
def test_why_a_variable_cannot_be_evaluated_is_told_without_its_text(said: str, why: str) -> None:
    """Up to ansible-core 2.18 the error quotes all of a variable, with the secrets in it."""

    def evaluate(_text: Any) -> Any:
        raise AnsibleError(said.format(random_text()))

    target = target_of("it", {"authorize_maia": "{{ x }}"}, evaluate)
    assert target["refusal"] == f"The variable authorize_maia cannot be evaluated{why}."


@pytest.mark.parametrize(
    "text",
    [
        *("plain", "with } and {", "", 1, 1.5, True, None, ["a", {"b": 2}], {"a": {"b": ["c"]}}),
        "{{ region }}",
        "{% if true %}x{% endif %}",
        "a{# comment #}b",
        {"a": ["{{ region }}"]},
        {"{{ region }}": 1},
        "#jinja2:variable_start_string:'[%',variable_end_string:'%]'\n[% region %]",
    ],
)
def test_what_is_not_evaluated_is_what_ansible_makes_of_it(text: Any) -> None:
    def trusted(value: Any) -> Any:
        if isinstance(value, dict):
            return {trusted(key): trusted(held) for key, held in value.items()}
        if isinstance(value, list):
            return list(map(trusted, value))
        return trust_as_template(value) if isinstance(value, str) else value

    evaluated = Templar(loader=DataLoader(), variables={"region": "eu1"}).template(trusted(text))
    expected = {} if text is None else {"authorize_maia": evaluated}

    def template(value: Any) -> Any:
        return evaluated if value == text else pytest.fail("evaluated in part")

    given = {"authorize_maia": trusted(text)}
    assert target_of("it", given, template) == {"name": "it", **expected}


@pytest.mark.parametrize(
    ("name", "value", "variable"),
    [
        ("max_fail_percentage", "10O", "authorize_max_fail_percentage"),
        ("max_fail_percentage", 10**400, "authorize_max_fail_percentage"),
        ("threads", "many", "authorize_threads"),
        ("threads", float("inf"), "authorize_threads"),
        ("progress", "perhaps", "authorize_progress"),
    ],
)
def test_an_option_of_the_wrong_type_is_named_with_its_variable(
    name: str, value: object, variable: str
) -> None:
    with pytest.raises(ConfigurationError) as failure:
        check_types({name: value})
    said = str(failure.value)
    assert said.startswith(f"Option {name} ({variable}): it is of the wrong type; give ")
    assert str(value) not in said
    check_types({"max_fail_percentage": "10", "threads": "4", "progress": "no", "waves": None})


@pytest.mark.parametrize(
    ("playbook", "name", "refused"),
    [
        ("audit", "audit_fail", True),
        ("rotate", "audit_fail", False),
        (None, "audit_fail", False),
        (None, "authorize_max_fail_percentage", True),
        ("rotate", "report_mode", True),
        ("audit", "audit_result", False),
    ],
)
@pytest.mark.parametrize("per_host", [True, False])
def test_a_variable_of_the_playbook_is_the_same_for_all_hosts(
    tmp_path: Path, playbook: str | None, name: str, refused: bool, per_host: bool
) -> None:
    """Tasks that run once have those of the first host."""
    hosts = {"first": {name: "a"}, "same": {name: "a"}, "other": {}}
    task, variables = task_in_play(tmp_path, {"all": {"hosts": hosts}})
    task.args = {"per_host": per_host}
    variables |= {"__stripe_query_playbook": playbook, name: "a"}
    found = {each: PlayVariables(task, variables).target(each, ["x"]) for each in hosts}
    assert "refusal" not in found["first"] | found["same"]
    told = f"its variable {name} is not that of the first host" in found["other"].get("refusal", "")
    assert told is (refused and per_host)
