# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: unknown_variables
short_description: Find misspelled variables of this collection
version_added: 2.0.0
description:
  - For the playbooks and the role of this collection; it may change in any release.
  - Looks for variables of the host whose names begin like those of the role
    P(maia.stripe_query.authorize#role), or of the playbook of this collection that is running, but
    that neither of them has. They would be ignored.
  - Also looks for variables of the playbook that hold a Stripe API key, that cannot be evaluated
    and would count as left out, or that are neither true nor false and would count as false; and
    for those that the play would have needed before it had hosts, such as C(authorize_hosts).
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  _terms:
    description: Not used.
"""

EXAMPLES = r"""
- name: Show which variable of this host is unknown
  ansible.builtin.debug:
    msg: "{{ lookup('maia.stripe_query.unknown_variables') }}"
"""

RETURN = r"""
_raw:
  description: An error message about the first such variable. Empty if there is none.
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.plugins.lookup import LookupBase
from ansible.template import Templar
from ansible.utils.vars import load_extra_vars

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._flow.refused import BEFORE_HOSTS, check_names, refuse_too_late
from ..plugin_utils._playbook_variables import check_playbook_variables


class LookupModule(LookupBase):
    """Ansible finds the lookup by this name."""

    def run(
        self,
        terms: list[Any],  # noqa: ARG002 - there are none
        variables: dict[str, Any] | None = None,
        **_options: Any,
    ) -> list[str]:
        """See DOCUMENTATION."""
        held = variables or {}
        try:
            check_names(str(held.get("inventory_hostname")), held)
            refuse_too_late("Variable", held, self._in_time(held))
            check_playbook_variables(held, Templar(loader=self._loader, variables=held).template)
        except ConfigurationError as error:
            return [str(error)]
        return [""]

    def _in_time(self, held: Mapping[str, Any]) -> set[str]:
        """The names of extra variables, and of those that are not what the inventory says.

        A lookup is not told which variables are the play's own.
        """
        extra = set(load_extra_vars(DataLoader()))
        given = [name for name in BEFORE_HOSTS if name in held]
        if not given or "hostvars" not in held:
            return extra
        inventory = held["hostvars"].raw_get(held["inventory_hostname"])
        return extra | {name for name in given if held[name] != inventory.get(name)}
