# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The targets of a play's hosts, with the variables that the role authorize would have for each.

hostvars knows those of the inventory, facts and extra variables only; a task gets them from the
play, from blocks, from a role and from where that is included as well.
https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Any

from ansible import errors
from ansible.inventory.host import Host
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.template import Templar

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._flow.collisions import find_collisions
from ..module_utils._flow.flows import AUTHORIZE
from ..module_utils._flow.keepers import NOTHING_KNOWN
from ..module_utils._flow.refused import check_common, check_names, sendable
from ..module_utils._flow.situation import KEY_NAMES, Flow, is_absent
from ..module_utils._flow.variables import PREFIX, ROLE_SPEC, with_defaults
from ..module_utils._rollout.operation import THREADS
from ..module_utils._rollout.waves import option
from ._evaluated import NotEvaluatedError, unreadable, values_of
from ._host_patterns import check_parts, parts_of
from ._in_process import plain
from ._inventory_sources import incomplete_source

_STATE = "authorize_state"


def targets_of(
    hosts: Iterable[str], each: PlayVariables, flow: Flow = AUTHORIZE
) -> list[dict[str, Any]]:
    """A target for each host; what is wrong with a host's variables is its own failure.

    flow: which variables it needs; a key that it does without is left out if that is what is wrong.
    """
    keyless = [name for name in ROLE_SPEC.names if name not in KEY_NAMES]

    def target(host: str) -> dict[str, Any]:
        found = each.target(host, ROLE_SPEC.names, flow)
        if "refusal" not in found:
            return found
        without = each.target(host, keyless, flow)
        return without if flow.does_without_key(without) else found

    return list(map(target, hosts))


def sharing_targets(hosts: Iterable[str], each: PlayVariables) -> list[dict[str, Any]]:
    """A target for each host, of which those that share something with another have their keys.

    A key may be a lookup that takes its time. What is wrong with a host's variables is told where
    they are used.
    """
    names = [name for name in ROLE_SPEC.names if name not in ROLE_SPEC.for_keys]
    found = [each.target(host, names) for host in hosts]
    targets = {target["name"]: target for target in found if "refusal" not in target}
    # As if all keys were different.
    for host in find_collisions(_known(targets.values()), lambda name: name):
        if not is_absent(targets[host]):
            targets[host] |= each.target(host, ROLE_SPEC.for_keys)
    return list(targets.values())


