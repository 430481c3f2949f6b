# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report
short_description: Works out what a report shows
version_added: 1.0.0
description:
  - Makes the content of the files that the role P(maia.stripe_query.report#role) writes from the
    results of a run. It is of use on its own only to who wants a page of another look.
  - Anything that looks like a Stripe key is masked.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
positional: _input
options:
  _input:
    description: The results, one for each target, as the role's variable C(report_results).
    type: list
    elements: dict
    required: true
  title:
    description: The title.
    type: str
    required: true
  time:
    description: When the run was, in ISO 8601. Ages are up to then.
    type: str
    required: true
  check_mode:
    description: Whether changes were only predicted.
    type: bool
    default: false
  max_age_days:
    description: Keys that have not changed for more days are overdue. Without it, none are.
    type: int
"""

EXAMPLES = r"""
- name: Tell how many targets are in which state
  ansible.builtin.debug:
    msg: "{{ report.json.totals.states }}"
  vars:
    report: "{{ results | maia.stripe_query.report(title='Keys', time='2026-01-31T12:00:00Z') }}"
    results:
      - {target: shop-test, project: Shop, environment: test, vault: aws, changed: false}
"""

RETURN = r"""
_value:
  description:
    - C(json) is what the JSON file holds.
    - C(page) is what the page shows; all text in it is HTML already.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._report import report


class FilterModule:
    """The filter of the role report."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"report": report}
