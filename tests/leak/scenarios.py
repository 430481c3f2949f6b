# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the table of scenarios to a playbook that plays them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"
_TABLE = Path(__file__).with_name("scenarios.yml")
_COLLECTION = "maia.stripe_query"
# Played in each of the slower ways, even when time is short.
_TELLING = {
    "first",
    "wrong",
    "crashes in sdk",
    "crashes in result",
    "is given a key for a definition",
    "takes refused credentials",
}


# The role is played with them.
PLAYBOOKS = ("authorize", "rotate", "audit", "revoke", "rollback")


@dataclass(frozen=True)
class Scenario:
    """One task. Whether it came out as expected is checked by callback/leak_recorder.py.

    args: instead of, or beside, the module's usual ones; None takes one away.
    merge: connection options (or a template that gives them) to change.
    expect: ok, failed or any; says: a pattern that the message of a failure has to match.
    fault: what to order of the sandbox before; see sandbox.service.Fault.
    layer: where the module is to crash. in_process_only: Ansible itself shows it otherwise.
    task: further keywords of the task.
    """

    module: str
    title: str
    args: dict[str, Any] = field(default_factory=dict)
    merge: Any = field(default_factory=dict)
    expect: str = "failed"
    says: str = ""
    fault: dict[str, Any] | None = None
    layer: str = ""
    in_process_only: bool = False
    task: dict[str, Any] = field(default_factory=dict)

    @property
    def telling(self) -> bool:
        """Whether it is one of those that are played in every way."""
        plain = not self.task.get("loop") and "async" not in self.task
        return plain and self.title in _TELLING


def all_scenarios() -> list[Scenario]:
    """Raises LookupError if a module has none, so that a new one is not forgotten."""
    table = yaml.safe_load(_TABLE.read_text("utf-8"))
    # Playbooks are played as well, and show with target_outcome what authorize_targets returned.
    modules = {path.stem for path in MODULES.glob("[!_]*.py")} - {"target_outcome"}
    if missing := modules ^ table.keys():
        raise LookupError(f"{_TABLE.name} and plugins/modules differ: {sorted(missing)}")
    return [
        scenario
        for module, about in table.items()
        for scenario in (*_usual(module, about), *_own(module, about))
    ]


def _own(module: str, about: dict[str, Any]) -> Iterator[Scenario]:
    for given in about.get("scenarios", ()):
        rest = dict(given)
        # A shorthand for the keyword of the task.
        task = {"diff": True} if rest.pop("diff", False) else {}
        yield Scenario(module, **{"task": task, **rest})


def _usual(module: str, about: dict[str, Any]) -> Iterator[Scenario]:
    yield Scenario(module, "first", expect="ok", task={"diff": True})
    yield Scenario(module, "predicts", expect="ok", task={"diff": True, "check_mode": True})
    yield Scenario(module, "first", expect="ok", task={"loop": ["in", "a", "loop"]})
    labelled = {"loop": ["{{ key }}"], "loop_control": {"label": "a key"}, "no_log": True}
    yield Scenario(module, "loops over a key", expect="ok", task=labelled)
    yield Scenario(module, "first", expect="ok", task={"async": 600, "poll": 1})
    yield from _broken_connections(module, about)
    yield from _broken_options(module)
    strange = about.get("strange", {})
    for layer in about["crashes"]:
        # AnsibleModule validates outside of what a module can guard.
        only_here = layer == "validation"
        args = {} if layer in ("result", "options") else strange
        says = "Unexpected RuntimeError in crash "
        title = f"crashes in {layer}"
        yield Scenario(module, title, args, says=says, layer=layer, in_process_only=only_here)


def _broken_connections(module: str, about: dict[str, Any]) -> Iterator[Scenario]:
    strange, service = about.get("strange", {}), about.get("service")
    for name in ("wrong", "powerless", "down", "untrusted"):
        if name in about:
            is_option = isinstance(about[name], dict) and "api_key" in about[name]
            args = {**strange, **(about[name] if is_option else {})}
            yield Scenario(module, name, args, {} if is_option else about[name])
    if service:
        args = {**strange, **about.get("failing", {})}
        for status in (500, 503):
            fault = {"service": service, "status": status, "times": 100}
            says = rf"busy|failing|HTTP {status}|did not answer"
            yield Scenario(module, f"meets {status}", args, says=says, fault=fault)


