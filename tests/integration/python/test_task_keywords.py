# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keywords of a task do the same whether it runs in process or as a module.

ansible-playbook does the same tasks twice, in either way, and what came of them is compared: all
that is in the results but for what differs each time, and how much was written.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.plugin_utils._in_process import (
    SWITCH_ENVIRONMENT,
)
from integration.python.core.slow_servers import SLOW, Server
from sandbox.client import SandboxClient
from torture.world import World
from unit.keys import make_key, random_text

# Minutes, and a task has to begin within its timeout.
pytestmark = pytest.mark.long

CHECKOUT = Path(__file__).resolve().parents[3]
_PYTHON = Path(sys.executable)

KEYWORDS: dict[str, dict[str, Any]] = {
    "none": {},
    "timeout": {"timeout": 300},
    "async": {"async": 300, "poll": 1},
    "environment": {"environment": {"LANG": "C.UTF-8"}},
    "delegate_to": {"delegate_to": "other"},
    "connection": {"connection": "ansible.builtin.local"},
    "throttle": {"throttle": 1},
    "until": {"until": "result is success", "retries": 2, "delay": 0, "register": "result"},
    "loop": {"loop": ["one"]},
    "check_mode": {"check_mode": True},
    "diff": {"diff": True},
    "no_log": {"no_log": True},
    "run_once": {"run_once": True},
    "null": {},
}
STRATEGIES = ("free", "host_pinned")
# How each module calls the object of a keyword.
MODULES = {
    "stripe_secret_aws": "stripe/{}",
    "stripe_secret_azure": "stripe-{}",
    "stripe_secret_snowflake": "STRIPE_{}",
    "maia_secret_definition": "stripe_{}",
    "stripe_api_key_info": "",
    "maia_environment_info": "",
}
_OWN: dict[str, dict[str, Any]] = {
    "stripe_secret_snowflake": {"database": "PLATFORM", "schema": "SECRETS"},
    "maia_secret_definition": {"project": "Shop Analytics", "secret_name": "stripe/shop"},
    "maia_environment_info": {"project": "Shop Analytics", "environment": "test"},
    "stripe_api_key_info": {"verify": True},
}
_WITHOUT_KEY = ("maia_secret_definition", "maia_environment_info")
# What Ansible adds for a way of running, and what each run has of its own.
_ADDED = (
    *("ansible_job_id", "results_file", "started", "finished", "stdout", "stderr"),
    *("stdout_lines", "stderr_lines", "invocation", "ansible_facts", "attempts", "warnings"),
)
_OF_ITS_OWN = ("id", "arn", "version", "fingerprint", "definition_id", "created_on")


@pytest.mark.parametrize("module", MODULES)
def test_keywords_do_the_same_in_process_and_as_a_module(
    services: SandboxClient, tmp_path: Path, module: str
) -> None:
    seen, written = {}, {}
    for way in ("true", "false"):
        services.clear()
        services.reset()
        seen[way] = _play(_keywords(services, tmp_path, module), tmp_path, way)
        written[way] = sum(services.writes(each) for each in services.state.services)
    assert seen["true"].keys() == {*KEYWORDS, *STRATEGIES}
    for keyword, result in seen["true"].items():
        assert result == seen["false"][keyword], keyword
        assert not result["failed"], (keyword, result)
    assert written["true"] == written["false"]


@pytest.fixture
def slow() -> Iterator[Server]:
    server = Server(SLOW["a body byte by byte"])
    yield server
    server.stop()


