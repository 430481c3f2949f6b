# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the job templates of the emulated AWX through ansible-runner, as AWX does.

A job gets a private data directory of its own: the project's files, an inventory that is a program,
the credentials' files, variables and arguments, and the answers to its survey.
https://docs.ansible.com/projects/runner/en/stable/intro.html
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from awx.controller import Controller, Item, Launched
from awx.credential_types import Injected

# What a job may not find in its surroundings, since AWX does not give it either.
_CREDENTIALS = ("AWS_ACCESS", "AWS_SECRET", "AZURE_", "SNOWFLAKE_", "MAIA_", "STRIPE_", "ANSIBLE_")
# So that a source that cannot be read is no empty inventory; AWX says so as well.
_STRICT = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
_RECAP = re.compile(r"^(\S+) +: ok=\d+ +changed=(\d+) +unreachable=0 +failed=(\d+)", re.MULTILINE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Job:
    """One job that has ended. changed: how many tasks changed something, for each host."""

    where: Path
    status: int
    recorded: Mapping[str, str]

    @property
    def output(self) -> str:
        (artifacts,) = (self.where / "artifacts").iterdir()
        return _COLOURS.sub("", (artifacts / "stdout").read_text("utf-8"))

    @property
    def changed(self) -> dict[str, int]:
        return {host: int(changed) for host, changed, _failed in _RECAP.findall(self.output)}

    @property
    def failed(self) -> list[str]:
        return [host for host, _changed, failed in _RECAP.findall(self.output) if int(failed)]

    @property
    def artifacts(self) -> dict[str, Any]:
        """What set_stats left: AWX shows it, and gives it to the workflow's next jobs."""
        left: dict[str, Any] = {}
        for path in (self.where / "artifacts").glob("*/job_events/*.json"):
            left |= json.loads(path.read_text("utf-8"))["event_data"].get("artifact_data") or {}
        return left

    def written(self) -> Iterator[tuple[str, str]]:
        """What is kept of a job: arguments, output, events, artifacts. Not what was given to it.

        ansible-runner writes down the whole environment, too, in a file of its owner's. Of that AWX
        keeps what is in `recorded`.
        """
        for path in sorted((self.where / "artifacts").rglob("*")):
            if not path.is_file():
                continue
            text = path.read_text("utf-8", errors="replace")
            if path.name == "command":
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
                text = json.dumps([json.loads(text)["command"], dict(self.recorded)])
            yield str(path.relative_to(self.where)), text


@dataclass
class _Running:
    where: Path
    process: subprocess.Popen[str]
    recorded: dict[str, str]

    def end(self) -> Job:
        self.process.wait()
        return Job(self.where, self.process.returncode, self.recorded)


@dataclass
class Launcher:
    """where: for the jobs' directories. environment: what AWX is told to give to all jobs."""

    controller: Controller
    where: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _count: int = 0

    def sync(self, source: str) -> dict[str, Any]:
        """Update the inventory from its source; returns what AWX then has in store.

        Values are kept as ansible-inventory prints them, and hosts that are disabled are left out.
        """
        item = self.controller.one("inventory_sources", source)
        private = self._private_data_dir(item["source_project"])
        injected = Injected()
        if item["credential"]:
            self.controller.check_inputs(item["credential"])
            self._inject(injected, item["credential"], private, inventory_update=True)
        path = private / "project" / item["source_path"]
        done = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("ansible-inventory")), "--list", "--export"),
                *("--inventory", str(path), "--playbook-dir", str(path.parent)),
            ],
            env={**self._environment(), **injected.env, **_STRICT},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        listed: dict[str, Any] = json.loads(done.stdout)
        return enabled_hosts(listed, item["enabled_var"], item["enabled_value"])

    def launch(
        self,
        template: str,
        inventory: Mapping[str, Any],
        *,
        limit: str = "",
        slices: int | None = None,
        answers: Mapping[str, Any] | None = None,
        check: bool = False,
        verbosity: int = 0,
        artifacts: Mapping[str, Any] | None = None,
    ) -> list[Job]:
        """All slices of the job, at the same time. Raises Refusal as Controller.launch does.

        artifacts: what earlier jobs of the workflow left.
        """
        number = self.controller.one("job_templates", template)["id"]
        launched = self.controller.launch(
            number,
            {
                "extra_vars": dict(answers or {}),
                "limit": limit,
                "job_type": "check" if check else "run",
                "diff_mode": check,
                "verbosity": verbosity,
                "job_slice_count": slices,
            },
        )
        launched = replace(launched, extra_vars={**launched.extra_vars, **(artifacts or {})})
        verbosity, limit = launched.prompt("verbosity"), launched.prompt("limit")
        options = [f"-{'v' * verbosity}"] if verbosity else []
        options += ["--check"] if launched.prompt("job_type") == "check" else []
        options += ["--diff"] if launched.prompt("diff_mode") else []
        options += ["--limit", shlex.quote(limit)] if limit else []
        count = min(launched.prompt("job_slice_count"), len(inventory["_meta"]["hostvars"]))
        running = [
            self._start(launched, sliced(inventory, number, count), options, count)
            for number in range(1, count + 1)
        ]
        return [each.end() for each in running]

    def _start(
        self, launched: Launched, inventory: Mapping[str, Any], options: Sequence[str], slices: int
    ) -> _Running:
        template = launched.template
        private = self._private_data_dir(template["project"])
        script = private / "inventory" / "hosts"
        script.write_text(f"#!/usr/bin/env python3\nprint({json.dumps(inventory)!r})\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        injected = Injected()
        for credential in launched.credentials:
            self._inject(injected, credential, private)
        _write(private / "env" / "extravars", {**_meta(template, slices), **launched.extra_vars})
        # Which whoever launches the job cannot change, as he can its variables.
        own = {"JOB_ID": "1", "INVENTORY_ID": str(template["inventory"])}
        _write(private / "env" / "envvars", {**injected.env, **own})
        arguments = " ".join([*options, *injected.arguments])
        (private / "env" / "cmdline").write_text(arguments)
        command = [
            *(sys.executable, "-m", "ansible_runner", "run", str(private)),
            *("--playbook", template["playbook"]),
        ]
        process = subprocess.Popen(
            command,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return _Running(private, process, injected.recorded)

    def _inject(
        self, injected: Injected, credential: int, private: Path, *, inventory_update: bool = False
    ) -> None:
        item = self.controller.get("credentials", credential)
        kind = self.controller.get("credential_types", item["credential_type"])
        inputs = self.controller.inputs_of(credential)
        injected.add(kind, inputs, private, inventory_update=inventory_update)

    def _private_data_dir(self, project: int) -> Path:
        self._count += 1
        private = self.where / f"awx_{self._count}"
        for name in ("env", "inventory"):
            (private / name).mkdir(mode=0o700, parents=True)
        shutil.copytree(self.controller.projects.copy_of(project), private / "project")
        return private

    def _environment(self) -> dict[str, str]:
        kept = {n: text for n, text in os.environ.items() if not n.startswith(_CREDENTIALS)}
        return {**kept, **self.environment}


def _meta(template: Item, slices: int) -> dict[str, Any]:
    """What AWX adds to a job's variables. A sliced job is a workflow of the template's own name."""
    names = {"job_template_name": template["name"], "job_launch_type": "manual", "job_id": 1}
    if slices > 1:
        names |= {"workflow_job_name": template["name"], "job_launch_type": "workflow"}
    return {f"{prefix}_{name}": v for prefix in ("awx", "tower") for name, v in names.items()}


def enabled_hosts(listed: Mapping[str, Any], variable: str, value: str) -> dict[str, Any]:
    """The inventory without hosts that the variable does not enable.

    https://github.com/ansible/awx/blob/24.6.1/awx/main/management/commands/inventory_import.py
    """
    hosts = listed["_meta"]["hostvars"]

    def enabled(variables: Mapping[str, Any]) -> bool:
        if not variable or variable not in variables:
            return True
        held = variables[variable]
        return str(held).lower() == value.lower() if value else bool(held)

    return _only(listed, [name for name, variables in hosts.items() if enabled(variables)])


def sliced(inventory: Mapping[str, Any], number: int, count: int) -> dict[str, Any]:
    """That slice of an inventory: each count-th of its hosts, by name, with all groups."""
    return _only(inventory, sorted(inventory["_meta"]["hostvars"])[number - 1 :: count])


def _only(inventory: Mapping[str, Any], hosts: Sequence[str]) -> dict[str, Any]:
    cut = {
        name: {**group, "hosts": [host for host in group.get("hosts", []) if host in hosts]}
        for name, group in inventory.items()
        if name != "_meta"
    }
    known = inventory["_meta"]["hostvars"]
    return {**cut, "_meta": {"hostvars": {host: known[host] for host in hosts}}}


def _write(path: Path, data: object) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(data))
