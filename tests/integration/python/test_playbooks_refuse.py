# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook's own variables get wrong is refused before anything is contacted."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.playbook_names import (
    PLAYBOOK_NAMES,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._audit import Rules, audit
from integration.python import nowhere
from integration.python.nowhere import CONTACTED
from tools.playbook_names import PLAYBOOKS
from unit.keys import make_key

_HOSTS = ("shop-test", "shop-production")


def play(
    directory: Path, playbook: str, *variables: str, hosts: Path | None = None
) -> subprocess.CompletedProcess[str]:
    groups = {"shops": {"hosts": dict.fromkeys(_HOSTS)}}
    inventory = hosts or nowhere.write_inventory(directory / "inventory.yml", groups)
    given = [part for variable in variables for part in ("--extra-vars", variable)]
    return nowhere.play(playbook, inventory, *given)


@pytest.mark.parametrize(
    ("playbook", "variable", "says"),
    [
        # Ansible would leave it out with a warning, and rotate the host that was to be excluded.
        ("rotate", "rotate_canary=all:!shop-tset", "shop-tset"),
        ("rotate", "rotate_old_key_expires=tomorrow", "tomorrow"),
        ("audit", "audit_test_environments=*prod", "audit_test_environments"),
        # `default` would take it for left out.
        ("audit", "audit_recorded={{ nope }}", "'nope' is undefined"),
        ("audit", "audit_max_age_days=", "is no number of days"),
        ("authorize", "report_results=x", "the playbooks set it themselves"),
        ("authorize", "authorize_state=absent", "use the playbook revoke"),
        ("rotate", "authorize_state={{ 'absent' }}", "use the playbook revoke"),
    ],
)
def test_a_wrong_variable_of_a_playbook_is_refused_first(
    tmp_path: Path, playbook: str, variable: str, says: str
) -> None:
    done = play(tmp_path, playbook, variable)
    assert done.returncode == 2, done.stdout
    told = [line for line in done.stdout.splitlines() if line.startswith("fatal: ")]
    assert len(told) >= 1
    assert all(says in line for line in told), done.stdout
    assert CONTACTED not in done.stdout


TOO_LATE = "authorize_hosts: it is in the inventory or a fact, and a play's hosts are chosen before"


def inventory_with_hosts(directory: Path, hosts: tuple[str, ...]) -> Path:
    """Only these are given authorize_hosts."""
    found = {name: {"authorize_hosts": _HOSTS[0]} if name in hosts else None for name in _HOSTS}
    return nowhere.write_inventory(directory / "inventory.yml", {"shops": {"hosts": found}})


@pytest.mark.parametrize(
    ("playbook", "hosts"), [("rollback", _HOSTS), ("component", _HOSTS), ("rotate", _HOSTS[1:])]
)
def test_hosts_that_come_too_late_are_refused(
    tmp_path: Path, playbook: str, hosts: tuple[str, ...]
) -> None:
    """The play would go to others as well. In one task for all, in one for each, for one host."""
    done = play(tmp_path, playbook, hosts=inventory_with_hosts(tmp_path, hosts))
    assert TOO_LATE in " ".join(done.stdout.split())
    assert CONTACTED not in done.stdout or hosts != _HOSTS


@pytest.mark.parametrize("playbook", ["rotate", "component"])
@pytest.mark.parametrize("by_import", [True, False])
def test_hosts_that_come_in_time_are_those_of_the_play(
    tmp_path: Path, playbook: str, by_import: bool
) -> None:
    inventory, given = inventory_with_hosts(tmp_path, _HOSTS), {"authorize_hosts": _HOSTS[1]}
    book = tmp_path / "book.yml"
    imported = {"import_playbook": f"maia.stripe_query.{playbook}", "vars": given}
    book.write_text(yaml.safe_dump([imported]))
    variables = [] if by_import else [f"authorize_hosts={_HOSTS[1]}"]
    done = play(tmp_path, str(book) if by_import else playbook, *variables, hosts=inventory)
    assert TOO_LATE not in " ".join(done.stdout.split())
    assert f"[{_HOSTS[1]}]" in done.stdout
    assert f"[{_HOSTS[0]}]" not in done.stdout


@pytest.mark.parametrize("playbook", ["authorize", "audit", "prove", "preflight", "rotate"])
def test_what_is_to_be_absent_needs_no_key(tmp_path: Path, playbook: str) -> None:
    """Its key may have been removed with the project."""
    key = "{{ lookup('file', '/nonexistent') }}"
    gone = {"authorize_state": "absent", "authorize_api_key": key}
    groups = {"shops": {"hosts": {"shop-test": None, "shop-gone": gone}}}
    inventory = nowhere.write_inventory(tmp_path / "inventory.yml", groups)
    done = play(tmp_path, playbook, hosts=inventory)
    assert "cannot be evaluated" not in done.stdout
    # What the others need goes on.
    assert CONTACTED in done.stdout


