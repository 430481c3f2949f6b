# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task of a play over an inventory, as an action plugin gets it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager


def task_in_play(
    tmp_path: Path,
    inventory: dict[str, Any],
    *,
    play_vars: dict[str, Any] | None = None,
    task_vars: dict[str, Any] | None = None,
    pattern: str = "all",
    hosts: Sequence[str] | None = None,
) -> tuple[Any, dict[str, Any]]:
    """The task, and the variables that its action plugin gets of any host.

    pattern: the play's. hosts: those of them that the play runs on; None for all.
    """
    source = tmp_path / "inventory.yml"
    source.write_text(yaml.safe_dump(inventory))
    loader = DataLoader()
    found = InventoryManager(loader, [str(source)])
    manager = VariableManager(loader, found)
    play = Play().load({"hosts": pattern, "vars": play_vars or {}}, manager, loader)
    task = Task(block=Block(play=play))
    task.vars = task_vars or {}
    task.set_loader(loader)
    vars(task)["_variable_manager"] = manager
    running = sorted(hosts if hosts is not None else map(str, found.get_hosts(pattern)))
    return task, {
        "hostvars": HostVars(found, manager, loader),
        "ansible_play_hosts": running,
        "ansible_play_hosts_all": running,
    }
