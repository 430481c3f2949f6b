# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: audit
short_description: Turns what would have to be changed into the findings of an audit
version_added: 1.0.0
description:
  - Judges what M(maia.stripe_query.authorize_targets) says of targets after
    C(action=audit). It asks nobody and changes nothing.
  - The playbook C(maia.stripe_query.audit) uses it.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
positional: _input
options:
  _input:
    description:
      - The results, one for each target, with its name as C(target), as in the variable
        C(report_results) of the role P(maia.stripe_query.report#role); or a dict of them by target,
        as the C(targets) of M(maia.stripe_query.authorize_targets).
    type: raw
    required: true
  time:
    description: When the audit is, in ISO 8601. Ages are up to then.
    type: str
    required: true
  max_age_days:
    description: How many days old a stored key may get. V(0) for any age.
    type: int
    default: 0
  test_environments:
    description:
      - A regular expression that is found in the names of test environments, whatever their case.
        By default these have a word such as C(dev), C(test), C(qa) or C(staging) in them.
    type: str
  orphans:
    description: Whether definitions of this collection that no target names are findings.
    type: bool
    default: true
  ignore:
    description: Kinds of findings to leave out, see RV(_value); a text has commas between them.
    type: list
    elements: str
    default: []
  fail:
    description: Whether targets with findings fail, in RV(_value).
    type: bool
    default: true
    version_added: 1.1.0
seealso:
  - plugin: maia.stripe_query.report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what is found, apart from old keys
  ansible.builtin.debug:
    msg: "{{ audit.findings }}"
  vars:
    audit: "{{ results | maia.stripe_query.audit(time=now(), ignore=['key_too_old']) }}"
    results:
      - {target: shop-test, project: Shop, environment: test, vault: aws, changed: false}
"""

RETURN = r"""
_value:
  description:
    - C(findings) is a list of dicts with C(target), C(kind) and C(text), in the order of the
      targets. The kinds are C(failed), C(secret_missing), C(key_differs), C(secret_unusable),
      C(secret_differs), C(definition_missing), C(edited_in_maia), C(definition_differs),
      C(component_differs), C(not_revoked), C(wrong_kind), C(secret_key_unrestricted),
      C(live_key_in_test), C(key_too_old), C(key_shared), C(orphaned_secret) and
      C(orphaned_definition).
    - C(notes) are sentences about the targets whose value was not read, and in which the key is
      only recorded or is unknown. They are no findings.
    - C(results) are the results with the findings as C(drift), for the report.
    - C(targets) says of each target whether it fails and why, for
      M(maia.stripe_query.target_outcome).
    - C(summary) is one sentence about all of it and the notes, and C(lines) has a line for each
      finding and each note.
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._audit import Rules, audit


def audit_filter(
    results: Iterable[Mapping[str, Any]] | Mapping[str, Mapping[str, Any]], **rules: Any
) -> dict[str, Any]:
    """See DOCUMENTATION."""
    given = {name: rule for name, rule in rules.items() if rule is not None}
    # A survey and a command line have no lists.
    if isinstance(ignored := given.get("ignore"), str):
        given["ignore"] = [kind.strip() for kind in ignored.split(",") if kind.strip()]
    try:
        return audit(results, Rules(**given))
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(f"audit: {error}.") from None


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"audit": audit_filter}
