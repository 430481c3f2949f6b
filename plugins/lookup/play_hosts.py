# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: play_hosts
short_description: The hosts of a play, which fails if there are none
version_added: 2.0.0
description:
  - Ansible skips a play without hosts, and ends with success. For a play that authorizes or audits
    hosts that is wrong, since nothing was done or looked at. The playbooks of this collection name
    their hosts with this lookup, and end with an error instead.
  - Ansible also takes an empty pattern for all hosts, and leaves a name out that the inventory does
    not have, even from what is to be excluded. Here both are errors.
  - Extra variables that the environment variable E(MAIA_STRIPE_QUERY_EXTRA_VARS) does not allow are
    refused before C(authorize_hosts) is evaluated.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  _terms:
    description:
      - The pattern of the hosts, as text or as a list. If it is not given, the variable
        C(authorize_hosts) has it, which is V(all) by default.
    type: list
    elements: raw
  sliced:
    description:
      - Whether AWX may cut the inventory into slices for this play. The job of a slice need not
        have the hosts that the pattern names. An inventory without any host is still an error.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Do something with hosts of which there has to be one
  hosts: "{{ lookup('maia.stripe_query.play_hosts') }}"
  gather_facts: false
  tasks:
    - name: Say their number
      ansible.builtin.debug:
        msg: "{{ ansible_play_hosts | length }} hosts"
"""

RETURN = r"""
_raw:
  description: The pattern, if it matches a host that the limit does not leave out.
  type: list
  elements: raw
"""

import os
from collections.abc import Mapping
from typing import Any

from ansible import context
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager, split_host_pattern
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._extra_variables import refuse_extra_variables

# With these options ansible-playbook runs nothing. --syntax-check is what ansible-lint uses.
_NOTHING_RUNS = ("syntax", "listhosts", "listtasks", "listtags")
# Before a part of a pattern: without it, in both, by a regular expression.
_OPERATORS = "!&~"
# With one of these a part is no name, and may match nothing.
_NO_NAME = frozenset("*?[~")


class LookupModule(LookupBase):
    """Ansible finds the lookup by this name."""

    def run(
        self,
        terms: list[Any],
        variables: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> list[Any]:
        """See DOCUMENTATION."""
        refuse_extra_variables()
        held = variables or {}
        if not terms:
            templar: Any = self._templar  # Ansible gives one to each lookup
            terms = [templar.template(held.get("authorize_hosts", "all"))]
        if any(context.CLIARGS.get(option) for option in _NOTHING_RUNS):
            return terms
        inventory = self._inventory(held)
        is_slice = boolean(options.get("sliced", False)) and _is_slice(held)
        for pattern in terms:
            parts = _parts(pattern)
            if not is_slice:
                _check(inventory, parts, held.get("ansible_limit"))
        return terms

    def _inventory(self, held: Mapping[str, Any]) -> InventoryManager:
        """Raises AnsibleError if it has no host."""
        groups = held.get("groups") or {}
        if not any(groups.values()):
            raise AnsibleError(
                "There is no host in the inventory; give an inventory with -i, or see why its"
                " source found nothing."
            )
        inventory = InventoryManager(self._loader, parse=False)
        for group, hosts in groups.items():
            inventory.add_group(group)
            for host in hosts:
                inventory.add_host(host, group=group)
        return inventory


def _in_awx() -> bool:
    """AWX puts this into a job's environment, where whoever launches it cannot."""
    return "JOB_ID" in os.environ


def _is_slice(held: Mapping[str, Any]) -> bool:
    """A slice is a job of a workflow that has the job template's own name."""
    workflow = held.get("awx_workflow_job_name")
    return _in_awx() and bool(workflow) and workflow == held.get("awx_job_template_name")


def _parts(pattern: Any) -> list[str]:
    """What the pattern consists of. Raises AnsibleError for what is no pattern, or has no name."""
    texts = pattern if isinstance(pattern, list) else [pattern]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise AnsibleError(
            "Variable authorize_hosts is no pattern of hosts; give a text like all or canaries, or"
            " a list of such texts."
        )
    parts = [part for text in texts for part in _split(text)]
    if not all(part.strip().lstrip(_OPERATORS).strip() for part in parts):
        raise AnsibleError(
            "Variable authorize_hosts is empty, or has an empty part, which would be all hosts;"
            " give a pattern like all or canaries."
        )
    return [part.strip() for part in parts]


def _split(text: str) -> list[str]:
    # Ansible leaves empty parts out here, and takes it for all hosts if no other is left.
    return text.split(",") if "," in text else split_host_pattern(text) or [""]


def _check(inventory: InventoryManager, parts: list[str], limit: str | None) -> None:
    """Raise AnsibleError if a name is not there, or a play with these parts would do nothing."""
    known = {*inventory.groups, *inventory.hosts, "localhost"}
    for part in parts:
        name = part.lstrip(_OPERATORS)
        if not _NO_NAME & set(part) and name not in known:
            named = "a host or group" if _in_awx() else f"'{name}'"
            raise AnsibleError(
                f"Variable authorize_hosts names {named} that the inventory does not have; correct"
                " it, or the inventory."
            )
    inventory.subset(limit)
    if inventory.get_hosts(parts):
        return
    # Who answers a survey in AWX could have it show what only the job may see.
    pattern = "authorize_hosts" if _in_awx() else f"'{', '.join(parts)}'"
    within = f" within the limit '{limit}'" if limit else ""
    raise AnsibleError(
        f"No host of the inventory matches {pattern}{within}; correct authorize_hosts"
        f"{' or --limit' if limit else ''}, or the inventory."
    )
