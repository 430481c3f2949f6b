# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every job template through ansible-runner, with what AWX makes of its credentials."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest
import yaml

from awx.conftest import CHECKOUT, SLICES
from awx.controller import Controller
from awx.jobs import Job, Launcher
from leak.search import found_in
from sandbox.client import SandboxClient

PLAYBOOKS = CHECKOUT / "playbooks"
TEMPLATES = yaml.safe_load((PLAYBOOKS / "vars" / "awx.yml").read_text("utf-8"))["awx_job_templates"]
SECRET_INPUTS = {
    *("api_key", "client_secret", "password", "secret"),
    *("private_key", "private_key_passphrase"),
}
NOT_THERE = "authorize_hosts: it names a host or group that the inventory does not have"
Inventory = Mapping[str, Any]
Launch = Callable[..., list[Job]]


@pytest.fixture(scope="module")
def secrets(credentials: Mapping[str, tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    return {
        f"{name}'s {field}": text
        for name, (_kind, inputs) in credentials.items()
        for field, text in inputs.items()
        if field in SECRET_INPUTS
    }


@pytest.fixture
def launch(launcher: Launcher, inventory: Inventory, secrets: dict[str, str]) -> Launch:
    """Launches a template by the name of its playbook; nothing that is kept holds a secret."""
    names = {each["playbook"].removesuffix(".yml"): each["name"] for each in TEMPLATES}

    def run(playbook: str, **options: Any) -> list[Job]:
        jobs = launcher.launch(names[playbook], inventory, **options)
        assert leaks(jobs, secrets) == []
        return jobs

    return run


@pytest.fixture(scope="module", autouse=True)
def authorized(
    launcher: Launcher, inventory: Inventory, sandbox: SandboxClient
) -> Iterator[list[Job]]:
    """All tests begin with everything authorized, in slices."""
    sandbox.reset()
    yield launcher.launch("Stripe Query - Authorize", inventory, verbosity=3)
    sandbox.reset()


def leaks(jobs: Iterable[Job], secrets: dict[str, str]) -> list[str]:
    return [
        f"{found} in {path}"
        for job in jobs
        for path, text in job.written()
        for found in found_in(text, secrets)
    ]


def by_host(jobs: Iterable[Job]) -> dict[str, int]:
    """How many tasks changed something on each host that did not fail."""
    counts = [
        (host, changed)
        for job in jobs
        for host, changed in job.changed.items()
        if host != "localhost"
    ]
    assert len(counts) == len(dict(counts)), "a host is in two slices"
    return dict(counts)


def test_the_inventory_has_every_environment(inventory: Inventory, secrets: dict[str, str]) -> None:
    assert len(inventory["_meta"]["hostvars"]) == 8
    assert len(inventory["canaries"]["hosts"]) == 4
    assert not found_in(str(inventory), secrets)


def test_the_search_would_find_a_secret(authorized: list[Job], secrets: dict[str, str]) -> None:
    """The runner's own copy of the environment has them all, which the search must notice."""
    for job in authorized:
        given = {path.name: path.read_text() for path in (job.where / "env").iterdir()}
        found = " ".join(found_in(" ".join(given.values()), secrets))
        assert not [name for name in secrets if name not in found]
        # The keys are in files, never in variables or arguments.
        kept = " ".join(given[name] for name in ("envvars", "extravars", "cmdline"))
        in_variables = {name.split(" (")[0] for name in found_in(kept, secrets)}
        assert in_variables == {
            *("Maia's client_secret", "AWS's password", "Azure's secret"),
            "Snowflake's private_key_passphrase",
        }


def test_slices_authorize_everything_together(
    authorized: list[Job], inventory: Inventory, sandbox: SandboxClient, secrets: dict[str, str]
) -> None:
    assert [job.status for job in authorized] == [0] * SLICES, authorized[0].output[-3000:]
    assert leaks(authorized, secrets) == []
    changed = by_host(authorized)
    assert changed.keys() == inventory["_meta"]["hostvars"].keys()
    assert all(changed.values())
    kinds = [(each.service, each.kind) for each in sandbox.contents()]
    assert sum(kind == "secret" for _service, kind in kinds) == 6
    assert kinds.count(("maia", "definition")) == 8


@pytest.mark.parametrize(
    ("playbook", "slices"), [("authorize", 1), ("rollout", 1), ("rollout", SLICES)]
)
def test_a_second_time_nothing_changes(launch: Launch, playbook: str, slices: int) -> None:
    jobs = launch(playbook, slices=slices)
    assert [job.status for job in jobs] == [0] * slices, jobs[0].output
    assert not any(by_host(jobs).values())


def test_the_proof_is_made_in_slices(launch: Launch) -> None:
    jobs = launch("prove")
    assert [job.status for job in jobs] == [0] * SLICES, jobs[0].output
    assert len(by_host(jobs)) == 8


def test_hosts_are_chosen_by_an_answer(launch: Launch) -> None:
    (job,) = launch("authorize", slices=1, answers={"authorize_hosts": "canaries"}, check=True)
    assert job.status == 0, job.output
    assert set(by_host([job])) == {
        *("billing-insights-test", "finance-warehouse-test"),
        *("marketing-reports-test", "shop-analytics-test"),
    }


def test_a_slice_without_a_chosen_host_is_no_failure_but_a_job_without_any_is(
    launch: Launch, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = {"authorize_hosts": "shop-analytics-test"}
    jobs = launch("rollout", answers=chosen)
    assert [job.status for job in jobs] == [0] * SLICES, jobs[0].output
    assert len(by_host(jobs)) == 1
    (job,) = launch("rollout", slices=1, answers={"authorize_hosts": "shop-analytics-tset"})
    assert job.status != 0
    assert NOT_THERE in " ".join(job.output.split())
    # With a limit it is one: AWX cuts the inventory before Ansible looks at the limit.
    template = controller.one("job_templates", "Stripe Query - Rollout")
    monkeypatch.setitem(template, "ask_limit_on_launch", True)
    jobs = launch("rollout", limit="shop-analytics-test")
    assert sorted(bool(job.status) for job in jobs) == [False, True]


def test_who_may_give_variables_may_not_say_where_keys_go(
    launch: Launch,
    controller: Controller,
    sandbox: SandboxClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of these was enough to have the keys sent elsewhere, or to run a program."""
    template = controller.one("job_templates", "Stripe Query - Rollout")
    monkeypatch.setitem(template, "ask_variables_on_launch", True)
    elsewhere = "http://localhost:1"
    before = [sandbox.requests(service) for service in ("aws", "maia")]
    for name, value in {
        "authorize_aws": {"endpoint_url": elsewhere},
        "authorize_maia": {"api_url": elsewhere, "token_url": elsewhere},
        "ansible_connection": "ssh",
        "authorize_verify": "never",
        "authorize_api_key_file": "/etc/passwd",
        "authorize_hosts": '#jinja2: variable_start_string: "[%"\n[% x }}',
        "awx_workflow_job_name": "{{ lookup('ansible.builtin.env', 'MAIA_CLIENT_SECRET') }}",
    }.items():
        (job,) = launch("rollout", slices=1, answers={name: value})
        assert job.status != 0
        assert f"Extra variable '{name}'".replace("'", "") in job.output.replace("'", "")
    # What looks like the variables of a slice makes none of a rotation, which has to have hosts.
    template = controller.one("job_templates", "Stripe Query - Rotate")
    monkeypatch.setitem(template, "ask_variables_on_launch", True)
    slice_of = {"awx_workflow_job_name": "J", "awx_job_template_name": "J"}
    (job,) = launch("rotate", answers={"authorize_hosts": "nothere", **slice_of})
    assert job.status != 0
    assert NOT_THERE in " ".join(job.output.split())
    assert [sandbox.requests(service) for service in ("aws", "maia")] == before


def test_a_wave_that_is_no_number_is_refused_in_one_sentence(launch: Launch) -> None:
    (job,) = launch("rotate", answers={"authorize_serial": "1, many"})
    assert job.status != 0
    assert "'many' is neither a number of targets nor a percentage" in " ".join(job.output.split())


def test_a_blank_answer_about_hosts_is_refused_in_one_sentence(launch: Launch) -> None:
    (job,) = launch("rotate", answers={"authorize_hosts": " "})
    assert job.status != 0
    assert "Variable authorize_hosts: it is empty" in " ".join(job.output.split())


def test_a_wrong_secret_fails_and_is_not_shown(
    launch: Launch, controller: Controller, secrets: dict[str, str]
) -> None:
    inputs = controller.inputs_of(controller.one("credentials", "Maia")["id"])
    right, wrong = inputs["client_secret"], os.urandom(24).hex()
    inputs["client_secret"] = secrets["a wrong one"] = wrong
    try:
        jobs = launch("authorize")
    finally:
        inputs["client_secret"] = right
        del secrets["a wrong one"]
    assert all(job.status and job.failed for job in jobs)
    assert "does not accept them" in jobs[0].output


def test_the_workflow_and_the_ways_back(
    launch: Launch, controller: Controller, sandbox: SandboxClient, secrets: dict[str, str]
) -> None:
    """Its nodes in their order, with a new key; then back to the old one, and all of it away."""
    inputs = controller.inputs_of(controller.one("credentials", "Shop's key")["id"])
    old, new = inputs["api_key"], sandbox.key("billing-insights-production")
    inputs["api_key"] = secrets["the new key"] = new

    changed: dict[str, dict[str, int]] = {}
    left: dict[str, Any] = {}
    for name, playbook, answers in walk(controller):
        (job,) = launch(playbook, answers=answers, artifacts=left)
        left = job.artifacts
        # What whoever approves wants to know.
        assert left["stripe_query_outcome"]["counts"]
        # The first audit finds the keys that are not yet the new one, and may fail.
        assert bool(job.status) == (name == "audit"), job.output
        changed[name] = by_host([job])
    assert list(changed) == ["audit", "rotate-canaries", "rotate-rest", "audit-again"]
    assert changed["rotate-canaries"].keys().isdisjoint(changed["rotate-rest"])
    rotated = changed["rotate-canaries"] | changed["rotate-rest"]
    assert len(rotated) == 8
    assert all(rotated.values())
    assert not any({**changed["audit"], **changed["audit-again"]}.values())
    # One key everywhere, which an audit does find when it is to.
    (job,) = launch("audit", answers={"audit_ignore": ""})
    assert job.status != 0
    assert "key_shared" in job.output

    jobs = launch("rollback")
    assert [job.status for job in jobs] == [0] * SLICES, jobs[0].output
    assert all(by_host(jobs).values())
    inputs["api_key"] = old
    (job,) = launch("authorize", slices=1)
    assert not any(by_host([job]).values())

    (job,) = launch("revoke", answers={"authorize_hosts": "all"})
    assert job.status != 0
    assert "This would revoke 8 hosts" in " ".join(job.output.split())
    (job,) = launch("revoke", answers={"authorize_hosts": "all", "revoke_targets": "8"})
    assert job.status == 0, job.output
    assert all(by_host([job]).values())
    assert not [each for each in sandbox.contents("maia") if each.kind == "definition"]


def walk(controller: Controller) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The workflow's jobs in their order, as if each had gone well: node, playbook, answers."""
    nodes = {each["id"]: each for each in controller.find(["workflow_job_template_nodes"])}
    following = {
        number: [
            other
            for association in ("success_nodes", "always_nodes")
            for other in controller.linked(number, association)
        ]
        for number in nodes
    }
    (number,) = nodes.keys() - {other for others in following.values() for other in others}
    while True:
        node = nodes[number]
        for template in controller.find(["job_templates"], id=node["unified_job_template"]):
            playbook = template["playbook"].removesuffix(".yml")
            yield node["identifier"], playbook, node["extra_data"]
        if not following[number]:
            return
        (number,) = following[number]
