#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stripe_secret_azure
short_description: Keep a Stripe API key in Azure Key Vault
version_added: 1.0.0
description:
  - Stores a Stripe API key as a secret that a Hybrid runner of Maia on Azure can read, and keeps it
    there. A second run changes nothing.
  - To know whether the value has to be written only the list of the secret's versions is read,
    which never shows values. Each version that we write carries a fingerprint of its value in a
    tag.
  - A new version is made only when the value changes, and it keeps the tags, content type, dates
    and state of the one before.
  - Everything else (content type, dates, state, tags) is brought to the desired state by updating
    the version's properties, and what is left out of the task is left alone.
  - A soft-deleted secret of the same name is recovered, waited for, and brought to the desired
    state.
  - An earlier version's value can be brought back with O(rolled_back_to).
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  name:
    description:
      - The secret's name, up to 127 letters, digits and hyphens. Maia's documentation asks for a
        letter at its start, so there is a warning for any other.
    type: str
    required: true
  content_type:
    description:
      - A text that tells readers what the value is. An empty one clears it.
    type: str
  enabled:
    description:
      - Whether the current version can be read. A disabled secret's value cannot be read by
        anybody, the runner included.
    type: bool
  expires_on:
    description:
      - When the secret expires, in ISO 8601 (UTC where no time zone is given) or as seconds since
        1970. Moments are compared, not texts. Quote it, as YAML has dates of its own.
      - Key Vault only tells readers of it; an expired secret can still be read.
      - An empty text clears it. Key Vault cannot take a date off a version that has one, so that
        O(api_key) is written again as a new version without it.
    type: str
  not_before:
    description:
      - From when on the secret is to be used. See O(expires_on) for its form.
    type: str
  tags:
    description:
      - Tags to set, 14 at most. Tags of other names stay as they are, unless O(purge_tags) is set.
      - Key Vault takes 15 tags, of which we use one, another one with O(value_version), and another
        one with O(rolled_back_to). Names and values have up to 512 characters.
      - Values are texts. Whole numbers become their digits, a tag that is null is left out, and
        anything else has to be written in quotes.
    type: dict
  purge_tags:
    description:
      - Remove the tags that are not in O(tags), except our own. With an empty O(tags) all of them
        go; without O(tags) nothing happens to them.
    type: bool
    default: false
  rolled_back_to:
    description:
      - Bring back the value of an earlier version, instead of writing O(api_key). V(previous) is
        the version before the current one; anything else is a version's id.
      - Key Vault's current version is always the newest, so that the earlier value is written as
        a new version, with the current tags, content type and dates. A tag on it names the version
        that the value came from, which is how a second run with V(previous) knows that nothing is
        left to do. A version with the same key as the current one is refused otherwise.
      - It needs the right to C(get) secrets, in check mode, too.
      - A task that still gives the newer key writes it again. Change O(api_key) as well if the
        rollback is to stay.
      - A number stored by O(value_version) is removed, since it belonged to the other value.
    type: str
  purge:
    description:
      - With O(state=absent), purge the secret once it is deleted, so that its name is free and the
        value is gone for good. One that was soft-deleted before is purged with
        O(on_foreign=adopt) only, since Key Vault does not show whether its last value is ours.
      - It is refused, before anything is deleted, for a vault with purge protection.
    type: bool
    default: false
notes:
  - The built-in role C(Key Vault Secrets Officer) on the vault is enough for everything. The last
    of the examples is a role with no more than this module uses, ready to be cut down and pasted.
  - In a vault with access policies the secret permissions C(list) and C(set) are needed, C(delete)
    for O(state=absent), C(recover) for a name that is soft-deleted, C(purge) for O(purge=true), and
    C(get) for O(compare=value), O(rolled_back_to) and secrets without our fingerprint. One that
    release 1.0.0 wrote is read as well, if that is permitted.
  - C(list) alone (C(Key Vault Reader)) is enough for a run that changes nothing, and for check
    mode.
  - Our fingerprint, a tag, counts only for the version that it was written with. Where another
    version has it, because its tags were copied, the value is read.
  - Key Vault gives times in whole seconds. Of two versions made in the same second neither is
    surely the last one, so that the value is read to be sure, and the list of the vault's secrets
    is gone through for the current properties.
  - Expiry and activation are not renewed by themselves; a new version keeps the dates of the one
    before, so give new ones with a new key.
  - The lists of deleted secrets are gone through only where the identity may not C(get) secrets.
  - No secret value is ever returned, neither the old nor the new one.
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
# On a laptop after az login, or in a CI job with AZURE_TENANT_ID, AZURE_CLIENT_ID and
# AZURE_CLIENT_SECRET: credentials are found by themselves.
- name: Store the key
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-production
    vault_name: contoso-data
    api_key_env: STRIPE_API_KEY

