#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_secret_definition
short_description: Manage a secret definition in a Maia project
version_added: 1.0.0
description:
  - Makes, changes and deletes a secret definition, the object that the I(API Key) property of the
    Stripe Query component names. A second run changes nothing.
  - A definition points at a secret, given by O(secret_name), and never holds a value. In a Hybrid
    project the secret is in the runner's vault, in a Full SaaS project in Matillion's own.
  - With O(api_key) it does in a Full SaaS project what M(maia.stripe_query.maia_hosted_secret)
    does.
  - What is left out of the task stays as it is in Maia, although the API only knows full
    replacement.
  - Definitions that we make carry a marker at the end of their description.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  api_key:
    type: str
    description:
      - Only for Full SaaS projects, and then needed instead of O(secret_name) with
        O(state=present).
  name:
    description:
      - The definition's name, up to 128 letters, digits, underscores, hyphens and parentheses.
        Upper and lower case matter. It cannot be changed later.
    type: str
    required: true
  project:
    description:
      - The project's name or id. A name that several projects have is refused.
    type: str
    required: true
  secret_name:
    description:
      - The name of the secret in the runner's vault, or in Matillion's for Full SaaS.
    type: str
  secret_label:
    description:
      - The label in an AWS secret of key/value pairs. Maia's form calls it I(Secret key). An empty
        one clears it.
    type: str
  secrets_location:
    description:
      - Where the secret is, if not where the runner looks by default, as the API takes it. For AWS
        C(type) is V(AWS_SECRET_MANAGER), beside C(region). An empty one clears it.
    type: dict
  description:
    description:
      - The definition's description. Our marker is added to it, and both may have 256 characters.
    type: str
  environment_overrides:
    description:
      - Other secrets that the definition points at in some of the project's environments. The keys
        are the environments' names, in their exact case. The values have C(secret_name), and
        C(secret_label) and C(secrets_location) with the meaning of the options of these names.
      - With null instead of a value, the definition has no override in that environment. An empty
        text or dictionary is refused.
        Environments that are not named keep what they have, unless O(purge_overrides=true).
      - Only for O(api=connections), and together with O(secret_name).
    type: dict
  purge_overrides:
    description:
      - Remove the definition's overrides in all environments that O(environment_overrides) does not
        name.
    type: bool
    default: false
  api:
    description:
      - V(connections) is the current API. V(secret_references) is the older one, which can only
        create definitions and look at them.
    type: str
    choices: [connections, secret_references]
    default: connections
  agent_type:
    description:
      - The kind of runner, for O(api=secret_references), where it is needed.
    type: str
    choices: [aws, azure, hosted]
  agent_id:
    description:
      - The runner's id, for O(api=secret_references) where the server asks for it.
    type: str
notes:
  - API credentials with the account role I(Super Admin) can do all of it. Which project and
    environment roles are enough is not documented by the vendor.
  - O(update_value), O(value_version), O(fingerprint_key), O(on_unknown), O(secret_type),
    O(value_field) and O(secrets_path) matter only where O(api_key) is given.
  - A name that differs from an existing definition's in case only is refused, since it is most
    likely a mistake.
  - Where tasks run in process, all tasks of a run share what they look up. With up to 100
    definitions in each project, a run makes one request for each 100 projects of the account
    unless projects are given by id, one for each project that is worked on, and at most three for
    each target that changes. A target that is as it should be costs none of its own.
  - O(environment_overrides) adds one request for the environments of each project, one for each
    environment that is looked at in it, and at most three for each override that changes.
  - So what somebody else does in Maia during a run may go unnoticed until the next run. Before
    anything is written the definition is read again.
  - What the request for a secret in Matillion's vault is like is not published by the vendor and
    not verified against the live service.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.hosted
  - maia.stripe_query.maia
seealso:
  - module: maia.stripe_query.maia_hosted_secret
  - module: maia.stripe_query.maia_secret_definition_info
  - module: maia.stripe_query.stripe_secret_aws
  - module: maia.stripe_query.stripe_secret_azure
  - module: maia.stripe_query.stripe_secret_snowflake
  - name: The Connections API in Maia's documentation
    description: The calls that are made.
    link: https://docs.maia.ai/api-reference/connections/create-a-new-project-connection
"""

EXAMPLES = r"""
- name: Point at a label of a secret in AWS
  maia.stripe_query.maia_secret_definition:
    name: stripe_production
    project: Shop Analytics
    secret_name: stripe/shop/production
    secret_label: api_key
    region: eu1
    client_id: "{{ maia_client_id }}"
    client_secret: "{{ vaulted_maia_client_secret }}"

