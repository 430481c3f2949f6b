# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-playbook does the same tasks twice: in process and as modules.

What came of each is compared: all that is in the results but for what differs each time, how much
was written, and whether it took as long as it should.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.maia.stripe_query.plugins.plugin_utils._in_process import (
    SWITCH_ENVIRONMENT,
)
from sandbox.client import SandboxClient
from torture.world import World

_HERE = Path(__file__).resolve()
_CHECKOUT = _HERE.parents[3]
IN_PROCESS = {"in process": "true", "as a module": "false"}
LONGEST = 60.0  # seconds for a task that waits for nothing
# How each module calls the object of a task.
_NAMES = {
    "stripe_secret_aws": "stripe/{}",
    "stripe_secret_azure": "stripe-{}",
    "stripe_secret_snowflake": "STRIPE_{}",
    "maia_secret_definition": "stripe_{}",
    "maia_hosted_secret": "stripe_{}",
}
# What a module that only looks looks at, and what has made that.
_LOOKS = {f"{name}_info": name for name in _NAMES if name.startswith("stripe_secret")}
_SHOP = {"project": "Shop Analytics", "environment": "test"}
_PIPELINE = """
type: orchestration
pipeline:
  components:
    Stripe Query:
      type: stripe-query
      parameters:
        apiKey: old
"""
_OWN: dict[str, dict[str, Any]] = {
    "stripe_secret_snowflake": {"database": "PLATFORM", "schema": "SECRETS"},
    "stripe_secret_snowflake_info": {"database": "PLATFORM", "schema": "SECRETS"},
    "maia_secret_definition": {"project": "Shop Analytics", "secret_name": "stripe/shop"},
    "maia_secret_definition_info": {"project": "Shop Analytics"},
    "maia_hosted_secret": {"project": "Marketing Reports"},
    "maia_environment_info": _SHOP,
    "maia_pipeline_run": {**_SHOP, "pipeline": "Stripe probe"},
    "maia_artifact": {**_SHOP, "files": ["Load.orch.yaml"]},
    "stripe_api_key_info": {"verify": True},
}
_WITH_KEY = frozenset({*_LOOKS.values(), "maia_hosted_secret", "stripe_api_key_info"})
_ACTIONS = _CHECKOUT / "plugins" / "action"
# target_outcome is an action plugin without a module.
MODULES = sorted({path.stem for path in _ACTIONS.glob("*.py")} - {"target_outcome"})
# What Ansible adds for a way of running, and what each run has of its own.
_ADDED = (
    *("ansible_job_id", "results_file", "started", "finished", "stdout", "stderr"),
    *("stdout_lines", "stderr_lines", "invocation", "ansible_facts", "warnings", "deprecations"),
)
_OF_ITS_OWN = ("id", "arn", "version", "fingerprint", "definition_id", "created_on")
# Identifiers, digests and times within texts.
_VOLATILE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)|v1:[^\s\]]+"
)


@dataclass(frozen=True)
class Came:
    """What came of a run.

    seconds: of each task. written: how often to services. files: what they hold. in_process: how
    often each module was, by its name.
    """

    results: Mapping[str, Mapping[str, Any]]
    seconds: Mapping[str, float]
    written: int
    files: Mapping[str, str]
    in_process: Mapping[str, int]