# On a runner or an AWX execution node in Azure.
- name: Store the key with this machine's managed identity, never reading a value
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-test
    vault_url: https://contoso-data.vault.azure.net
    credential: managed_identity
    compare: fingerprint
    api_key: "{{ vaulted_stripe_test_key }}"

# A service principal, by its secret, its certificate or a federated token.
- name: Store the key with a service principal
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-production
    vault_name: contoso-data
    api_key: "{{ vaulted_stripe_key }}"
    tenant_id: "{{ azure_tenant_id }}"
    client_id: "{{ azure_client_id }}"
    client_secret: "{{ vaulted_azure_client_secret }}"

- name: Log in with a certificate, and say how long the key is good for
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-production
    vault_name: contoso-data
    api_key: "{{ vaulted_stripe_key }}"
    content_type: Stripe API key
    expires_on: '2027-06-30T00:00:00Z'
    tags:
      team: data
    tenant_id: "{{ azure_tenant_id }}"
    client_id: "{{ azure_client_id }}"
    certificate_path: /etc/pki/stripe-writer.pem

- name: Store the key from a job with workload identity federation
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-production
    vault_name: contoso-data
    api_key: "{{ vaulted_stripe_key }}"
    credential: workload_identity
    tenant_id: "{{ azure_tenant_id }}"
    client_id: "{{ azure_client_id }}"
    federated_token_file: /var/run/secrets/azure/tokens/azure-identity-token

- name: Change tags without the key, and leave the value alone
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-production
    vault_name: contoso-data
    update_value: never
    tags:
      team: data-platform

- name: Go back to the key before this one
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-production
    vault_name: contoso-data
    rolled_back_to: previous

- name: Delete the secret; the vault keeps it for its retention time
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-test
    vault_name: contoso-data
    state: absent

- name: Delete the secret for good, so that its name is free again
  maia.stripe_query.stripe_secret_azure:
    name: stripe-shop-test
    vault_name: contoso-data
    state: absent
    purge: true
    # It is deleted already, so that whether its last value is ours cannot be seen any more.
    on_foreign: adopt

# A custom role to paste: az role definition create --role-definition @role.json
# Leave out what is not used: getSecret (comparing values, rolling back), delete (state: absent),
# recover (names that are soft-deleted), purge (purge: true).
- name: Write the definition of the role
  ansible.builtin.copy:
    dest: role.json
    mode: '0644'
    content: |
      {
        "Name": "Stripe key writer",
        "Description": "Keeps Stripe API keys in a key vault",
        "Actions": [],
        "DataActions": [
          "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
          "Microsoft.KeyVault/vaults/secrets/setSecret/action",
          "Microsoft.KeyVault/vaults/secrets/update/action",
          "Microsoft.KeyVault/vaults/secrets/getSecret/action",
          "Microsoft.KeyVault/vaults/secrets/delete",
          "Microsoft.KeyVault/vaults/secrets/recover/action",
          "Microsoft.KeyVault/vaults/secrets/purge/action"
        ],
        "AssignableScopes": ["/subscriptions/{{ azure_subscription_id }}"]
      }
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
label:
  description:
    - Always null, since the value is the key alone. M(maia.stripe_query.stripe_secret_aws) returns
      the label that a definition needs.
  returned: success
  type: str
  version_added: 1.1.0
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
    - What changed, or in check mode would change, by name. V(value) (readers get another one, be it
      new or one that was rolled back to), V(state), V(ownership) (our marker was added),
      V(fingerprint) (it was refreshed), or the name of an option.
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
verdict:
  description:
    - Whether the value that was stored before this run is the desired one, and how that is known.
      V(proven) means that it was read or cannot have changed, V(recorded) that our own note says
      so, V(contradicted) that it is another, V(unknown) that it cannot be known. Null if it did not
      matter.
  returned: success
  type: str
  sample: contradicted
  version_added: 1.1.0
unread_because:
  description:
    - Why the stored value could not be read. Null if it could, or did not have to be.
  returned: success
  type: str
  sample: null
  version_added: 1.1.0
unreadable_because:
  description:
    - Why nobody is to read the secret as it is after the task (in check mode as it is before it),
      in one sentence. It is disabled, it has expired, or the time in O(not_before) has not come.
      Key Vault itself refuses only what is disabled.
  returned: when there is such a reason
  type: str
  sample: It is disabled, so nobody can read it.
  version_added: 1.1.0
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
    - What the key to be stored says about itself. Never the key.
  returned: when O(state=present) and there is a key to be stored
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
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(not_visible),
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

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.operation import OPERATION
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)


def main() -> None:
    """What it does is in module_utils/_azure/operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