def _known(targets: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The variables of those that are not refused already, by their names."""
    return {target["name"]: with_defaults(target) for target in targets if "refusal" not in target}


class PlayVariables:
    """The variables that a task of the play has for each host."""

    def __init__(self, task: Any, task_vars: Mapping[str, Any]) -> None:
        """task: for its place in the play. task_vars: those of any host."""
        self._task = task
        self._play = play_of(task)
        self._inventory = task_vars["hostvars"]._inventory
        self._hosts = task_vars["ansible_play_hosts"], task_vars["ansible_play_hosts_all"]
        self._task_vars = task_vars
        self._every: dict[bool, dict[str, Any]] = {}

    @cached_property
    def _of_play(self) -> set[str]:
        """The hosts that the play names, those that a limit leaves out too; if in doubt all."""
        get_hosts = partial(self._inventory.get_hosts, ignore_limits=True, ignore_restrictions=True)
        try:
            templar = Templar(self._task.get_loader(), dict(self._task_vars))
            found = get_hosts(templar.template(self._play.hosts))
        except errors.AnsibleError:
            found = get_hosts("all")
        return {host.name for host in found}

    def all_hosts(self) -> list[str]:
        """The inventory's, those that are none of the play's or that a limit leaves out too."""
        found = self._inventory.get_hosts("all", ignore_limits=True, ignore_restrictions=True)
        return sorted({host.name for host in found})

    @cached_property
    def incomplete(self) -> ConfigurationError | None:
        """Why these may not be all that the inventory should have; None if they are."""
        return incomplete_source(self._inventory, self._task.get_loader(), self._is_ours)

    def _is_ours(self, host: str) -> bool:
        """Whether the play names a host, or it has a variable of the role by itself."""
        if host in self._of_play:
            return True
        try:
            variables = self.variables_of(self._inventory.get_host(host))
        except errors.AnsibleError:
            return True
        return self._has_own(host, variables, extra=True)

    def matching(self, pattern: Any, subject: str) -> list[str]:
        """The play's hosts that a pattern matches. subject: what holds it.

        Raises ConfigurationError if there is none, or if a part of the pattern matches nothing.
        """
        parts = parts_of(pattern, subject)
        check_parts(self._inventory, parts, subject)
        found = {host.name for host in self._inventory.get_hosts(parts)}
        if found := found & set(self._hosts[0]):
            return sorted(found)
        raise ConfigurationError(
            subject,
            f"no host of this play matches '{', '.join(parts)}'",
            "name hosts that the play has, or leave it out",
        )

    def target(self, host: str, names: Iterable[str], flow: Flow = AUTHORIZE) -> dict[str, Any]:
        """Those of these names that the host has a value for, and the flow a use."""
        found = self._inventory.get_host(host)
        if found is None:
            return {"name": host, "refusal": "The inventory has no such host."}
        try:
            variables = self.variables_of(found)
            check_names(host, variables)
            if self._task.args.get("per_host"):  # it is the task of a playbook
                check_common(host, variables, self._task_vars)
        except ConfigurationError as error:
            return {"name": host, "refusal": str(error)}
        except errors.AnsibleError as error:
            return {"name": host, "refusal": unreadable(error)}
        templar = Templar(loader=self._task.get_loader(), variables=variables)
        texts = {name: variables[name] for name in names if name in variables}
        return target_of(host, texts, templar.template, flow)

    @cached_property
    def extra_names(self) -> set[str]:
        """The names of the extra variables of this run."""
        return set(self._task.get_variable_manager().extra_vars)

    @cached_property
    def _without_extra(self) -> Any:
        """The manager of variables as it is in a run without extra variables."""
        found = self._task.get_variable_manager()
        manager = object.__new__(type(found))  # copy() loses its loader, with ansible-core 2.18
        vars(manager).update(vars(found), _extra_vars={})
        return manager

    def variables_of(self, host: Any, *, task: bool = True, extra: bool = True) -> dict[str, Any]:
        """All of an inventory's host, not evaluated. task, extra: with those of the task, or run.

        Raises AnsibleError, of a file that only this host names, say.
        """
        manager = self._task.get_variable_manager() if extra else self._without_extra
        # What the play and its tasks say is about their own hosts.
        own = host.name not in self._hosts[1] and host.name not in self._of_play
        place = {} if own else {"play": self._play, "task": self._task if task else None}
        found: dict[str, Any] = manager.get_vars(
            host=host, _hosts=self._hosts[0], _hosts_all=self._hosts[1], **place
        )
        return found

    def kept(
        self, host: str, names: Iterable[str], *, extra: bool = True
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Those of these names that a host has a value for, and why others have none.

        So it is of a misspelt name. Its state is not that of the task, which may leave the host
        out. extra: with the run's extra variables, which are not those of other runs.
        """
        found = self._inventory.get_host(host)
        try:
            variables = self.variables_of(found, extra=extra)
            state = self.variables_of(found, task=False, extra=extra).get(_STATE)
        except errors.AnsibleError as error:
            return {}, dict.fromkeys(names, unreadable(error).rstrip("."))
        if host not in self._of_play and not self._has_own(host, variables, extra=extra):
            return {}, {}
        templar = Templar(loader=self._task.get_loader(), variables=variables)
        held: dict[str, Any] = {}
        unknown: dict[str, str] = {}
        try:
            check_names(host, dict.fromkeys(variables))  # whatever playbook is running
        except ConfigurationError as error:
            unknown[""] = error.reason
        for name in names:
            text = state if name == _STATE else variables.get(name)
            try:
                held |= plain(dict(values_of({name: text}, templar.template)))
            except NotEvaluatedError as error:
                unknown[name] = f"its variable {name} cannot be evaluated{error.why}"
            except (TypeError, ValueError):
                unknown[name] = f"its variable {name} holds what is no text, number, list or dict"
        return held, unknown

    def nothing_known(self, host: str) -> tuple[dict[str, Any], dict[str, str]]:
        """As kept(), of a host without any of the role's variables: the play may name it."""
        named = host in self._of_play
        return {}, {"": NOTHING_KNOWN} if named else {}

    def _of_all(self, *, extra: bool) -> dict[str, Any]:
        """The variables of all hosts, as one has them that is in no group and has none itself."""
        if extra not in self._every:
            nobody = Host("no host of an inventory")
            nobody.groups = [self._inventory.groups["all"]]
            self._every[extra] = self.variables_of(nobody, extra=extra)
        return self._every[extra]

    def _has_own(self, host: str, variables: Mapping[str, Any], *, extra: bool) -> bool:
        """Whether a host has any of the role's variables but for those that all hosts have."""
        everybody = self._of_all(extra=extra)
        own = {
            name: None
            for name, held in variables.items()
            if name not in everybody or (name.startswith(PREFIX) and everybody[name] != held)
        }
        try:
            check_names(host, own)
        except ConfigurationError:
            return True
        return any(name.startswith(PREFIX) for name in own)


def target_of(
    host: str, texts: Mapping[str, Any], evaluate: Any, flow: Flow = AUTHORIZE
) -> dict[str, Any]:
    """The target of one host. texts: its variables before they are evaluated.

    One that is refused is still known to be absent, if it is to be.
    """
    known: dict[str, Any] = {}
    try:
        # First, since it says which of the others are needed.
        state = dict(
            values_of({name: texts[name] for name in (_STATE,) if name in texts}, evaluate)
        )
        known = state if is_absent(state) else {}
        unused = {_STATE, *flow.unused(state)}
        rest = {name: text for name, text in texts.items() if name not in unused}
        return sendable_target({"name": host, **state, **dict(values_of(rest, evaluate))})
    except NotEvaluatedError as error:
        return {"name": host, **known, "refusal": str(error)}


def sendable_target(target: Mapping[str, Any]) -> dict[str, Any]:
    """The target as a module would get it, or its refusal, which would be the whole task's."""
    try:
        return plain(sendable(target))
    except (TypeError, ValueError):
        why = "One of the variables of this host holds what is neither text, number, list nor dict."
        return {"name": target["name"], "refusal": why}


def play_of(task: Any) -> Any:
    parent = task._parent
    while not hasattr(parent, "_play"):
        parent = parent._parent
    return parent._play


_TYPES: Mapping[str, tuple[Callable[[Any], object], str]] = {
    "threads": (int, f"give a number from {THREADS[0]} to {THREADS[-1]}"),
    "max_fail_percentage": (float, "give a number from 0 to 100"),
    "progress": (boolean, "give true or false"),
}


def check_types(given: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for what Ansible would refuse without naming a playbook's variable.

    given: options of authorize_targets, of which none is quoted.
    """
    for name, (convert, hint) in _TYPES.items():
        try:
            if given.get(name) is not None:
                convert(given[name])
        except (TypeError, ValueError, OverflowError):
            raise ConfigurationError(option(name), "it is of the wrong type", hint) from None
