# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The targets of a play's hosts, with all variables that the role authorize has for each.

hostvars knows those of the inventory, facts and extra variables only; a role gets them from the
play, from blocks and from where it is included as well.
https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible import errors
from ansible.template import Templar

from ..module_utils._flow.collisions import find_collisions
from ..module_utils._flow.variables import ROLE_SPEC, with_defaults
from ._in_process import plain

_KEY = "authorize_api_key"
# ansible-core >= 2.19 raises it.
_OMITTED: Any = getattr(errors, "AnsibleValueOmittedError", ())


def sharing_targets(
    hosts: Iterable[str], task: Any, task_vars: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """A target for each host, of which those that share something with another have their keys.

    A key may be a lookup that takes its time. task: the one that asks, for its place in the play.
    """
    found = {host: _Host(host, task, task_vars) for host in hosts}
    targets = {host: each.target() for host, each in found.items()}
    known = {
        host: with_defaults(target) for host, target in targets.items() if "refusal" not in target
    }
    # As if all keys were different.
    for host in find_collisions(known, lambda name: name):
        targets[host] |= found[host].key()
    return list(targets.values())


class _Host:
    """One host's variables, as the role's tasks have them."""

    def __init__(self, host: str, task: Any, task_vars: Mapping[str, Any]) -> None:
        self._name = host
        hosts = task_vars["ansible_play_hosts"], task_vars["ansible_play_hosts_all"]
        hostvars = task_vars["hostvars"]
        self._variables = task.get_variable_manager().get_vars(
            play=_play_of(task),
            host=hostvars._inventory.get_host(host),
            task=task,
            _hosts=hosts[0],
            _hosts_all=hosts[1],
        )
        self._templar = Templar(loader=task.get_loader(), variables=self._variables)

    def target(self) -> dict[str, Any]:
        """All but the key itself. What is wrong with variables is the host's own failure, later."""
        names = ROLE_SPEC.options.keys() & self._variables.keys() - {_KEY}
        return self._evaluated({name: self._variables[name] for name in names})

    def key(self) -> dict[str, Any]:
        if _KEY not in self._variables:
            return {}
        found = self._evaluated({_KEY: self._variables[_KEY]})
        return {name: str(value) for name, value in found.items()}

    def _evaluated(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        target: dict[str, Any] = {"name": self._name}
        try:
            for name, text in variables.items():
                if (value := self._value(text)) is not None:
                    target |= plain({name: value})
        except Exception as error:
            return {"name": self._name, "refusal": f"A variable cannot be evaluated: {error}"}
        return target

    def _value(self, text: Any) -> Any:
        """None for what default(omit) leaves out: an error since ansible-core 2.19, or a text."""
        try:
            value = self._templar.template(text)
        except _OMITTED:
            return None
        omit = self._variables.get("omit")
        return None if isinstance(omit, str) and value == omit else value


def _play_of(task: Any) -> Any:
    parent = task._parent
    while not hasattr(parent, "_play"):
        parent = parent._parent
    return parent._play
