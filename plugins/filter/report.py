# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report
short_description: Create the content of a report
version_added: 1.0.0
description:
  - Creates the content of the files that the role P(maia.stripe_query.report#role) writes, from
    the results of a run. Use it directly only to create a page with another layout.
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
    description: The time of the run, in ISO 8601. Ages are computed for this time.
    type: str
    required: true
  check_mode:
    description: Whether the run was in check mode, so that changes are only predicted.
    type: bool
    default: false
  max_age_days:
    description: Keys that are older than this are overdue. By default, no key is.
    type: int
"""

EXAMPLES = r"""
- name: Show the number of targets in each state
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
    - C(json) is the content of the JSON file.
    - C(page) has the values for the page. All text in it is escaped for HTML.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._report import report


class FilterModule:
    """The filter of the role report."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"report": report}
