# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""authorize_targets in process, where that is possible; see plugin_utils/_in_process.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.loader import filter_loader, lookup_loader
from ansible.utils.vars import load_extra_vars

from ..module_utils._aws.reach.connection import prime
from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.module_face import check_options
from ..module_utils._core.text import check_values
from ..module_utils._flow.refused import refuse_too_late
from ..module_utils._rollout.operation import FLOWS, OPERATION
from ..module_utils._rollout.waves import option
from ..plugin_utils._cancelled import tell_of_targets
from ..plugin_utils._extra_variables import refuse_absent_for_all
from ..plugin_utils._in_process import InProcessAction
from ..plugin_utils._keepers import refuse_purges, refuse_what_others_keep
from ..plugin_utils._output_files import check_report
from ..plugin_utils._playbook_variables import check_playbook_variables, refuse_set
from ..plugin_utils._targets import (
    PlayVariables,
    check_types,
    play_of,
    sendable_target,
    sharing_targets,
    targets_of,
)

prime()
# The role begins with this plugin, and Ansible's parent loads it: each worker would otherwise load
# these anew.
with suppress(KeyError):  # in tests, which are no run of Ansible
    filter_loader.get("maia.stripe_query.target_result")
    lookup_loader.get("maia.stripe_query.authorize_plan", class_only=True)

# The actions that nobody expects to delete something for all.
_WRITING = ("authorize", "rotate", "adopt")
# Those whose results speak for all hosts: the old key may be expired, nothing is wrong, nobody uses
# a definition or a secret.
_FOR_ALL = ("rotate", "audit", "discover")


def _sendable(entry: Any) -> Any:
    """Raises ConfigurationError for what cannot even be told apart from the other targets."""
    named = _is_target(entry)
    check_values({"targets": entry["name"] if named else entry})
    return sendable_target(entry) if named else entry


def _is_target(entry: Any) -> bool:
    return isinstance(entry, Mapping) and entry.get("name") is not None


def _guard(args: Mapping[str, Any], hosts: Callable[[], PlayVariables], *, named: bool) -> None:
    """Refuse the targets that would take away what another host keeps.

    hosts: the variables of all. named: whether the task itself names the targets.
    """
    common = args.get("defaults")
    common = common if isinstance(common, Mapping) else {}
    targets = [target for target in args["targets"] if _is_target(target)]
    action = args.get("action", "authorize")
    going: list[dict[str, Any]] = []
    refused: list[str] = []
    if action == "revoke":
        going = targets
    elif action == "authorize":
        state = "authorize_state"
        going = [target for target in targets if {**common, **target}.get(state) == "absent"]
        if named:  # of hosts more is known than that they are refused
            refused = [target["name"] for target in targets if "refusal" in target]
    if going:
        all_go = named or action == "revoke"
        refuse_what_others_keep(going, hosts(), common, all_go=all_go, named=named, refused=refused)
    if action in _WRITING:
        refuse_purges(targets, hosts, common, named=named)


def _names(hosts: Any) -> list[str]:
    """Those of hosts, as a list, or as Ansible takes a text for one. Raises ConfigurationError."""
    names = [name.strip() for name in hosts.split(",")] if isinstance(hosts, str) else hosts
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise ConfigurationError("Option hosts", "it is no list of names", "give one of host names")
    if not names:
        raise ConfigurationError(
            "Option hosts",
            "it is empty, so that nothing would be done or looked at",
            "give the name of a host, or skip the task",
        )
    return names


class ActionModule(InProcessAction):
    operation = OPERATION

    def _arguments(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """With the variables of the hosts, which no module can know, as targets."""
        args = super()._arguments(task_vars)
        check_types(args)
        if "hosts" in args and "targets" not in args:
            hosts = _names(args.pop("hosts"))
            variables = PlayVariables(self._task, task_vars)
            # The older name of action=audit.
            audits = boolean(args.get("audit") or False, strict=False)
            action = "audit" if audits else args.get("action")
            if action in _FOR_ALL and (incomplete := variables.incomplete):
                raise incomplete
            # A rotation, like what is no action, has that of an authorization.
            flow = FLOWS.get(str(action), FLOWS["authorize"])
            args["targets"] = (
                sharing_targets(hosts, variables)
                if boolean(args.get("collisions_only", False), strict=False)
                else targets_of(hosts, variables, flow)
            )
            if "canary" in args:
                args["canary"] = variables.matching(args["canary"], option("canary"))
            _guard(args, lambda: variables, named=False)
        elif isinstance(args.get("targets"), list):
            args["targets"] = list(map(_sendable, args["targets"]))
            each = cache(partial(PlayVariables, self._task, task_vars))
            _guard(args, each, named=True)
        return args

    def _refuse(self, task_vars: Mapping[str, Any]) -> None:
        extra = load_extra_vars(self._loader)
        if self._task.args.get("action", "authorize") in _WRITING:
            refuse_absent_for_all(extra)
        if self._task.args.get("per_host"):  # a playbook, which ends with a report
            refuse_set(extra)
            refuse_too_late("Variable", task_vars, {*extra, *play_of(self._task).vars})
            check_playbook_variables(task_vars, self._templar.template)
            check_report(task_vars, self._templar.template)

    def _tell_of_cancelled(self, result: Mapping[str, Any], task_vars: Mapping[str, Any]) -> None:
        if "targets" in result and not self._task.args.get("collisions_only"):
            # What audit reports is not what comes of its targets, but what is found in that.
            reports = self._task.args.get("action") != "audit"
            tell_of_targets(
                result["targets"],
                check_mode=bool(self._task.check_mode),
                variables=task_vars if reports else {},
                evaluate=self._templar.template,
            )


def main() -> None:
    check_options(OPERATION)