def test_a_rotation_waits_for_no_key_of_what_is_to_be_absent(tmp_path: Path) -> None:
    """Whatever is wrong with it."""
    gone = {"authorize_state": "absent", "authorize_secret_name": "{{ nowhere }}"}
    groups = {"shops": {"hosts": {"shop-test": None, "shop-gone": gone}}}
    done = play(tmp_path, "rotate", hosts=nowhere.write_inventory(tmp_path / "i.yml", groups))
    told = " ".join(done.stdout.split())
    assert "0 of 1 environments are known to have the given key." in told
    assert "before the others have it: shop-test." in told
    assert "Left alone, since its authorize_state is absent" in told


def test_findings_of_an_earlier_audit_do_not_outlive_a_refusal(tmp_path: Path) -> None:
    """Not even where only the variables of hosts name their file."""
    file = tmp_path / "audit.xml"
    file.write_text(str(audit({"shop": {"changed": False}}, Rules(time="2026-03-31"))["junit"]))
    groups = {"shops": {"hosts": dict.fromkeys(_HOSTS), "vars": {"audit_junit": str(file)}}}
    inventory = nowhere.write_inventory(tmp_path / "inventory.yml", groups)
    done = play(tmp_path, "audit", "audit_ignore=secret_mising", hosts=inventory)
    assert "perhaps secret_missing is meant" in done.stdout
    assert 'errors="1"' in file.read_text()


def test_right_ones_get_further(tmp_path: Path) -> None:
    # A group without one of its hosts.
    canary, end = "rotate_canary=shops:!shop-test", "rotate_old_key_expires=2026-12-24T00:00:00Z"
    assert CONTACTED in play(tmp_path, "rotate", canary, end).stdout


@pytest.mark.parametrize(
    ("playbook", "variable", "meant"),
    [
        # In one task for all hosts, and in a play for the controller; as in the role, of which the
        # target roles tries it.
        ("rotate", "rotate_canery=shop-test", "rotate_canary"),
        ("revoke", "revoke_target=2", "revoke_targets"),
        ("awx", "awx_organisation=Data", "awx_organization"),
    ],
)
def test_a_variable_that_would_be_ignored_is_refused(
    tmp_path: Path, playbook: str, variable: str, meant: str
) -> None:
    done = play(tmp_path, playbook, variable)
    assert done.returncode == 2, done.stdout
    told = " ".join(done.stdout.split())
    name = variable.partition("=")[0]
    assert f"the playbook {playbook} has no variable {name}, and would ignore it" in told
    assert f"perhaps {meant} is meant" in told
    assert CONTACTED not in told


def test_a_variable_of_another_playbook_is_refused_first(tmp_path: Path) -> None:
    """Which playbook runs is what the command line says."""
    done = play(tmp_path, "authorize", "authorize_serial=1")
    assert done.returncode not in (0, 2), done.stdout
    told = " ".join(done.stderr.split())
    assert "authorize_serial: the playbook authorize has no such variable" in told
    assert CONTACTED not in done.stdout


def test_what_one_host_s_variable_holds_is_refused_for_that_host(tmp_path: Path) -> None:
    odd = {"large": 10**4000, "made": "{{ 10 ** 5000 }}", "inside": {"a": [float("nan")]}}
    hosts = {name: {"authorize_value_version": value} for name, value in odd.items()}
    inventory = nowhere.write_inventory(
        tmp_path / "odd.yml", {"shops": {"hosts": {**dict.fromkeys(_HOSTS), **hosts}}}
    )
    done = play(tmp_path, "authorize", hosts=inventory)
    told = [line for line in done.stdout.splitlines() if line.startswith("fatal: ")]
    assert len(told) == len(_HOSTS) + len(odd), done.stdout
    # Hosts that fail for one reason leave it to the first of them: the odd ones, and the others.
    for names, reason in ((odd, "authorize_value_version"), (_HOSTS, CONTACTED)):
        lines = {name: line for name in names for line in told if f"[{name}]" in line}
        [first] = (name for name, line in lines.items() if reason in line)
        others = [line for name, line in lines.items() if name != first]
        assert all(f"same reason as {first};" in line for line in others), done.stdout
    assert "report this as a bug" not in done.stdout


def test_every_playbook_says_which_it_is_if_it_has_variables_of_its_own() -> None:
    said = {
        path.stem: yaml.safe_load(path.read_text())[0]
        .get("vars", {})
        .get("__stripe_query_playbook")
        for path in PLAYBOOKS.glob("*.yml")
    }
    own = {
        playbook
        for playbook, names in PLAYBOOK_NAMES.items()
        if any(not name.startswith("authorize_") for name in names)
    }
    assert {name for name, held in said.items() if held} == own
    assert all(held in (None, name) for name, held in said.items())