- name: Point at another secret in two of the environments, and nowhere else
  maia.stripe_query.maia_secret_definition:
    name: stripe
    project: Shop Analytics
    secret_name: stripe/shop/production
    secret_label: api_key
    environment_overrides:
      test:
        secret_name: stripe/shop/test
        secret_label: api_key
      dev:
        secret_name: stripe/shop/test
        secret_label: api_key
    purge_overrides: true
    region: eu1

- name: Give the key itself to a Full SaaS project
  maia.stripe_query.maia_secret_definition:
    name: stripe_production
    project: Marketing Reports
    api_key: "{{ vaulted_stripe_key }}"
    region: eu1

- name: Delete a definition
  maia.stripe_query.maia_secret_definition:
    name: stripe_test
    project: Shop Analytics
    state: absent
    region: eu1
"""

RETURN = r"""
name:
  description: The definition's name.
  returned: success
  type: str
  sample: stripe_production
project_id:
  description: The project's id.
  returned: success
  type: str
  sample: 7d1f3a52-6f0e-4c0b-9a55-0d4b7a7a3c11
id:
  description:
    - The definition's id. Null where Maia does not show it. In its lists, which this module reads,
      the vendor's documentation has none.
  returned: success
  type: str
label:
  description: Always null, since the value that the definition holds is the key alone.
  returned: when O(api_key) is given
  type: str
  version_added: 1.1.0
secret_name:
  description:
    - The name of the secret that it points at. With O(api_key) in check mode the one before.
  returned: when O(secret_name) or O(api_key) is given
  type: str
  sample: stripe/shop/production
secret_label:
  description: The label that it points at. Null if there is none.
  returned: when O(secret_name) is given
  type: str
  sample: api_key
secrets_location:
  description: Where the secret is. Null for where the runner looks by default.
  returned: when O(secret_name) is given
  type: dict
description:
  description: The description without our marker.
  returned: when O(secret_name) is given
  type: str
environment_overrides:
  description:
    - The overrides of the definition, by environment, in the environments that were looked at.
      These are the ones in O(environment_overrides), or all with O(purge_overrides=true).
  returned: when O(environment_overrides) or O(purge_overrides) is given
  type: dict
  sample:
    test:
      secret_name: stripe/shop/test
      secret_label: api_key
      secrets_location: null
changes:
  description:
    - What changed, or in check mode would change, by name. V(value), V(state), V(ownership) (our
      marker was added), V(fingerprint) (it was refreshed), the name of an option, or
      C(environment_overrides.) and the name of an environment.
  returned: success
  type: list
  elements: str
  sample: [value]
verified_by:
  description:
    - How the stored value was compared with the desired one. V(fingerprint), V(value),
      V(value_version), or V(unknown) if it could not be. Null if it did not matter.
  returned: when O(api_key) is given
  type: str
  sample: fingerprint
verdict:
  description:
    - Whether the value that was stored before this run is the desired one, and how that is known.
      V(proven) means that it was read or cannot have changed, V(recorded) that our own note says
      so, V(contradicted) that it is another, V(unknown) that it cannot be known. Null if it did not
      matter.
  returned: when O(api_key) is given
  type: str
  sample: contradicted
  version_added: 1.1.0
unread_because:
  description:
    - Why the stored value could not be read. Null if it could, or did not have to be.
  returned: when O(api_key) is given
  type: str
  sample: null
  version_added: 1.1.0
fingerprint:
  description:
    - The first characters of the fingerprint of the stored value. The same value in the same
      place keeps it; the same value in another place has another.
    - Null if there is none, and in check mode for a secret that does not exist yet.
  returned: when O(api_key) is given
  type: str
  sample: 3f9c0a71b2de
api_key:
  description:
    - What the given key says about itself. Never the key.
  returned: when O(api_key) is given
  type: dict
  contains:
    kind:
      description: V(restricted), V(secret), V(publishable), V(organization) or another kind.
      type: str
      sample: restricted
    mode:
      description: V(live), V(test) or V(unknown).
      type: str
      sample: live
    masked:
      description: The prefix and the last four characters.
      type: str
      sample: rk_live_...4242
created:
  description:
    - When the secret was made, in UTC (ISO 8601). Null if it did not exist before this task.
  returned: when O(api_key) is given
  type: str
  sample: '2026-11-02T08:15:00+00:00'
last_changed:
  description:
    - When the secret had last been changed before this task, in UTC (ISO 8601). Null if unknown.
  returned: when O(api_key) is given
  type: str
  sample: '2026-11-02T08:15:00+00:00'
check_mode:
  description: V(true), since the task only said what it would do.
  returned: in check mode
  type: bool
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
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.definition_operation import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/definition_operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
