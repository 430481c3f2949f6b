# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard output is the callback's alone, whichever it is: progress goes to standard error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.python.rollout.test_operation import options
from sandbox.client import SandboxClient
from sandbox.service import Fault

pytestmark = pytest.mark.long

_HERE = Path(__file__).resolve()
_PROGRAM = Path(sys.executable).with_name("ansible-playbook")
_PROGRESS = "of 3 targets done"
CALLBACKS: Mapping[str, Mapping[str, str]] = {
    "default": {},
    "yaml": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"},
    "minimal": {"ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal"},
    "oneline": {"ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.oneline"},
    "our own, of JSON": {
        "ANSIBLE_STDOUT_CALLBACK": "results_as_json",
        "ANSIBLE_CALLBACK_PLUGINS": str(_HERE.parent / "callbacks"),
    },
}


@pytest.fixture
def inventory(services: SandboxClient, tmp_path: Path) -> Path:
    """Three hosts, whose requests take so long that there is progress to show."""
    given = options(services)
    hosts = {each.pop("name"): each for each in given["targets"]}
    variables = {**given["defaults"], "authorize_guards": False, "authorize_threads": 1}
    file = tmp_path / "inventory.yml"
    file.write_text(yaml.safe_dump({"all": {"vars": variables, "hosts": hosts}}))
    services.order(Fault("*", status=0, delay_seconds=0.7, times=1000))
    return file


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(_HERE.parents[3] / ".build" / "collections"),
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_NOCOLOR": "true",
        **more,
    }


def command(inventory: Path) -> list[str | Path]:
    return [_PROGRAM, "maia.stripe_query.rollout", "--inventory", inventory]


@pytest.mark.parametrize("callback", CALLBACKS)
def test_progress_is_not_among_the_results(inventory: Path, tmp_path: Path, callback: str) -> None:
    done = subprocess.run(
        command(inventory),
        env=environment(tmp_path, **CALLBACKS[callback]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert _PROGRESS in done.stderr
    assert _PROGRESS not in done.stdout
    if "JSON" in callback:
        assert json.loads(done.stdout)


def test_no_progress_is_shown_where_none_is_wanted(inventory: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*command(inventory), "--extra-vars", '{"authorize_progress": false}'],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert _PROGRESS not in done.stdout + done.stderr


def test_ansible_runner_gets_each_host_s_event(inventory: Path, tmp_path: Path) -> None:
    """As AWX runs playbooks."""
    ansible_runner = pytest.importorskip("ansible_runner")
    (tmp_path / "runner").mkdir()
    run: Any = ansible_runner.run(
        private_data_dir=str(tmp_path / "runner"),
        playbook="maia.stripe_query.rollout",
        inventory=str(inventory),
        envvars={
            name: text
            for name, text in environment(tmp_path, PATH=f"{_PROGRAM.parent}:/usr/bin:/bin").items()
            if name.startswith(("ANSIBLE", "PATH"))
        },
        quiet=True,
    )
    assert run.rc == 0, run.stdout.read()
    events = [each for each in run.events if each["event"] == "runner_on_ok"]
    hosts = {each["event_data"]["host"] for each in events}
    assert hosts == {"shop-test", "shop-staging", "shop-production"}


def test_a_pipe_that_closes_early_leaves_nothing_that_runs(
    services: SandboxClient, inventory: Path, tmp_path: Path
) -> None:
    """As of `| head -1`; Ansible then ends with an error, and nothing of ours goes on."""
    run = subprocess.Popen(
        command(inventory),
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.readline()
    run.stdout.close()
    # Its end comes when the last process that has it is gone.
    said = run.stderr.read()
    run.wait(60)
    assert "maia_stripe_query" not in said
    assert "report this as a bug of maia" not in said
    services.clear()
    again = subprocess.run(
        command(inventory), env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stdout