UNNAMED = "This would revoke 2 hosts, and not all of them are named."
NAMED = {"ansible_limit": ",".join(_HOSTS)}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, UNNAMED),
        ({"ansible_limit": _HOSTS[0]}, UNNAMED),
        ({"revoke_targets": ""}, UNNAMED),
        ({"revoke_targets": "3"}, "revoke_targets is 3, and this would revoke 2 hosts; correct it"),
        ({"revoke_targets": "3", **NAMED}, "revoke_targets is 3, and this would revoke 2 hosts"),
        ({"revoke_targets": "two"}, "revoke_targets is no number, and this would revoke 2 hosts"),
        ({"revoke_targets": "two", **NAMED}, "revoke_targets is no number"),
        ({"__revoke_unknown": "no such variable", "revoke_targets": 2}, "no such variable"),
        ({"revoke_targets": 2}, ""),
        ({"revoke_targets": " 2"}, ""),
        (NAMED, ""),
        ({"authorize_hosts": [*_HOSTS]}, ""),
        ({"authorize_hosts": _HOSTS[0], "ansible_limit": _HOSTS[1]}, ""),
    ],
    ids=str,
)
def test_what_is_wrong_with_the_number_of_hosts_to_revoke_is_told(
    given: dict[str, object], says: str
) -> None:
    loader = DataLoader()
    [book] = loader.load_from_file(str(PLAYBOOKS / "revoke.yml"), trusted_as_template=True)
    held = {**book["vars"], "ansible_play_hosts_all": [*_HOSTS], **given}
    told = Templar(loader=loader, variables=held).template(held["__revoke_refused"])
    assert (told == "") if says == "" else (says in told), told


def test_a_playbook_without_hosts_is_no_success(tmp_path: Path) -> None:
    empty = tmp_path / "empty.yml"
    empty.write_text("all:\n  children: {shops: {}}\n")
    done = play(tmp_path, "revoke", hosts=empty)
    assert done.returncode not in (0, 2), done.stdout
    assert "There is no host in the inventory" in " ".join(done.stderr.split())


@pytest.mark.parametrize("playbook", ["revoke", "rotate", "audit", "discover"])
def test_a_file_of_the_inventory_that_ansible_cannot_read_may_have_hosts(
    tmp_path: Path, playbook: str
) -> None:
    folder = tmp_path / "inventory"
    folder.mkdir()
    nowhere.write_inventory(folder / "a.yml", {"shops": {"hosts": dict.fromkeys(_HOSTS)}})
    (folder / "b.yml").write_text("all:\n  hosts:\n    shop-copy:\n      a: 1\n     b: 2\n")
    named = "authorize_hosts=shop-test,shop-production"
    done = play(tmp_path, playbook, named, hosts=folder)
    told = " ".join(done.stdout.split())
    assert f"Inventory source {folder / 'b.yml'}: it could not be read" in told
    assert CONTACTED not in told


@pytest.mark.parametrize("playbook", sorted(PLAYBOOKS.glob("*.yml")), ids=lambda path: path.stem)
def test_that_is_so_of_each(playbook: Path) -> None:
    [play_] = yaml.safe_load(playbook.read_text())
    if other := play_.get("ansible.builtin.import_playbook"):
        playbook = PLAYBOOKS / f"{other.rpartition('.')[2]}.yml"
        [play_] = yaml.safe_load(playbook.read_text())
    needed = "{{ lookup('maia.stripe_query.play_hosts'"
    assert play_["hosts"] == "localhost" or play_["hosts"].startswith(needed)
    # Other strategies, which ANSIBLE_STRATEGY can choose, run a task for all hosts once for each.
    assert play_["strategy"] == "linear"


