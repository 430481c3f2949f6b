#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_environment_info
short_description: Look up which vault a Maia environment's runner reads
version_added: 1.0.0
description:
  - Finds a project, one of its environments and the agent (runner) that the environment uses, and
    says which vault that agent reads its secrets from.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  project:
    description:
      - The project's name or id. A name that several projects have is refused.
    type: str
    required: true
  environment:
    description:
      - The environment's name. Upper and lower case matter.
    type: str
    required: true
notes:
  - The credentials need to see the project and its environments. Which project and environment
    roles are enough is not documented by the vendor; the account role I(Super Admin) is. To look
    at agents needs the account role I(Admin) or I(Super Admin).
  - Where tasks run in process, all tasks of a run share what they look up. Requests of a run are
    one for each 100 projects and each 100 agents of the account, and one for each project.
  - How a Matillion-hosted agent shows in the API is not published by the vendor. When an agent's
    facts do not tell the vault, RV(vault) is null and a warning is given.
extends_documentation_fragment:
  - maia.stripe_query.attributes.info
  - maia.stripe_query.attributes
  - maia.stripe_query.maia
seealso:
  - module: maia.stripe_query.maia_secret_definition
"""

EXAMPLES = r"""
- name: Look up the vault of an environment
  maia.stripe_query.maia_environment_info:
    project: Shop Analytics
    environment: production
    region: eu1
  register: shop_production

- name: Show it
  ansible.builtin.debug:
    var: shop_production.vault
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
environment:
  description: The environment's name.
  returned: success
  type: str
  sample: production
agent:
  description: The environment's default agent. Null if it has none.
  returned: success
  type: dict
  contains:
    id:
      description: Its id.
      type: str
    name:
      description: Its name.
      type: str
    cloud_provider:
      description: The cloud that it runs in.
      type: str
      sample: aws
    deployment:
      description: What it is deployed on.
      type: str
      sample: fargate
vault:
  description:
    - V(aws), V(azure) or V(snowflake) for a Hybrid project, V(maia) for Full SaaS, null if the
      agent does not tell, is not known to be the customer's, or may not be looked at.
  returned: success
  type: str
  sample: aws
error:
  description:
    - The parts of the error message, for machines.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(not_visible) (it
          does not exist or may not be seen, and the service does not say which),
          V(foreign_object), V(conflict), V(transient), V(api) or V(unexpected).
      type: str
    subject:
      description: The object that the error is about.
      type: str
    attempt:
      description: What was being done.
      type: str
    reason:
      description: Why it failed.
      type: str
    cure:
      description: What to do.
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
"""

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.environment_operation import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/environment_operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
