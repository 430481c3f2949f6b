# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keywords of a task and settings of Ansible do the same in process and as a module."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.plugin_utils._in_process import (
    SWITCH_ENVIRONMENT,
)
from integration.python.core.slow_servers import SLOW, Server
from integration.python.twice import (
    IN_PROCESS,
    LONGEST,
    MODULES,
    Came,
    Twice,
    interpreter,
    play,
    play_of,
)
from sandbox.client import SandboxClient
from unit.keys import make_key, random_text

# Minutes, and a task has to begin within its timeout.
pytestmark = pytest.mark.long

BECOMES = {"become": True, "become_method": "same_user"}
KEYWORDS: dict[str, dict[str, Any]] = {
    "none": {},
    "timeout": {"timeout": 300},
    "async": {"async": 300, "poll": 1},
    "become": BECOMES,
    "become_another": {**BECOMES, "become_user": "root"},
    "become_by_a_variable": {
        "vars": {"ansible_become": True, "ansible_become_method": "same_user"}
    },
    "become_in_the_inventory": {"delegate_to": "becoming"},
    "environment": {"environment": {"LANG": "C.UTF-8"}},
    "delegate_to": {"delegate_to": "other"},
    "delegate_to_other_python": {"delegate_to": "other_python"},
    "delegate_to_no_python": {"delegate_to": "no_python", "ignore_errors": True},
    "connection": {"connection": "ansible.builtin.local"},
    "throttle": {"throttle": 1},
    "until": {"until": "result is success", "retries": 2, "delay": 0, "register": "result"},
    "until_never": {
        "until": "result.never is defined",
        "retries": 2,
        "delay": 2,
        "register": "result",
        "ignore_errors": True,
    },
    "loop": {"loop": ["one"]},
    "check_mode": {"check_mode": True},
    "diff": {"diff": True},
    "no_log": {"no_log": True},
    "run_once": {"run_once": True},
    "vars": {"vars": {"ansible_remote_tmp": "~/.ansible/tmp", "any": "thing"}},
    "changed_when": {"changed_when": False},
    "failed_when": {"failed_when": True, "ignore_errors": True},
    "null": {},
}
# Those that a module has to do, whatever is asked for.
ASIDE = frozenset(
    {
        *("async", "become", "become_another", "become_by_a_variable", "become_in_the_inventory"),
        *("environment", "delegate_to_other_python", "delegate_to_no_python"),
    }
)
FAIL = ("delegate_to_no_python", "until_never", "failed_when")
# At least so many seconds, for what waits.
WAITS = {"until_never": 2.0}
TIMES = {"until_never": 3}
STRATEGIES = ("free", "host_pinned", "debug")
_FAST = {"ANSIBLE_PIPELINING": "true"}
# What an environment variable sets for the whole run; {} is the directory of the test.
SETTINGS: dict[str, dict[str, str]] = {
    "become": {"ANSIBLE_BECOME": "true", "ANSIBLE_BECOME_METHOD": "same_user"},
    "strategy": {"ANSIBLE_STRATEGY": "ansible.builtin.free"},
    "transport": {"ANSIBLE_TRANSPORT": "ansible.builtin.local"},
    "timeout": {"ANSIBLE_TASK_TIMEOUT": "300"},
    "pipelining": {"ANSIBLE_PIPELINING": "true"},
    "kept files": {"ANSIBLE_KEEP_REMOTE_FILES": "true"},
    "another directory": {"ANSIBLE_REMOTE_TMP": "{}/remote", "ANSIBLE_LOCAL_TEMP": "{}/local"},
    "no log": {"ANSIBLE_NO_LOG": "true"},
    "diff": {"ANSIBLE_DIFF_ALWAYS": "true"},
    "arguments": {"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "true"},
    "no facts": {"ANSIBLE_INJECT_FACT_VARS": "false"},
    "files": {"ANSIBLE_PYTHON_MODULE_RLIMIT_NOFILE": "512"},
    "another Python": {"ANSIBLE_PYTHON_INTERPRETER": "{}/other/bin/python"},
    "no Python": {"ANSIBLE_PYTHON_INTERPRETER": "/nowhere/python"},
}


@pytest.mark.parametrize("module", MODULES)
def test_keywords_do_the_same_in_process_and_as_a_module(
    services: SandboxClient, tmp_path: Path, module: str
) -> None:
    twice = Twice(services, tmp_path)
    tasks = [_task(twice, module, keyword, given) for keyword, given in KEYWORDS.items()]
    plays = [
        play_of([*twice.before(module), *tasks]),
        *(
            play_of([twice.task(module, each)], strategy=f"ansible.builtin.{each}")
            for each in STRATEGIES
        ),
    ]
    names = [*KEYWORDS, *STRATEGIES]
    came = {way: twice.run(plays, said, names, **_FAST) for way, said in IN_PROCESS.items()}
    for seen in came.values():
        assert {*names} <= seen.results.keys()
        for keyword in names:
            result = seen.results[keyword]
            assert result["failed"] == (keyword in FAIL), (keyword, result)
            least = WAITS.get(keyword, 0)
            assert least <= seen.seconds[keyword] < least + LONGEST, (keyword, seen.seconds)
    _compare(*came.values())
    here = came["in process"]
    times = sum(TIMES.get(name, 1) for name in names if name not in ASIDE)
    assert here.in_process[module] == times, here.in_process
    assert not came["as a module"].in_process


@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_do_the_same_in_process_and_as_a_module(
    services: SandboxClient, tmp_path: Path, setting: str
) -> None:
    twice = Twice(services, tmp_path)
    tasks = [
        task for module in MODULES for task in (*twice.before(module), twice.task(module, module))
    ]
    hosts = {"transport": "bare", "another Python": "any_python", "no Python": "any_python"}
    plays = [play_of(tasks, hosts=hosts.get(setting, "this"), ignore_errors=True)]
    given = {name: text.replace("{}", str(tmp_path)) for name, text in SETTINGS[setting].items()}
    if setting == "transport":
        given["ANSIBLE_PYTHON_INTERPRETER"] = twice.interpreter
    came = {way: twice.run(plays, said, MODULES, **given) for way, said in IN_PROCESS.items()}
    for seen in came.values():
        for module in MODULES:
            result = seen.results[module]
            assert result["failed"] == (setting == "no Python"), (module, result)
            assert seen.seconds[module] < LONGEST
    _compare(*came.values())
    aside = setting in ("become", "another Python", "no Python")
    assert bool(came["in process"].in_process) != aside
    assert not came["as a module"].in_process


def _task(twice: Twice, module: str, keyword: str, given: Mapping[str, Any]) -> dict[str, Any]:
    task = twice.task(module, keyword, **given)
    if keyword == "null":
        task[f"maia.stripe_query.{module}"]["max_seconds"] = None
    return task


def _compare(in_process: Came, as_module: Came) -> None:
    for name, result in in_process.results.items():
        assert result == as_module.results[name], name
    assert in_process.written == as_module.written
    assert in_process.files == as_module.files


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
    hosts = {
        "this": {
            "ansible_connection": "local",
            "ansible_python_interpreter": str(interpreter(tmp_path)),
        }
    }
    tasks_of = play_of(
        [
            {f"maia.stripe_query.{name}": args, "timeout": 15, "ignore_errors": True, "name": name}
            for name, args in tasks.items()
        ]
    )
    for way in ("true", "false"):
        began = time.monotonic()
        seen = play([tasks_of], tmp_path, hosts, **{SWITCH_ENVIRONMENT: way})
        assert time.monotonic() - began < 60 * len(tasks)
        for name, result in seen.items():
            assert result["failed"], (way, name, result)
            assert not result["changed"]
            if way == "false":
                continue  # a busy machine may not have started the module in that time
            assert "timeout of the task" in result["msg"], result
            assert name != "authorize_targets" or result["targets"]["shop"]["failed"]