Wrong = dict[str, tuple[dict[str, object], str]]
EDA = {"eda_scm_url": "https://git.example.com/x.git", "eda_activations": {"rotator": {}}}
EDA_WRONG: Wrong = {
    "nothing": ({"eda_scm_url": ""}, "Variable eda_scm_url is not given"),
    "list": ({"eda_activations": ["near_expiry"]}, "Variable eda_activations is no mapping"),
    "rulebook": ({"eda_activations": {"near": {}}}, "names a rulebook that there is not"),
    "variables": ({"eda_activations": {"rotator": 1}}, "Variable eda_activations is no mapping"),
    "credentials": ({"eda_credentials": [3]}, "Variable eda_credentials is no mapping"),
    "state": ({"eda_state": "on"}, "Variable eda_state is neither"),
}
AWX = {"awx_scm_url": "https://git.example.com/x.git", "__awx_collection": "awx.awx"}
AWX_WRONG: Wrong = {
    "collection": ({"__awx_collection": "my.awx"}, "neither awx.awx nor ansible.controller"),
    "list": ({"awx_launch_variables": "abc"}, "Variable awx_launch_variables is no list"),
    "text": ({"awx_audit_ignore": ["key_shared"]}, "Variable awx_audit_ignore is no text"),
    "name": ({"awx_launch_variables": ["ansible_host"]}, "or one that begins with ansible_"),
    "url": ({"awx_scm_url": " "}, "Variable awx_scm_url is not given"),
    "image": ({"awx_execution_environment_image": "x/y"}, "without awx_execution_environment"),
    "notification": ({"awx_notification": {}}, "Variable awx_notification lacks"),
    "slices": ({"awx_job_slice_count": 0}, "Variable awx_job_slice_count is no number"),
}


@pytest.mark.parametrize(
    ("playbook", "variable", "says"),
    [
        # Of the two ways in which playbooks do their work; what else is refused is a table in
        # tests/unit.
        ("authorize", "authorize_report_json={directory}/pipe", "is a named pipe, and not a file"),
        ("audit", "audit_junit={directory}/not/there/x.xml", "audit_junit: there is no di"),
        ("discover", "discover_directory={directory}/{key}", "looks like a Stripe API key"),
    ],
)
def test_what_a_playbook_cannot_write_is_refused_first(
    tmp_path: Path, playbook: str, variable: str, says: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    key = make_key()
    given = variable.format(directory=tmp_path, key=key)
    done = play(tmp_path, playbook, given)
    # Keys are looked for before there is a task.
    assert done.returncode == (4 if "{key}" in variable else 2), done.stdout
    told = " ".join((done.stdout + done.stderr).split())
    assert says in told
    assert CONTACTED not in told
    assert key not in done.stdout + done.stderr
    assert {each.name for each in tmp_path.iterdir()} <= {"pipe", "inventory.yml", "home"}
    assert (tmp_path / "pipe").is_fifo()
    assert yaml.safe_load((tmp_path / "inventory.yml").read_text())["all"]


@pytest.mark.parametrize(
    ("file", "last", "right", "wrong"),
    [
        ("eda.yml", "Check the variables", EDA, EDA_WRONG),
        ("awx_check.yml", "Check the other variables", AWX, AWX_WRONG),
    ],
)
def test_variables_are_checked_before_anything_is_written(
    tmp_path: Path, file: str, last: str, right: dict[str, object], wrong: Wrong
) -> None:
    """By the first of the tasks, since others need a collection that may not be there."""
    tasks = yaml.safe_load((PLAYBOOKS / "tasks" / file).read_text("utf-8"))
    checks = tasks[: [task["name"] for task in tasks].index(last) + 1]
    hosts = {name: {**right, **given} for name, (given, _says) in wrong.items()} | {"fine": right}
    inventory = nowhere.write_inventory(tmp_path / "inventory.yml", {"some": {"hosts": hosts}})
    book = tmp_path / "book.yml"
    book.write_text(yaml.safe_dump([{"hosts": "some", "gather_facts": False, "tasks": checks}]))
    done = nowhere.play(str(book), inventory)
    for name, (_given, says) in wrong.items():
        told = [line for line in done.stdout.splitlines() if f"[{name}]" in line]
        assert any(says in line for line in told), (name, done.stdout)
    assert "[fine]: FAILED" not in done.stdout


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        ("{agent_type: azure, api: secret_references}", "agent_type is azure, and such a runner"),
        ("{secrets_location: {type: AZURE_KEY_VAULT}}", "has the type AZURE_KEY_VAULT, which is"),
        ("{secrets_location: {region: us-east-1}}", "has the region us-east-1, and authorize_aws"),
    ],
)
@pytest.mark.parametrize("mode", [[], ["--check"]], ids=["run", "check"])
def test_the_role_refuses_a_definition_that_contradicts_its_vault(
    tmp_path: Path, definition: str, says: str, mode: list[str]
) -> None:
    file, groups = tmp_path / "role.yml", {"shops": {"hosts": {"shop-test": None}}}
    role = {"hosts": "all", "gather_facts": False, "connection": "local"}
    file.write_text(yaml.safe_dump([{**role, "roles": ["maia.stripe_query.authorize"]}]))
    inventory = nowhere.write_inventory(tmp_path / "inventory.yml", groups)
    given = ("--extra-vars", f"{{authorize_definition: {definition}, authorize_guards: false}}")
    done = nowhere.play(str(file), inventory, *given, *mode)
    assert done.returncode == 2, done.stdout
    assert says in done.stdout
    assert CONTACTED not in done.stdout
