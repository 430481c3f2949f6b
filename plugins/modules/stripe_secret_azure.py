#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stripe_secret_azure
short_description: Keep a Stripe API key in Azure Key Vault
version_added: 0.1.0
description:
  - Stores a Stripe API key as a secret that a Hybrid runner of Maia on Azure can read, and keeps it
    there. A second run changes nothing.
  - To know whether the value has to be written only the list of the secret's versions is read,
    which never shows values. Each version that we write carries a fingerprint of its value in a
    tag.
  - A new version is made only when the value changes, and it keeps the tags, content type, dates
    and state of the one before.
  - A soft-deleted secret of the same name is recovered and brought to the desired state.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  name:
    description:
      - The secret's name, up to 127 letters, digits and hyphens, starting with a letter.
    type: str
    required: true
  content_type:
    description:
      - A text that tells readers what the value is. An empty one clears it.
    type: str
  tags:
    description:
      - Tags to set, 14 at most. Tags of other names stay as they are.
    type: dict
notes:
  - The role C(Key Vault Secrets Officer) on the vault is enough. With less, C(list) and C(set) are
    needed, C(delete) for O(state=absent), C(recover) for coming back from it, and C(get) only where
    a value or a deleted secret has to be looked at.
  - Key Vault gives times in whole seconds. Of two versions made in the same second neither is
    surely the last one, so that the value is read to be sure.
  - O(state=absent) deletes softly; purging is left to you or to the vault's retention.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.secret
  - maia.stripe_query.azure
seealso:
  - module: maia.stripe_query.maia_secret_definition
  - name: Azure Key Vault in Maia's documentation
    description: What the runner needs in order to read the secret.
    link: https://docs.maia.ai/docs/administration/azure-key-vault
"""

EXAMPLES = r"""
- name: Store the key with a service principal
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-production
    vault_name: contoso-data
    api_key: "{{ vaulted_stripe_key }}"
    tenant_id: "{{ azure_tenant_id }}"
    client_id: "{{ azure_client_id }}"
    client_secret: "{{ vaulted_azure_client_secret }}"

- name: Store the key with this machine's managed identity, never reading a value
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-production
    vault_url: https://contoso-data.vault.azure.net
    credential: managed_identity
    compare: fingerprint
    api_key: "{{ lookup('ansible.builtin.env', 'STRIPE_API_KEY') }}"

- name: Delete the secret; the vault keeps it for its retention time
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-test
    vault_name: contoso-data
    state: absent
"""

RETURN = r"""
name:
  description: The secret's name.
  returned: success
  type: str
  sample: stripe-shop-production
vault_url:
  description: The vault's URL.
  returned: success
  type: str
  sample: https://contoso-data.vault.azure.net
id:
  description: The secret's id without a version.
  returned: success
  type: str
  sample: https://contoso-data.vault.azure.net/secrets/stripe-shop-production
version:
  description:
    - The id of the version that is current after the task. Null in check mode when it would change.
  returned: success
  type: str
version_before:
  description:
    - The id of the version that was current before the task. Null if there was none.
  returned: success
  type: str
changes:
  description:
    - What changed, or in check mode would change, by name. V(value), V(state), V(ownership) (our
      marker was added), V(fingerprint) (it was refreshed), or the name of an option.
  returned: success
  type: list
  elements: str
  sample: [value]
verified_by:
  description:
    - How the stored value was compared with the desired one. V(fingerprint), V(value),
      V(value_version), or V(unknown) if it could not be. Null if it did not matter.
  returned: success
  type: str
  sample: fingerprint
fingerprint:
  description:
    - The first characters of the fingerprint of the stored value. The same value in the same
      place keeps it; the same value in another place has another.
    - Null if there is none, and in check mode for a secret that does not exist yet.
  returned: success
  type: str
  sample: 3f9c0a71b2de
api_key:
  description:
    - What the given key says about itself. Never the key.
  returned: when O(state=present)
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
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
last_changed:
  description:
    - When the secret had last been changed before this task, in UTC (ISO 8601). Null if unknown.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
error:
  description:
    - The parts of the error message, for machines.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(foreign_object),
          V(conflict), V(transient), V(api) or V(unexpected).
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

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.operation import OPERATION
from ansible_collections.maia.stripe_query.plugins.module_utils._operation import run_as_module


def main() -> None:
    """What it does is in module_utils/_azure/operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
