# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rotation
short_description: Advise whether the old key can be expired after a rotation
version_added: 1.0.0
description:
  - For the playbooks and the role of this collection; it may change in any release.
  - Determines from the results of a rotation whether all environments have the new key, how long
    the old key works, and whether you can expire it. It makes no requests.
  - The playbook C(maia.stripe_query.rotate) shows this text at its end.
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
  time:
    description: The current time, in ISO 8601.
    type: str
    required: true
  expires:
    description:
      - When the old key expires, in ISO 8601. Stripe's dashboard shows this for a rolled key.
        Without it, the text has the maximum that Stripe allows.
    type: str
  others:
    description:
      - The names of the inventory's targets that were not part of the run. They may still use the
        old key.
    type: list
    elements: str
    default: []
    version_added: 2.0.0
seealso:
  - plugin: maia.stripe_query.report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show whether the old key can be expired
  ansible.builtin.debug:
    msg: "{{ results | maia.stripe_query.rotation(time='2026-01-31T12:00:00Z') }}"
  vars:
    results:
      - target: shop-test
        project: Shop
        environment: test
        vault: aws
        changed: true
        secret_changes: [value]
        verdict: contradicted
        proof:
          - {link: secret, verdict: proven, reason: "The stored value is the given key."}
"""

RETURN = r"""
_value:
  description: A few sentences without secrets.
  type: str
"""

from collections.abc import Callable, Iterable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.errors import CollectionError, ConfigurationError
from ..plugin_utils._host_patterns import is_unanswered
from ..plugin_utils._playbook_variables import refuse_key
from ..plugin_utils._report import Results, named, utc
from ..plugin_utils._rotation import closing

_EXPIRES = "Option expires (rotate_old_key_expires)"


def rotation(
    results: Results,
    *,
    time: str,
    expires: str | None = None,
    others: Iterable[str] = (),
) -> str:
    """See DOCUMENTATION."""
    left_out = [str(name) for name in others]
    try:
        refuse_key(_EXPIRES, expires)
        return closing(
            named(results),
            time=str(time),
            expires=None if expires is None or is_unanswered(expires) else _moment(expires),
            others=left_out,
        )
    except CollectionError as error:
        raise AnsibleFilterError(str(error)) from None


def _moment(given: object) -> str:
    """Raises ConfigurationError for what is none."""
    text = str(given)
    try:
        utc(text)
    except (ValueError, OverflowError):
        raise ConfigurationError(
            _EXPIRES, f"'{text[:32]}' is no moment", "give one such as 2026-01-31T12:00:00Z"
        ) from None
    return text


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"rotation": rotation}
