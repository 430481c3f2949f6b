# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: play_hosts
short_description: The hosts of a play, which fails if there are none
version_added: 2.0.0
description:
  - For the playbooks and the role of this collection; it may change in any release.
  - Ansible skips a play without hosts, and ends with success. For a play that authorizes or audits
    hosts that is wrong, since nothing was done or looked at. The playbooks of this collection name
    their hosts with this lookup, and end with an error instead.
  - Ansible also takes an empty pattern for all hosts, and leaves out what the inventory does not
    have, even from what is to be excluded. Here both are errors, in the pattern and in C(--limit).
  - Text that looks like a Stripe API key in a variable of the playbooks, such as C(authorize_hosts)
    or C(audit_ignore), or in the name of a host or group, is refused; so is a variable on the
    command line that the playbook would ignore.
  - When an audit begins, findings of an earlier one in the files that C(audit_junit) and
    C(audit_json) name are replaced by an error. They would otherwise be taken for its own if it is
    refused or dies.
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

from collections.abc import Mapping
from itertools import chain
from typing import Any

from ansible import context
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.lookup import LookupBase

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._recognized import KEY_NAME, holds_key
from ..plugin_utils._command_line import refuse_ignored
from ..plugin_utils._earlier_findings import mark_unfinished
from ..plugin_utils._extra_variables import refuse_extra_variables
from ..plugin_utils._host_patterns import check_parts, in_awx, limit_parts, parts_of
from ..plugin_utils._playbook_variables import refuse_keys

# With these options ansible-playbook runs nothing. --syntax-check is what ansible-lint uses.
_NOTHING_RUNS = ("syntax", "listhosts", "listtasks", "listtags")
_PATTERN = "Variable authorize_hosts"
_LIMIT = "Option --limit"


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
        templar: Any = self._templar  # Ansible gives one to each lookup
        evaluate = templar.template if templar else str
        looks_only = any(context.CLIARGS.get(option) for option in _NOTHING_RUNS)
        if not looks_only:
            # Before anything else is refused.
            mark_unfinished(held, evaluate)
        try:
            refuse_ignored(context.CLIARGS)
            # Of the play and the command line; those of hosts are looked at with these.
            refuse_keys(held, evaluate)
        except ConfigurationError as error:
            raise AnsibleError(str(error)) from None
        if not terms:
            terms = [evaluate(held.get("authorize_hosts", "all"))]
        if looks_only:
            return terms
        inventory = self._inventory(held)
        is_slice = boolean(options.get("sliced", False)) and _is_slice(held)
        try:
            for pattern in terms:
                parts = parts_of(pattern, _PATTERN)
                if not is_slice:
                    _check(inventory, parts, held.get("ansible_limit"))
        except ConfigurationError as error:
            raise AnsibleError(str(error)) from None
        return terms

    def _inventory(self, held: Mapping[str, Any]) -> InventoryManager:
        """Raises AnsibleError if it has no host, or one that is called like a key."""
        groups = held.get("groups") or {}
        if not any(groups.values()):
            raise AnsibleError(
                "There is no host in the inventory; give an inventory with -i, or see why its"
                " source found nothing."
            )
        for name in {*groups, *chain(*groups.values())}:
            if holds_key(name):
                raise AnsibleError(
                    f"The name of a host or group in the inventory holds what looks like a"
                    f" {KEY_NAME}; name it otherwise, since all that is printed has these names."
                )
        inventory = InventoryManager(self._loader, parse=False)
        for group, hosts in groups.items():
            inventory.add_group(group)
            for host in hosts:
                inventory.add_host(host, group=group)
        return inventory


def _is_slice(held: Mapping[str, Any]) -> bool:
    """A slice is a job of a workflow that has the job template's own name."""
    workflow = held.get("awx_workflow_job_name")
    return in_awx() and bool(workflow) and workflow == held.get("awx_job_template_name")


def _check(inventory: InventoryManager, parts: list[str], limit: str | None) -> None:
    """Raise ConfigurationError if a part is not there, or a play with these would do nothing."""
    check_parts(inventory, parts, _PATTERN)
    if limit is not None:
        check_parts(inventory, limit_parts(limit, _LIMIT), _LIMIT)
    inventory.subset(limit)
    if inventory.get_hosts(parts):
        return
    pattern = "it" if in_awx() else f"'{', '.join(parts)}'"
    within = f" within the limit '{limit}'" if limit else ""
    raise ConfigurationError(
        _PATTERN,
        f"no host of the inventory matches {pattern}{within}",
        f"correct it{', --limit' if limit else ''} or the inventory",
    )
