# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: audit
short_description: Turn the results of an audit into findings
version_added: 1.0.0
description:
  - Evaluates the result of M(maia.stripe_query.authorize_targets) with C(action=audit).
    It makes no requests and changes nothing.
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
    description: The time of the audit, in ISO 8601. Ages are computed for this time.
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
    description:
      - Whether definitions of this collection that no target names are findings. As long as it is
        unknown what a target uses that may be of the same project, RV(_value) has notes instead.
    type: bool
    default: true
  ignore:
    description: Kinds of findings to leave out, see RV(_value); a text has commas between them.
    type: list
    elements: str
    default: []
  expires_within_days:
    description: How many days before the end of a secret, where it has one, that is a finding.
    type: int
    default: 30
    version_added: 2.0.0
  recorded:
    description:
      - Whether it is a finding that a key is only recorded, or unknown, because its value was not
        read. Otherwise RV(_value) has notes about it.
    type: bool
    default: false
    version_added: 2.0.0
  fail:
    description: Whether targets with findings fail, in RV(_value).
    type: bool
    default: true
    version_added: 2.0.0
seealso:
  - plugin: maia.stripe_query.report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show all findings except old keys
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
      targets. The kinds are C(failed), C(secret_missing), C(key_differs), C(key_not_proven),
      C(secret_unusable), C(secret_expires_soon), C(secret_differs), C(definition_missing),
      C(edited_in_maia), C(definition_differs), C(component_differs), C(not_revoked), C(wrong_kind),
      C(secret_key_unrestricted), C(live_key_in_test), C(key_too_old), C(age_unknown),
      C(key_shared), C(old_key_given), C(old_key_works), C(orphaned_secret) and
      C(orphaned_definition).
    - C(notes) are sentences about targets whose value was not read, so that the key is only
      recorded or unknown, and about definitions of which it is not known whether a target uses
      them. They are not findings.
    - C(results) are the results with the findings as C(drift), for the report.
    - C(targets) says for each target whether it fails and why, for
      M(maia.stripe_query.target_outcome).
    - C(json) has C(summary), C(targets), C(findings), C(notes) and C(groups), with the
      C(meaning), C(targets) and C(texts) of each kind of finding. C(group_lines) has a line for
      each group. C(junit) is JUnit XML with a test for each target.
    - C(summary) is a sentence about all findings, with the notes, and C(lines) has a line for each
      finding and each note.
  type: dict
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.errors import CollectionError, ConfigurationError, without_keys
from ..module_utils._core.wording import nearest
from ..plugin_utils._audit import KINDS, Rules, audit
from ..plugin_utils._host_patterns import is_unanswered
from ..plugin_utils._playbook_variables import refuse_key, truth
from ..plugin_utils._report import Results

_TRUTHS = {"recorded", "orphans", "fail"}
_NUMBERS = {"max_age_days", "expires_within_days"}
_DIGITS = 9


def _option(name: str) -> str:
    """What errors call a rule: with the variable by which the playbook has it."""
    return f"Option {name} (audit_{name})"


def _number(name: str, given: object) -> int:
    """A command line has texts only."""
    text = str(given).strip()
    if isinstance(given, bool) or not text.isdecimal() or len(text) > _DIGITS:
        raise ConfigurationError(
            _option(name),
            f"'{text[:32]}' is no number of days",
            "give a number of days, such as 90",
        )
    return int(text)


def _pattern(given: object) -> str:
    """It is needed only where a key is live: what is wrong with it is found before that."""
    hint = "give a regular expression such as dev|test, or leave it out"
    if not isinstance(given, str) or not given.strip():
        raise ConfigurationError(
            _option("test_environments"),
            "it is empty, and would match the name of every environment"
            if given is None or given == [] or isinstance(given, str)
            else "it is no text",
            hint,
        )
    try:
        pattern = re.compile(given)
    except (re.error, OverflowError, RecursionError):
        raise ConfigurationError(
            _option("test_environments"), f"'{given[:32]}' is no regular expression", hint
        ) from None
    if pattern.search("") is not None:
        raise ConfigurationError(
            _option("test_environments"),
            f"'{given[:32]}' matches an empty name, and so perhaps that of every environment",
            hint,
        )
    return given


def _kinds(given: object) -> list[str]:
    # A survey and a command line have no lists.
    kinds = given.split(",") if isinstance(given, str) else given
    if not isinstance(kinds, list | tuple) or not all(isinstance(kind, str) for kind in kinds):
        raise ConfigurationError(
            _option("ignore"), "it is no list of kinds of findings", "give such as key_too_old"
        )
    named = [kind.strip() for kind in kinds if kind.strip()]
    if unknown := sorted(set(named) - set(KINDS)):
        raise ConfigurationError(
            _option("ignore"),
            f"there is no kind of finding called '{unknown[0][:64]}'",
            nearest(unknown[0], KINDS),
        )
    if "failed" in named:
        raise ConfigurationError(
            _option("ignore"),
            "failed cannot be ignored, since such a target was not looked at",
            "leave it out",
        )
    return named


def _rules(given: Mapping[str, Any]) -> Rules:
    """All of them are checked here, whatever the results are. Raises ConfigurationError."""
    rules = {
        name: rule
        for name, rule in given.items()
        if rule is not None and not (name in _NUMBERS and is_unanswered(rule))
    }
    for name, rule in rules.items():
        refuse_key(_option(name), rule)
    for name in _TRUTHS & rules.keys():
        rules[name] = truth(_option(name), rules[name])
    for name in _NUMBERS & rules.keys():
        rules[name] = _number(name, rules[name])
    if "ignore" in rules:
        rules["ignore"] = _kinds(rules["ignore"])
    if "test_environments" in rules:
        rules["test_environments"] = _pattern(rules["test_environments"])
    return Rules(**rules)


def audit_filter(results: Results, **rules: Any) -> dict[str, Any]:
    """See DOCUMENTATION."""
    try:
        return audit(results, _rules(rules))
    except CollectionError as error:
        raise AnsibleFilterError(str(error)) from None
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(f"audit: {without_keys(str(error))}.") from None


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"audit": audit_filter}
