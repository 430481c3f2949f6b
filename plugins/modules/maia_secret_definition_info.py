#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_secret_definition_info
short_description: Get information about the secret definitions of a Maia project
version_added: 1.0.0
description:
  - Lists the secret definitions of a project, what each points at, and which of them this
    collection created. Values are never shown.
  - Other kinds of connections are not included.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  project:
    description:
      - The project's name or id. A name that several projects have is refused.
    type: str
    required: true
  names:
    description:
      - Return only the definitions with these names. They are case-sensitive. A name that does not
        exist is not an error.
    type: list
    elements: str
  environments:
    description:
      - Also return the overrides in these environments, or with V(all) in every environment.
    type: list
    elements: str
notes:
  - The credentials need permission to read the project. The account role I(Super Admin) is
    sufficient; the vendor does not document which project and environment roles are.
  - Definitions and overrides are always requested again. There is one request for each 100
    definitions, and one for each environment.
extends_documentation_fragment:
  - maia.stripe_query.attributes.info
  - maia.stripe_query.attributes
  - maia.stripe_query.maia
  - maia.stripe_query.time_limit
seealso:
  - module: maia.stripe_query.maia_secret_definition
"""

EXAMPLES = r"""
- name: Look at all definitions of a project, with their overrides
  maia.stripe_query.maia_secret_definition_info:
    project: Shop Analytics
    environments: all
    region: eu1
  register: shop

- name: Show definitions that this collection did not create
  ansible.builtin.debug:
    msg: "{{ shop.definitions | rejectattr('ours') | map(attribute='name') }}"

- name: Look at one definition
  maia.stripe_query.maia_secret_definition_info:
    project: Shop Analytics
    names: [stripe_production]
    region: eu1
"""

RETURN = r"""
project:
  description: The project.
  returned: success
  type: dict
  contains:
    id:
      description: Its id.
      type: str
    name:
      description: Its name. Null if the id was given.
      type: str
definitions:
  description: The definitions, in Maia's order.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The definition's name.
      type: str
      sample: stripe_production
    id:
      description: Its id. Null if Maia does not show it.
      type: str
    ours:
      description: Whether this collection created it or has taken it over.
      type: bool
    description:
      description: The description without the collection's marker.
      type: str
    secret_name:
      description:
        - The name of the secret that it points at. Null if there is none.
      type: str
      sample: stripe/shop/production
    secret_label:
      description: The label that it points at. Null if there is none.
      type: str
      sample: api_key
    secrets_location:
      description: The location of the secret. Null for the runner's default.
      type: dict
    edited_in_maia:
      description:
        - Whether it points at a secret that Maia's user interface created when the definition was
          edited there.
      type: bool
      version_added: 2.0.0
    fingerprint:
      description:
        - The first characters of the fingerprint of the value. Null if there is none.
      type: str
      sample: 3f9c0a71b2de
    value_version:
      description: The O(maia.stripe_query.maia_secret_definition#module:value_version) of the
        value. Null if there is none.
      type: int
    environment_overrides:
      description:
        - The overrides, by environment. Only returned with O(environments), for environments that
          have an override. Each has C(edited_in_maia).
      type: dict
      sample:
        test:
          secret_name: stripe/shop/test
          secret_label: api_key
          secrets_location: null
          edited_in_maia: false
error:
  description:
    - The parts of the error message, for programs.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(not_visible),
          V(foreign_object), V(conflict), V(transient), V(api) or V(unexpected).
      type: str
    subject:
      description: The object that the error is about.
      type: str
    attempt:
      description: The action that failed.
      type: str
    reason:
      description: Why it failed.
      type: str
    hint:
      description: What to do.
      type: str
    cure:
      description: An alias of RV(error.hint) until release 3.0.0.
      type: str
    code:
      description: The service's error code.
      type: str
    status:
      description: The HTTP status.
      type: int
    request_id:
      description: The service's id of the request, for its support.
      type: str
    link:
      description: The vendor's page about this error, where there is one.
      type: str
    unconfirmed:
      description:
        - V(true) if a change was requested that may have been made, since no answer tells.
        - Run again, which finds out.
      type: bool
"""

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.info import OPERATION


def main() -> None:
    """What it does is in module_utils/_maia/modules/info.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
