#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_environment_info
short_description: Get information about a Maia environment and its vault
version_added: 1.0.0
description:
  - Finds a project, one of its environments and the agent (runner) that the environment uses, and
    returns which vault that agent reads its secrets from.
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
      - The name of the environment. It is case-sensitive.
    type: str
    required: true
notes:
  - The credentials need permission to read the project and its environments. The account role
    I(Super Admin) is sufficient; the vendor does not document which project and environment roles
    are. Reading agents needs the account role I(Admin) or I(Super Admin).
  - Tasks that run in process share the results of their requests. Requests of a run are
    one for each 100 projects and each 100 agents of the account, and one for each project.
  - The vendor does not document how the API shows a Matillion-hosted agent. If the properties of an
    agent do not identify the vault, RV(vault) is null and there is a warning.
extends_documentation_fragment:
  - maia.stripe_query.attributes.info
  - maia.stripe_query.attributes
  - maia.stripe_query.maia
  - maia.stripe_query.time_limit
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
      description: The platform that it is deployed on.
      type: str
      sample: fargate
vault:
  description:
    - V(aws), V(azure) or V(snowflake) for a Hybrid project, V(maia) for Full SaaS, null if it
      cannot be determined or the credentials cannot read agents. It is also null for an agent in
      Google Cloud, whose Google Secret Manager this collection does not support.
  returned: success
  type: str
  sample: aws
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
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.environment import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/modules/environment.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
