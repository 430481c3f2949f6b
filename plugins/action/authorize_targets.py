# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""authorize_targets in process, where that is possible; see plugin_utils/_in_process.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._aws.connection import prime
from ..module_utils._flow.actions import FLOWS
from ..module_utils._rollout.operation import OPERATION
from ..plugin_utils._in_process import InProcessAction
from ..plugin_utils._targets import PlayVariables, sharing_targets, targets_of

prime()


class ActionModule(InProcessAction):
    operation = OPERATION

    def _arguments(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """With the variables of the hosts, which no module can know, as targets."""
        args = super()._arguments(task_vars)
        if isinstance(args.get("hosts"), list) and "targets" not in args:
            hosts = args.pop("hosts")
            variables = PlayVariables(self._task, task_vars)
            flow = FLOWS.get(str(args.get("action")))
            args["targets"] = (
                sharing_targets(hosts, variables)
                if boolean(args.get("collisions_only", False), strict=False)
                else targets_of(hosts, variables, flow.unused if flow else ())
            )
        return args
