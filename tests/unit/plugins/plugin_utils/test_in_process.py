# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When an action plugin does the work itself, and when it lets the module run."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.template import trust_as_template

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import current
from ansible_collections.maia.stripe_query.plugins.module_utils._core.limits import TIME_SPEC
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    LateImport,
    Operation,
    Outcome,
    Params,
    Requirement,
    Runtime,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._in_process import (
    SWITCH_ENVIRONMENT,
    SWITCH_VARIABLE,
    InProcessAction,
)
from unit.faces import MODULE_RESULT, make_action, run_action

SPEC = ArgumentSpec(
    options={
        "text": {"type": "str"},
        "mapping": {"type": "dict"},
        "items": {"type": "list", "elements": "str"},
    }
)


def nothing(_params: Params, _runtime: Runtime) -> Outcome:
    return Outcome(False, {"ran": "in process"})


PROBE = Operation("probe", SPEC, nothing, reads_only=True)
_REAL_PYTHON = Path(sys.executable).resolve()


def result_of(
    operation: Operation = PROBE, variables: dict[str, Any] | None = None, **changed: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    action = make_action(operation, {}, **changed)
    return action.run(task_vars=variables or {}), action.module_calls


@pytest.mark.parametrize(
    ("variables", "changed"),
    [
        pytest.param({}, {}, id="nothing special"),
        pytest.param({SWITCH_VARIABLE: True}, {}, id="the switch is on"),
        pytest.param({SWITCH_VARIABLE: "yes"}, {}, id="the switch is yes"),
        pytest.param({SWITCH_VARIABLE: None}, {}, id="the switch is left out"),
        pytest.param({"ansible_python_interpreter": sys.executable}, {}, id="this interpreter"),
        pytest.param({"ansible_python_interpreter": "auto_silent"}, {}, id="any interpreter"),
        pytest.param({}, {"environment": [{}]}, id="an empty environment"),
        pytest.param({}, {"environment": None}, id="no environment"),
        pytest.param({}, {"check_mode": True}, id="check mode"),
    ],
)
def test_it_runs_in_process(variables: dict[str, Any], changed: dict[str, Any]) -> None:
    result, calls = result_of(variables=variables, **changed)
    assert result == {"changed": False, "ran": "in process"}
    assert calls == []


@pytest.mark.parametrize("switch", ["nope", "", 7, ["true"]])
def test_a_switch_that_is_neither_on_nor_off_is_refused(switch: object) -> None:
    result, calls = result_of(variables={SWITCH_VARIABLE: switch})
    assert result["msg"] == (
        f"Variable {SWITCH_VARIABLE}: it is neither true nor false; give true or false, or leave it"
        " out."
    )
    assert calls == []


def test_so_it_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH_ENVIRONMENT, "nope")
    assert result_of()[0]["msg"].startswith(f"Environment variable {SWITCH_ENVIRONMENT}: it is")
    monkeypatch.setenv(SWITCH_ENVIRONMENT, "")
    assert result_of()[1] == []


@pytest.mark.parametrize(
    ("variables", "changed"),
    [
        pytest.param({SWITCH_VARIABLE: False}, {}, id="the switch is off"),
        pytest.param({SWITCH_VARIABLE: "no"}, {}, id="the switch is no"),
        pytest.param({SWITCH_VARIABLE: "0"}, {}, id="the switch is 0"),
        pytest.param({SWITCH_VARIABLE: "{{ off }}"}, {}, id="the switch is a template"),
        pytest.param({}, {"async_val": 10}, id="async"),
        pytest.param({}, {"transport": "ssh"}, id="another machine"),
        pytest.param({}, {"become": True}, id="another user"),
        pytest.param({}, {"environment": [{"HTTPS_PROXY": "x"}]}, id="an environment"),
        pytest.param({}, {"environment": [{}, "{{ env }}"]}, id="an environment as a template"),
        pytest.param(
            {"ansible_python_interpreter": "/nonexistent/python"}, {}, id="another interpreter"
        ),
    ],
)
def test_the_module_runs(variables: dict[str, Any], changed: dict[str, Any]) -> None:
    result, calls = result_of(variables=variables, **changed)
    assert result == MODULE_RESULT
    (call,) = calls
    assert call["module_name"] == "maia.stripe_query.probe"
    assert call["task_vars"] == variables
    assert call["wrap_async"] == bool(changed.get("async_val"))


# As Ansible does with a module.
@pytest.mark.parametrize(
    ("here", "there", "modules"),
    [(None, "/nonexistent/python", 1), ("/nonexistent/python", None, 0), (None, None, 0)],
)
def test_of_a_delegated_task_the_other_host_s_interpreter_counts(
    here: str | None, there: str | None, modules: int
) -> None:
    def variables(interpreter: str | None) -> dict[str, Any]:
        return {"ansible_python_interpreter": interpreter} if interpreter else {}

    given = {**variables(here), "ansible_delegated_vars": {"bastion": variables(there)}}
    assert len(result_of(variables=given, delegate_to="bastion")[1]) == modules


