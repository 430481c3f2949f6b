# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: target_table
short_description: Makes the table that playbooks for many targets end with
version_added: 1.1.0
description:
  - Makes lines of text from the results of a run. The playbooks show them at the end.
  - Anything that looks like a Stripe key is masked.
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
    description: Whether changes were only predicted.
    type: bool
    default: false
  files:
    description: Paths of the files that tell more; empty ones are left out.
    type: list
    elements: str
    default: []
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
    - A line for each target with its name, its state, its vault, and what was changed or is proven.
      Then one with how many targets are in which state, and one for each reason that targets failed
      for, or that a link of their chain is not proven, with all of them; and one for each file.
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
