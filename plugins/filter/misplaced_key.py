# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: misplaced_key
short_description: Find a Stripe key in a variable that is not for keys
version_added: 2.0.0
description:
  - Searches the variables of the role P(maia.stripe_query.authorize#role) that are not for keys,
    at any depth, for text that looks like a Stripe API key.
  - The modules refuse such keys in their options, and so does the role; see
    P(maia.stripe_query.authorize_plan#lookup).
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
positional: _input
options:
  _input:
    description: The variables, by name.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show that no variable contains a key
  ansible.builtin.debug:
    msg: "{{ {'authorize_secret_name': 'stripe/rk_live/shop'} | maia.stripe_query.misplaced_key }}"
"""

RETURN = r"""
_value:
  description:
    - An error message about the first such key, with the name of the variable but not its value.
      Empty if there is none.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.misplaced import check_misplaced
from ..module_utils._flow.variables import ROLE_SPEC


def misplaced_key(variables: Mapping[str, Any]) -> str:
    """See DOCUMENTATION."""
    try:
        check_misplaced(ROLE_SPEC, variables)
    except ConfigurationError as error:
        return str(error)
    return ""


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"misplaced_key": misplaced_key}
