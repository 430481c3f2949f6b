# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: target_result
short_description: Combine the results of the modules for one target
version_added: 2.0.0
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
description:
  - For the playbooks and the role of this collection; it may change in any release.
  - The role P(maia.stripe_query.authorize#role) uses it to set the fact C(authorize_result) from
    the results of its modules. M(maia.stripe_query.authorize_targets) returns the same for each
    target.
positional: _input
options:
  _input:
    description:
      - The target, with C(project), C(environment), C(vault), C(definition_name) and C(state), as
        the lookup P(maia.stripe_query.authorize_plan#lookup) returns it.
      - If it also says that the key is not checked, O(key) is ignored. It is of another target, as
        registered variables outlast the role.
    type: dict
    required: true
  secret:
    description: The result of the vault's module. Ignored if the definition contains the key.
    type: dict
    default: {}
  definition:
    description: The result of M(maia.stripe_query.maia_secret_definition).
    type: dict
    default: {}
  kept_because:
    description:
      - Why the secret was not deleted, although it was to be. O(secret) is what deleting it would
        have done. Shown as a warning.
    type: str
  components:
    description: The result of M(maia.stripe_query.maia_stripe_component), if it ran.
    type: dict
    default: {}
  key:
    description: The result of M(maia.stripe_query.stripe_api_key_info), if it ran.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Save the result
  ansible.builtin.set_fact:
    done: >-
      {{ {'project': 'Shop', 'environment': 'test', 'vault': 'aws',
          'definition_name': 'stripe_test', 'state': 'present'}
         | maia.stripe_query.target_result(secret=secret, definition=definition) }}
"""

RETURN = r"""
_value:
  description:
    - The target, whether something C(changed), and the details of the key and its secret.
  type: dict
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display

from ..module_utils._flow.outcome import PLACE, as_kept, result_of
from ..module_utils._flow.vaults import VAULTS

Result = Mapping[str, Any]
_NONE: Result = MappingProxyType({})


def target_result(
    target: Result,
    *,
    secret: Result = _NONE,
    definition: Result = _NONE,
    components: Result = _NONE,
    key: Result = _NONE,
    kept_because: str | None = None,
) -> dict[str, Any]:
    """See DOCUMENTATION."""
    if target.get("refusal"):
        raise AnsibleFilterError(f"What the variables say has changed: {target['refusal']}")
    key = key if target.get("checks_key", True) else _NONE
    if kept_because:
        Display().warning(kept_because)
        secret = as_kept(secret)
    hosted = VAULTS[target["vault"]].in_definition
    parts = (definition, components) if hosted else (secret, definition, components)
    return result_of(
        {name: target[name] for name in PLACE},
        changed=any(part.get("changed") for part in parts),
        secret=definition if hosted else secret,
        definition={} if hosted else definition,
        components=components,
        key=key,
        kept_because=kept_because,
    )


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"target_result": target_result}