def test_the_timeout_of_a_task_holds(slow: Server, tmp_path: Path) -> None:
    """And each says what it waited for, which Ansible at the end of the time would not."""
    key, maia = {"api_key": make_key()}, {"api_url": slow.url, "access_token": random_text()}
    place = {"account": "shop", "host": "127.0.0.1", "port": slow.port, "protocol": "http"}
    target = {"name": "shop", "authorize_project": "Shop", "authorize_environment": "test"}
    credentials = {"access_key": "none", "secret_key": random_text(), "region": "eu-west-1"}
    tasks = {
        "maia_environment_info": {"project": "Shop", "environment": "test", **maia},
        "stripe_api_key_info": {
            "api_url": slow.url,
            "verify": True,
            "on_unverified": "fail",
            **key,
        },
        "stripe_secret_aws": {"name": "shop", "endpoint_url": slow.url, **credentials, **key},
        "stripe_secret_snowflake": {
            "name": "SHOP",
            "database": "DB",
            "schema": "S",
            "user": "U",
            "password": random_text(),
            **place,
            **key,
        },
        "authorize_targets": {
            "targets": [{**target, "authorize_maia": maia, "authorize_api_key": key["api_key"]}]
        },
    }
    play = _play_of(
        [
            {f"maia.stripe_query.{name}": args, "timeout": 15, "ignore_errors": True, "name": name}
            for name, args in tasks.items()
        ]
    )
    for way in ("true", "false"):
        began = time.monotonic()
        seen = _play([play], tmp_path, way)
        assert time.monotonic() - began < 60 * len(tasks)
        for name, result in seen.items():
            assert result["failed"], (way, name, result)
            assert not result["changed"]
            if way == "false":
                continue  # a busy machine may not have started the module in that time
            assert "timeout of the task" in result["msg"], result
            assert name != "authorize_targets" or result["targets"]["shop"]["failed"]


def _keywords(services: SandboxClient, tmp_path: Path, module: str) -> list[dict[str, Any]]:
    """The plays: one with the keywords, and one for each further strategy."""
    options = World(services, tmp_path).connection(module)
    options = {**options, **_OWN.get(module, {})}
    options.pop("max_seconds", None)
    if module not in _WITHOUT_KEY:
        options["api_key"] = services.key("shop-analytics-production")

    def task(keyword: str, given: Mapping[str, Any]) -> dict[str, Any]:
        name = MODULES[module].format(keyword.upper() if "snow" in module else keyword)
        if "azure" in module:
            name = name.replace("_", "-")
        args = {**options, **({"name": name} if name else {})}
        if keyword == "null":
            args["max_seconds"] = None
        return {"name": keyword, f"maia.stripe_query.{module}": args, **given}

    return [
        _play_of([task(keyword, given) for keyword, given in KEYWORDS.items()]),
        *(_play_of([task(each, {})], strategy=f"ansible.builtin.{each}") for each in STRATEGIES),
    ]


def _play_of(tasks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"hosts": "this", "gather_facts": False, "tasks": tasks, **more}


def _play(plays: list[dict[str, Any]], tmp_path: Path, way: str) -> dict[str, dict[str, Any]]:
    """The result of each task, by its name, as a callback would get it."""
    book, inventory = tmp_path / "book.yml", tmp_path / "hosts.yml"
    book.write_text(json.dumps(plays), "utf-8")
    # Ansible takes what follows a space in an interpreter's path for its arguments.
    environment_link = tmp_path / "venv"
    if not environment_link.exists():
        environment_link.symlink_to(sys.prefix)
    interpreter = str(environment_link / "bin" / "python")
    local = {"ansible_connection": "local", "ansible_python_interpreter": interpreter}
    inventory.write_text(json.dumps({"all": {"hosts": {"this": local, "other": local}}}), "utf-8")
    environment = {
        **os.environ,
        SWITCH_ENVIRONMENT: way,
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".build" / "collections"),
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_ASYNC_DIR": str(tmp_path / "async"),
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
        "ANSIBLE_STDOUT_CALLBACK": "results_as_json",
    }
    run = subprocess.run(
        [_PYTHON.parent / "ansible-playbook", "--inventory", inventory, book],
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,  # some of the tasks fail
    )
    # Nothing else is on stdout: what a callback writes can be parsed.
    results: dict[str, dict[str, Any]] = json.loads(run.stdout or run.stderr)
    return {name: _comparable(result) for name, result in results.items()}


def _comparable(data: Any) -> Any:
    if isinstance(data, list):
        return [_comparable(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {
        name: "*" if name in _OF_ITS_OWN else _comparable(value)
        for name, value in data.items()
        if name not in _ADDED and not name.startswith("_ansible")
    }