def _broken_options(module: str) -> Iterator[Scenario]:
    yield Scenario(module, "takes no such option", {"no_such_option": "x"}, says="no_such_option")
    mistyped = {"api_kye": "{{ key }}"}
    yield Scenario(module, "takes no mistyped option", mistyped, in_process_only=True)
    for option in _operation(module).spec.secret_options:
        secret = "{{ key }}" if option == "api_key" else "{{ wrong }}"
        for kind, value in (("dict", {"nested": secret}), ("list", [secret, {"n": secret}])):
            title = f"takes a {kind} for {option}"
            yield Scenario(module, title, {option: value}, expect="any")
    if "state" in _operation(module).spec.options:
        yield Scenario(module, "takes a key for a state", {"state": "{{ key }}"}, says="state")


def _operation(module: str) -> Any:
    package = f"ansible_collections.{_COLLECTION}.plugins.action.{module}"
    return import_module(package).ActionModule.operation


def playbook(scenarios: Sequence[Scenario], playbooks: Sequence[str]) -> list[dict[str, Any]]:
    """The plays, as data: scenarios, the role, and some of PLAYBOOKS; no role if none of them.

    The variables that they use are in variables.yml.
    """
    table = yaml.safe_load(_TABLE.read_text("utf-8"))
    tasks = [_task(number, each, table[each.module]) for number, each in enumerate(scenarios)]
    # Ansible keeps the items of a loop with its results; an item that is a key is the user's doing.
    names = [task["register"] for task in tasks if not task.get("no_log")]
    keep = [
        {
            "name": "Keep all results as facts",
            "ansible.builtin.set_fact": {
                "leak_results": "{{ [" + ", ".join(names) + "] }}",
                "cacheable": True,
            },
        },
        {
            "name": "Keep all results in a file",
            "ansible.builtin.copy": {
                "content": "{{ leak_results | to_json }}",
                "dest": "{{ lookup('ansible.builtin.env', 'HOME') }}/registered.json",
                "mode": "0600",
            },
        },
    ]
    here = {"hosts": "leak", "gather_facts": False}
    variables = str(Path(__file__).with_name("variables.yml"))
    role = {"name": "maia.stripe_query.authorize", "apply": {"ignore_errors": True}}
    modules = {"name": "Modules", **here, "vars_files": [variables], "tasks": [*tasks, *keep]}
    if not playbooks:
        return [modules]
    return [
        modules,
        {
            "name": "Role",
            "hosts": "fleet",
            "gather_facts": False,
            "vars_files": [variables],
            "tasks": [
                {
                    "name": f"The role with {name} credentials",
                    "ansible.builtin.include_role": role,
                    "vars": {"fleet_credentials": name},
                }
                for name in ("none", "made_up")
            ],
        },
        *(
            {"import_playbook": f"{_COLLECTION}.{name}", "vars": {"authorize_hosts": "fleet"}}
            for name in playbooks
        ),
    ]


def _task(number: int, scenario: Scenario, about: dict[str, Any]) -> dict[str, Any]:
    module = f"{_COLLECTION}.{scenario.module}"
    args = {**about["args"], **scenario.args}
    own = scenario.title if scenario.title == "first" else f"s{number}"
    task: dict[str, Any] = {
        "name": f"{scenario.module} {scenario.title}",
        module: {name: value for name, value in args.items() if value is not None},
        "vars": {
            "own": own,
            "leak_changed": scenario.merge,
            "leak_scenario": {
                "expect": scenario.expect,
                "says": scenario.says,
                "fault": scenario.fault,
                "layer": scenario.layer,
            },
        },
        "ignore_errors": True,
        "register": f"leak_{number}",
        **scenario.task,
    }
    if "connection" in about:
        task["vars"]["leak_connection"] = about["connection"]
        task["module_defaults"] = {module: "{{ leak_connection | combine(leak_changed) }}"}
    return task