# The variable makes the connection become without touching the task.
def test_the_module_runs_where_a_variable_says_become() -> None:
    variables = {"ansible_become": True}
    _result, calls = result_of(variables=variables, connection_become=object())
    assert len(calls) == 1


# It may be set in ansible.cfg or ANSIBLE_PYTHON_INTERPRETER as well.
def test_the_module_runs_where_the_configuration_asks_for_another_interpreter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANSIBLE_PYTHON_INTERPRETER", "/nonexistent/python")
    _result, calls = result_of()
    assert len(calls) == 1


def test_the_switch_may_be_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH_ENVIRONMENT, "false")
    assert len(result_of()[1]) == 1
    # A variable is closer to the task.
    assert result_of(variables={SWITCH_VARIABLE: True})[1] == []


def test_a_missing_library_may_be_there_for_the_module() -> None:
    requirement = Requirement("libstripe", "https://example.com", ImportError())
    assert len(result_of(Operation("probe", SPEC, nothing, (requirement,)))[1]) == 1


def test_a_library_that_must_not_cross_a_fork_runs_as_a_module() -> None:
    requirement = Requirement("x", "https://example.com", None, late_import=LateImport("json"))
    assert len(result_of(Operation("probe", SPEC, nothing, (requirement,)))[1]) == 1


def test_another_environment_with_the_same_binary_is_another_python(tmp_path: Any) -> None:
    link = tmp_path / "python"
    link.symlink_to(os.path.realpath(sys.executable))
    assert len(result_of(variables={"ansible_python_interpreter": str(link)})[1]) == 1


# A virtual environment has several names for its one interpreter; playbooks mostly say
# .venv/bin/python, while ansible-playbook starts with .venv/bin/python3.x.
def test_another_name_of_this_interpreter_is_this_python() -> None:
    here = Path(sys.executable).parent
    names = {name for name in here.glob("python*") if name.resolve() == _REAL_PYTHON}
    assert names
    for name in names:
        assert result_of(variables={"ansible_python_interpreter": str(name)})[1] == [], name


def test_arguments_arrive_as_plain_values() -> None:
    """ansible-core >= 2.19 tags values; libraries that look at types would stumble over them."""
    seen: list[Any] = []

    def execute(params: Params, _runtime: Runtime) -> Outcome:
        seen.append(params)
        return Outcome(False)

    tagged = trust_as_template("x")
    assert tagged.__class__ is not str
    args = {"text": tagged, "mapping": {tagged: [tagged]}, "items": [tagged]}
    run_action(Operation("probe", SPEC, execute), args)
    (params,) = seen
    assert params["text"].__class__ is str
    assert [type(name) for name in params["mapping"]] == [str]
    assert params["mapping"]["x"].__class__ is list
    assert params["mapping"]["x"][0].__class__ is str
    assert params["items"][0].__class__ is str


def test_a_workers_collection_of_garbage_leaves_the_parents_memory_alone() -> None:
    class Memory:
        pass

    loaded = [Memory() for _number in range(3)]

    class _Action(InProcessAction):
        pass

    watched = {id(each) for each in gc.get_objects()}  # what a collection looks at
    assert not any(id(each) in watched for each in loaded)
    gc.unfreeze()
    watched = {id(each) for each in gc.get_objects()}
    assert all(id(each) in watched for each in loaded)


def time_limit(_params: Params, _runtime: Runtime) -> Outcome:
    return Outcome(False, {"limit": str(current().error("this"))})


TIMED = Operation("probe", TIME_SPEC, time_limit, reads_only=True)


@pytest.mark.parametrize(
    ("timeout", "limit"),
    [
        (1, "0.75 seconds (timeout of the task)"),
        (10, "9 seconds (timeout of the task)"),
        (10_000, "600 seconds (max_seconds)"),
    ],
)
def test_it_ends_before_the_timeout_of_the_task(timeout: int, limit: str) -> None:
    result, _calls = result_of(TIMED, timeout=timeout)
    assert f"does not fit into {limit};" in result["limit"]


@pytest.mark.parametrize(
    ("changed", "given", "limit"),
    [
        ({"timeout": 10}, None, 7),
        ({"timeout": 1}, None, 1),
        ({"timeout": 10}, 3, 3),
        ({"timeout": 10}, "3", 3),
        ({"timeout": 10}, "many", "many"),
        ({"timeout": 10, "async_val": 10}, None, None),
        ({"timeout": 0}, None, None),
    ],
)
def test_a_module_ends_before_it_as_well(
    changed: dict[str, Any], given: object, limit: object
) -> None:
    action = make_action(TIMED, {"max_seconds": given}, environment=[{"LANG": "C"}], **changed)
    action.run(task_vars={})
    (call,) = action.module_calls
    assert call["module_args"].get("max_seconds") == limit