class Twice:
    """Runs plays in both ways, each from the same beginning."""

    def __init__(self, services: SandboxClient, directory: Path) -> None:
        self._services = services
        self._directory = directory
        self._checkout = directory / "checkout"
        self.interpreter = str(interpreter(directory))
        # The same by another name, and so another one to Ansible.
        self.other_interpreter = str(interpreter(directory, "other"))

    def options(self, module: str, name: str) -> dict[str, Any]:
        """A task's, about an object of this name."""
        given = {**self._connection(module), **_OWN.get(module, {})}
        given.pop("max_seconds", None)
        if module in _NAMES:
            given["name"] = _name(module, name)
        if module in _LOOKS:
            given["names"] = [_name(_LOOKS[module], "made")]
        if module in _WITH_KEY:
            given["api_key"] = self._services.key("shop-analytics-production")
        if module == "maia_artifact":
            given |= {"path": str(self._checkout), "version_name": f"stripe-{name}"}
        if module == "maia_stripe_component":
            given = {"path": str(self._checkout / name), "definition": "stripe_test"}
        return self._fleet(name) if module == "authorize_targets" else given

    def task(self, module: str, name: str, **keywords: Any) -> dict[str, Any]:
        given = {f"maia.stripe_query.{module}": self.options(module, name)}
        return {"name": name, **given, **keywords}

    def before(self, module: str) -> list[dict[str, Any]]:
        """What has to be there for a module that looks."""
        return [self.task(_LOOKS[module], "made")] if module in _LOOKS else []

    def run(self, plays: list[dict[str, Any]], way: str, names: list[str], **settings: str) -> Came:
        """way: of IN_PROCESS. names: of the tasks that may have files of their own."""
        self._services.clear()
        self._services.reset()
        for name in ("", *names):
            (self._checkout / name).mkdir(parents=True, exist_ok=True)
            (self._checkout / name / "Load.orch.yaml").write_text(_PIPELINE, "utf-8")
        results = play(
            plays, self._directory, self.hosts(), **{SWITCH_ENVIRONMENT: way}, **settings
        )
        log = self._directory / "log"
        said = re.findall(r"(\w+) runs in process", log.read_text("utf-8"))
        log.unlink()
        seconds = {name: float(result.pop("seconds")) for name, result in results.items()}
        return Came(
            {name: _comparable(result) for name, result in results.items()},
            seconds,
            sum(self._services.writes(each) for each in self._services.state.services),
            {str(path): path.read_text("utf-8") for path in self._checkout.rglob("*.yaml")},
            Counter(said),
        )

    def hosts(self) -> dict[str, dict[str, Any]]:
        here = {"ansible_connection": "local", "ansible_python_interpreter": self.interpreter}
        becomes = {"ansible_become": True, "ansible_become_method": "same_user"}
        return {
            "this": here,
            "other": here,
            "becoming": {**here, **becomes},
            "other_python": {**here, "ansible_python_interpreter": self.other_interpreter},
            "no_python": {**here, "ansible_python_interpreter": "/nowhere/python"},
            "any_python": {"ansible_connection": "local"},
            "bare": {},
        }

    def _connection(self, module: str) -> dict[str, Any]:
        return World(self._services, self._directory).connection(_LOOKS.get(module, module))

    def _fleet(self, name: str) -> dict[str, Any]:
        target = {
            "name": "shop",
            "authorize_project": "Shop Analytics",
            "authorize_environment": "test",
            "authorize_vault": "aws",
            "authorize_secret_name": f"stripe/{name}",
            "authorize_definition_name": f"stripe_{name}",
            "authorize_api_key": self._services.key("shop-analytics-production"),
            "authorize_aws": self._connection("stripe_secret_aws"),
            "authorize_maia": self._connection("maia_secret_definition"),
        }
        return {"targets": [target], "progress": False}


def _name(module: str, name: str) -> str:
    made = _NAMES[module].format(name.upper() if "snow" in module else name)
    return made.replace("_", "-") if "azure" in module else made


def interpreter(directory: Path, name: str = "venv") -> Path:
    """This one; Ansible takes what follows a space in its path for its arguments."""
    environment = directory / name
    if not environment.exists():
        environment.symlink_to(sys.prefix)
    return environment / "bin" / "python"


def play_of(tasks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"hosts": "this", "gather_facts": False, "tasks": tasks, **more}


def play(
    plays: list[dict[str, Any]],
    directory: Path,
    hosts: Mapping[str, Mapping[str, Any]],
    **settings: str,
) -> dict[str, dict[str, Any]]:
    """The result of each task, by its name, as a callback would get it."""
    book, inventory = directory / "book.yml", directory / "hosts.yml"
    book.write_text(json.dumps(plays), "utf-8")
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}), "utf-8")
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(_CHECKOUT / ".build" / "collections"),
        "ANSIBLE_HOME": str(directory / "home"),
        "ANSIBLE_ASYNC_DIR": str(directory / "async"),
        "ANSIBLE_BECOME_PLUGINS": str(_HERE.parent / "become"),
        "ANSIBLE_CALLBACK_PLUGINS": str(_HERE.parent / "callbacks"),
        "ANSIBLE_STDOUT_CALLBACK": "results_as_json",
        # Tells which way each task has gone.
        "ANSIBLE_LOG_PATH": str(directory / "log"),
        "ANSIBLE_LOG_VERBOSITY": "3",
        **settings,
    }
    # By the name that the hosts have for it: another one would be another interpreter.
    python = interpreter(directory)
    run = subprocess.run(
        [python, python.with_name("ansible-playbook"), "--inventory", inventory, book],
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,  # some of the tasks fail
    )
    # Nothing else is on stdout: what a callback writes can be parsed.
    results: dict[str, dict[str, Any]] = json.loads(run.stdout or run.stderr)
    return results


def _comparable(data: Any) -> Any:
    if isinstance(data, list):
        return [_comparable(each) for each in data]
    if isinstance(data, str):
        return _VOLATILE.sub("*", data)
    if not isinstance(data, dict):
        return data
    return {
        name: "*" if name in _OF_ITS_OWN else _comparable(value)
        for name, value in data.items()
        if name not in _ADDED and not name.startswith("_ansible")
    }
