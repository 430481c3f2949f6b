# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: target_table
short_description: Create the table at the end of a playbook for many targets
version_added: 2.0.0
description:
  - For the playbooks and the role of this collection; it may change in any release.
  - Turns the results of a run into lines of text. The playbooks show them at the end.
  - Everything that looks like a Stripe key is masked.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
positional: _input
options:
  _input:
    description:
      - The results, one for each target, as the variable C(report_results) of the role
        P(maia.stripe_query.report#role); or a dict of them by target, as the C(targets) of
        M(maia.stripe_query.authorize_targets).
    type: raw
    required: true
  check_mode:
    description: Whether the run was in check mode, so that changes are only predicted.
    type: bool
    default: false
  files:
    description: Paths of files with more details. Empty paths are left out.
    type: list
    elements: str
    default: []
  remarks:
    description: Sentences about the run as a whole, to show at the end.
    type: list
    elements: str
    default: []
    version_added: 2.0.0
seealso:
  - plugin: maia.stripe_query.report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what was done
  ansible.builtin.debug:
    msg: "{{ rollout.targets | maia.stripe_query.target_table }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - A line for each target with its name, its state, its vault, what was changed, and how many
      links of its chain are proven. A long line goes on below its last column. Then the number of
      targets in each state.
    - After that, each cause of a failure once, with all its targets; each reason why a link is not
      proven, with the first of its targets; the files; and the remarks. These lines are wrapped.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._table import table


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"target_table": table}
