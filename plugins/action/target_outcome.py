# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets a host succeed, change, fail or be skipped as its target did in a task for all of them.

By itself, and not of _in_process.InProcessAction: a fleet of a thousand hosts runs it a thousand
times, and what it needs is there already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleActionSkip
from ansible.plugins.action import ActionBase

from ..plugin_utils._reasons import first_alike


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset({"var"})
    _supports_check_mode = True
    _supports_diff = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        host = str(variables.get("inventory_hostname"))
        name = str(self._task.args.get("var"))
        # Not as a template, which would evaluate the results of all hosts for each of them.
        run = variables.get(name)
        targets = run.get("targets") if isinstance(run, Mapping) else None
        targets = targets if isinstance(targets, Mapping) else {}
        own = targets.get(host)
        if not isinstance(run, Mapping) or not isinstance(own, Mapping):
            raise AnsibleActionFail(
                f"The variable {name} has no outcome of host '{host}'; register the result of"
                " authorize_targets in it, for this host too."
            )
        if own.get("skipped"):
            raise AnsibleActionSkip(str(own.get("msg")))
        if self._task.diff and (diffs := (run.get("diffs") or {}).get(host)):
            result["diff"] = diffs
        if own.get("failed"):
            return result | _failure(targets, host)
        return {**result, **own}


def _failure(targets: Mapping[str, Any], host: str) -> dict[str, Any]:
    """Ansible prints all of a failure: only what has to be read. The report has the rest.

    A reason is told once: Ansible prints a paragraph for each text that it has not printed yet.
    """
    first = first_alike(targets, host)
    told = targets[first].get("msg")
    alike = f"Failed for the same reason as {first}; see the table at the end."
    msg = told if first == host else alike
    return {"changed": bool(targets[host].get("changed")), "failed": True, "msg": msg}
