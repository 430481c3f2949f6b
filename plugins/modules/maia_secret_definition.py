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
  - Creates, changes and deletes a secret definition, the object that the I(API Key) property of the
    Stripe Query component names. A second run changes nothing.
  - A definition points at the secret O(secret_name) and does not contain a value. The secret is in
    the runner's vault in a Hybrid project, and in Matillion's vault in a Full SaaS project.
  - With O(api_key), in a Full SaaS project, it does the same as
    M(maia.stripe_query.maia_hosted_secret).
  - Options that are omitted are not changed in Maia, although the API always replaces the whole
    definition.
  - Definitions of this collection have a marker at the end of their description.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  api_key:
    type: str
    description:
      - Only for Full SaaS projects, in place of O(secret_name).
  name:
    description:
      - The definition's name, up to 128 letters, digits, underscores, hyphens and parentheses.
        It is case-sensitive. It cannot be changed later.
    type: str
    required: true
  project:
    description:
      - The project's name or id. A name that several projects have is refused.
    type: str
    required: true
  secret_name:
    description:
      - The name of the secret in the runner's vault, or in Matillion's vault for Full SaaS.
      - With O(state=absent), a definition that points at another secret, or at another label than
        O(secret_label), is refused. If this is left out, it may point anywhere.
    type: str
  secret_label:
    description:
      - The label in a key/value secret of AWS. Maia's form calls it I(Secret key). An empty text
        removes it.
    type: str
  secrets_location:
    description:
      - The location of the secret, if it is not the runner's default, in the format of the API. For
        AWS, C(type) is V(AWS_SECRET_MANAGER), with C(region). An empty dictionary removes it.
    type: dict
  description:
    description:
      - The description of the definition. The collection adds its marker; both together may have
        256 characters.
    type: str
  expected_runner:
    description:
      - The runner that is to use the definition. Before anything is written, the task fails if Maia
        has no such environment, or shows that its runner reads another vault.
      - It also fails, without a request, if O(agent_type), the C(type) of O(secrets_location) or
        O(secret_label) is known not to go with this vault. Where O(environment_overrides) has an
        override in this environment, that is compared and not the definition itself.
      - If Maia does not show which vault it reads, there is a warning.
      - With O(state=absent) no runner is looked at. With the vault V(maia), the task fails if the
        definition does not name a secret that was made for it in Matillion's vault.
    type: dict
    version_added: 2.0.0
    suboptions:
      environment:
        description:
          - The name of the environment. It is case-sensitive.
        type: str
        required: true
      vault:
        description:
          - The vault that its runner has to read. V(maia) is Matillion's own, of Full SaaS.
        type: str
        choices: [aws, azure, snowflake, maia]
        required: true
  environment_overrides:
    description:
      - Other secrets that the definition points at in some of the project's environments. The keys
        are the names of the environments (case-sensitive). The values have C(secret_name), and
        C(secret_label) and C(secrets_location) with the meaning of the options of these names.
      - With null instead of a value, the definition has no override in that environment. An empty
        text or dictionary is refused.
        Other environments are not changed, unless O(purge_overrides=true).
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
        create and read definitions.
    type: str
    choices: [connections, secret_references]
    default: connections
  agent_type:
    description:
      - The kind of runner. Required with O(api=secret_references).
    type: str
    choices: [aws, azure, hosted]
  agent_id:
    description:
      - The ID of the runner, for O(api=secret_references) if the server requires it.
      - With O(api=connections) this option and O(agent_type) are refused.
    type: str
notes:
  - API credentials with the account role I(Super Admin) have all permissions. The vendor does not
    document which project and environment roles are sufficient.
  - O(update_value), O(value_version), O(fingerprint_key), O(on_unknown), O(secret_type),
    O(value_field) and O(secrets_path) have an effect only with O(api_key).
  - A name that differs from the name of an existing definition only in case is refused, because it
    is most likely a mistake.
  - Tasks that run in process share the results of their requests. With up to 100
    definitions in each project, a run makes one request for each 100 projects of the account
    unless projects are given by ID, one for each project, and at most two for each target that
    changes. An unchanged target needs no further request.
  - O(environment_overrides) adds one request for the environments of each project, one for each
    environment that is read, and at most three for each override that changes.
  - So a change that someone makes in Maia during a run may go unnoticed until the next run. So may
    one by a task of this run that has other credentials or does not run in process. Before a
    definition is written, it is read again.
  - The request for a secret in Matillion's vault is not documented by the vendor and not verified
    against the live service.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.hosted
  - maia.stripe_query.maia
  - maia.stripe_query.time_limit
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

- name: Point at a secret in Azure, if that is where the environment's runner reads secrets
  maia.stripe_query.maia_secret_definition:
    name: stripe_test
    project: Billing Insights
    secret_name: stripe-billing-test
    expected_runner:
      environment: test
      vault: azure
    region: eu1

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
    - The definition's id. Null if Maia does not show it. According to the vendor's documentation,
      lists do not contain it.
  returned: success
  type: str
label:
  description: Always null, because the value is only the key.
  returned: when O(api_key) is given
  type: str
  version_added: 2.0.0
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
  description: The location of the secret. Null for the runner's default.
  returned: when O(secret_name) is given
  type: dict
description:
  description: The description without the collection's marker.
  returned: when O(secret_name) is given
  type: str
environment_overrides:
  description:
    - The overrides of the definition, by environment, in the environments that were read.
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
      V(value_version), or V(unknown) if it could not be compared. Null if the comparison was not
      needed.
  returned: when O(api_key) is given
  type: str
  sample: fingerprint
verdict:
  description:
    - Whether the value before this run was the desired one. V(proven) means that it was read or
      cannot have changed, V(recorded) that the recorded fingerprint matches, V(contradicted) that
      it differs, V(unknown) that it could not be compared. Null if the comparison was not needed.
  returned: when O(api_key) is given
  type: str
  sample: contradicted
  version_added: 2.0.0
unread_because:
  description:
    - Why the stored value could not be read. Null if it was read, or was not needed.
  returned: when O(api_key) is given
  type: str
  sample: null
  version_added: 2.0.0
value_problem:
  description:
    - Why the stored value that was read is not the given key, if it is not just another key. For
      example, a label that is there more than once, or white space around the key. Null otherwise.
  returned: when O(api_key) is given
  type: str
  sample: null
  version_added: 2.0.0
fingerprint:
  description:
    - The first characters of the fingerprint of the stored value. It depends on the value and on
      the place of the secret.
    - Null if there is none, and in check mode for a secret that does not exist yet.
  returned: when O(api_key) is given
  type: str
  sample: 3f9c0a71b2de
api_key:
  description:
    - Information about the given key. Never the key.
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
    - When the secret was created, in UTC (ISO 8601). Null if it did not exist before this task.
  returned: when O(api_key) is given
  type: str
  sample: '2026-11-02T08:15:00+00:00'
last_changed:
  description:
    - When the secret was last changed before this task, in UTC (ISO 8601). Null if unknown.
  returned: when O(api_key) is given
  type: str
  sample: '2026-11-02T08:15:00+00:00'
value_since:
  description:
    - When the previous value was written, in UTC (ISO 8601). Null if unknown.
    - It is recorded in the description when the value is stored.
  returned: when O(api_key) is given
  type: str
  sample: '2026-11-02T08:15:00+00:00'
check_mode:
  description: V(true); nothing was changed.
  returned: in check mode
  type: bool
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
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/modules/definition.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
