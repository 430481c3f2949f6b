# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both faces of an Operation, run inside this process: as a module and as an action plugin."""

from __future__ import annotations

import gc
import importlib
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible.parsing.dataloader import DataLoader

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.plugin_utils._in_process import InProcessAction

MODULE_RESULT = {"changed": False, "ran": "as a module"}

# What Ansible gives to a task of a play, whose inventory is empty.
NO_HOSTS = {
    "hostvars": SimpleNamespace(_inventory=InventoryManager(DataLoader())),
    "ansible_play_hosts": [],
    "ansible_play_hosts_all": [],
}


class Templar:
    """Knows one variable."""

    def template(self, value: Any) -> Any:
        return "off" if value == "{{ off }}" else value


def stand_ins(args: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """What a plugin is constructed with; changed: attributes of the task or the connection."""
    connection = SimpleNamespace(
        transport=changed.pop("transport", "local"),
        become=changed.pop("connection_become", None),
        _shell=SimpleNamespace(tmpdir=None),
    )
    task = {
        "args": dict(args),
        "action": "maia.stripe_query.probe",
        "resolved_action": "maia.stripe_query.probe",
        "async_val": 0,
        "become": False,
        "check_mode": False,
        "delegate_to": None,
        "diff": False,
        "environment": [],
        "get_loader": DataLoader,
        "timeout": 0,
        "_parent": SimpleNamespace(_play=SimpleNamespace(vars={})),
        **changed,
    }
    return {
        "task": SimpleNamespace(**task),
        "connection": connection,
        "play_context": SimpleNamespace(become=bool(connection.become)),
        "loader": None,
        "templar": Templar(),
        "shared_loader_obj": None,
    }


def _plugin_of(operation: Operation) -> type[InProcessAction]:
    """The collection's own, or for an operation of a test the base of them all."""
    name = f"ansible_collections.maia.stripe_query.plugins.action.{operation.name}"
    try:
        plugin: type[InProcessAction] = importlib.import_module(name).ActionModule
    except ModuleNotFoundError:
        return InProcessAction
    return plugin


def make_action(operation: Operation, args: Mapping[str, Any], **changed: Any) -> Any:
    """An action plugin for this operation; the way to its module is recorded, not taken."""

    class Probe(_plugin_of(operation)):  # type: ignore[misc]
        module_calls: list[dict[str, Any]]

        def _execute_module(self, *_args: Any, **options: Any) -> dict[str, Any]:
            self.module_calls.append(options)
            return dict(MODULE_RESULT)

    # Making a plugin freezes all that there is, with the connections that nobody closes any more.
    gc.unfreeze()
    Probe.operation = operation
    made = Probe(**stand_ins(args, **changed))
    made.module_calls = []
    return made


def run_action(operation: Operation, args: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    action = make_action(operation, args, **changed)
    # Other tests may have imported Snowflake's connector; a worker would have been forked before.
    with mock.patch.object(Operation, "imported_too_early", return_value=None):
        result: dict[str, Any] = action.run(task_vars=NO_HOSTS)
    assert not action.module_calls
    json.dumps(result)
    return result


def run_module(
    operation: Operation,
    args: Mapping[str, Any],
    capsys: pytest.CaptureFixture[str],
    *,
    check_mode: bool = False,
    diff: bool = False,
    invocation: bool = False,
) -> dict[str, Any]:
    """The result without what Ansible itself adds; invocation: with the options that it shows."""
    internal = {
        "_ansible_check_mode": check_mode,
        "_ansible_diff": diff,
        "_ansible_module_name": f"maia.stripe_query.{operation.name}",
    }
    warnings: list[str] = []
    capsys.readouterr()
    with (
        # In a process that has loaded the controller's code they would go to its display.
        mock.patch.object(AnsibleModule, "warn", lambda _self, text: warnings.append(text)),
        patch_module_args({**args, **internal}),
        pytest.raises(SystemExit),
    ):
        run_as_module(operation)
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    if not invocation:
        result.pop("invocation", None)
    return {**result, "warnings": warnings} if warnings else result
