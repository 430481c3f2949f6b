# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: misplaced_key
short_description: Names the variable that holds what belongs into another one
version_added: 1.1.0
description:
  - Looks for what looks like a Stripe API key in the variables of the role
    P(maia.stripe_query.authorize#role) that are not for keys, at any depth.
  - Looks as well for further options of a module, such as those in C(authorize_aws), that
    the role itself sets from another variable.
  - The role uses it before anything is written. Its modules refuse such keys as well, each in its
    own options.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
positional: _input
options:
  _input:
    description: Variables by their names.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show that nothing is wrong
  ansible.builtin.debug:
    msg: "{{ {'authorize_secret_name': 'stripe/rk_live/shop'} | maia.stripe_query.misplaced_key }}"
"""

RETURN = r"""
_value:
  description:
    - An error message about the first one, which names the variable and shows no value.
      Empty if there is none.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.misplaced import check_misplaced
from ..module_utils._flow.overruled import check_overruled
from ..module_utils._flow.variables import ROLE_SPEC


def misplaced_key(variables: Mapping[str, Any]) -> str:
    """See DOCUMENTATION."""
    try:
        check_misplaced(ROLE_SPEC, variables)
        check_overruled(variables)
    except ConfigurationError as error:
        return str(error)
    return ""


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"misplaced_key": misplaced_key}
