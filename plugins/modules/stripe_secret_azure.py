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
  - Manages a Stripe API key in a secret that a Hybrid runner of Maia on Azure can read. A second
    run changes nothing.
  - To detect a change of the value, only the list of the secret's versions is read, which never
    shows values. Each version has a fingerprint of its value in a tag.
  - A new version is created only if the value changes. It keeps the tags, content type, dates and
    state of the previous version.
  - Everything else (content type, dates, state, tags) is changed by updating the properties of the
    version. Options that are omitted are not changed.
  - A soft-deleted secret of the same name is recovered and brought to the desired state.
  - O(rolled_back_to) restores the value of an earlier version.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  name:
    description:
      - The secret's name, up to 127 letters, digits and hyphens. Maia's documentation requires a
        letter at the start, so there is a warning for other names.
    type: str
    required: true
  content_type:
    description:
      - The content type of the value. An empty text removes it.
    type: str
  enabled:
    description:
      - Whether the current version can be read. If it is disabled, nothing can read the value,
        including the runner.
    type: bool
  expires_on:
    description:
      - When the secret expires, in ISO 8601 (UTC where no time zone is given) or as seconds since
        1970. Quote it, because YAML would convert it to a date.
      - Key Vault only shows the date to readers; an expired secret can still be read.
      - An empty text removes it. Key Vault cannot remove a date from a version, so O(api_key) is
        written again as a new version without it.
    type: str
  not_before:
    description:
      - When the secret becomes valid, in the format of O(expires_on).
    type: str
  tags:
    description:
      - Tags to set, 14 at most. Tags of other names stay as they are, unless O(purge_tags) is set.
      - Key Vault allows 15 tags. The collection uses one of them, another one with
        O(value_version), and another one with O(rolled_back_to). Names and values have up to 512
        characters.
      - Values are strings. Integers are converted, a tag that is null is ignored, and other types
        have to be quoted.
    type: dict
  purge_tags:
    description:
      - Remove the tags that are not in O(tags), except the collection's. With an empty O(tags) all
        of them are removed; without O(tags) no tag is removed.
    type: bool
    default: false
  retire_previous_after:
    description:
      - The number of days after which earlier versions are retired. A task then disables them, and
        a rollback is no longer possible. With V(0), the next task does so.
      - If omitted, earlier versions stay enabled. Anyone who can read the secret can read them,
        including old keys.
      - It needs the permission to C(set) secrets, as writing does.
    type: int
    version_added: 2.0.0
  rolled_back_to:
    description:
      - Restore the value of an earlier version, instead of writing O(api_key). Use V(previous) or
        the ID of a version.
      - Key Vault's current version is always the newest, so that the earlier value is written as
        a new version, with the current tags, content type and dates. A tag on it names the version
        that the value came from, so that a second run with V(previous) changes nothing. Any other
        version with the same key as the current one is refused.
      - It needs the permission to C(get) secrets, also in check mode.
      - A task with the newer key writes that key again. To keep the rollback, change O(api_key) as
        well.
      - A number that O(value_version) stored is removed, because it belongs to the other value.
    type: str
  purge:
    description:
      - With O(state=absent), purge the deleted secret, so that its name is free and the value
        cannot be recovered. A secret that was soft-deleted before is purged only with
        O(on_foreign=adopt), because Key Vault does not show who wrote its last value.
      - It is refused, before anything is deleted, for a vault with purge protection.
    type: bool
    default: false
notes:
  - The built-in role C(Key Vault Secrets Officer) on the vault is sufficient for all options. The
    last example is a role with only the permissions that this module uses.
  - In a vault with access policies the secret permissions C(list) and C(set) are needed, C(delete)
    for O(state=absent), C(recover) for a name that is soft-deleted, C(purge) for O(purge=true), and
    C(get) for O(compare=value), O(rolled_back_to) and secrets without a fingerprint. A secret that
    release 1.0.0 wrote is also read, if that is permitted.
  - C(list) alone (C(Key Vault Reader)) is enough for a run that changes nothing, and for check
    mode.
  - The fingerprint in a tag is valid only for the version that it was written with. If the tags
    were copied to another version, the value is read.
  - Key Vault shows times in whole seconds. If two versions were created in the same second, the
    value is read to find out which is the latest, and the vault's list of secrets is searched for
    the current properties.
  - Expiry and activation dates are not renewed automatically. A new version keeps the dates of the
    previous version, so set new dates with a new key.
  - The lists of deleted secrets are searched only if the identity cannot C(get) secrets.
  - No secret value is ever returned, neither the old nor the new one.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.secret
  - maia.stripe_query.azure
  - maia.stripe_query.time_limit
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
  version_added: 2.0.0
version:
  description:
    - The id of the version that is current after the task. Null in check mode if it would change.
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
      V(value_version), or V(unknown) if it could not be compared. Null if the comparison was not
      needed.
  returned: success
  type: str
  sample: fingerprint
verdict:
  description:
    - Whether the value before this run was the desired one. V(proven) means that it was read or
      cannot have changed, V(recorded) that the recorded fingerprint matches, V(contradicted) that
      it differs, V(unknown) that it could not be compared. Null if the comparison was not needed.
  returned: success
  type: str
  sample: contradicted
  version_added: 2.0.0
unread_because:
  description:
    - Why the stored value could not be read. Null if it was read, or was not needed.
  returned: success
  type: str
  sample: null
  version_added: 2.0.0
value_problem:
  description:
    - Why the stored value that was read is not the given key, if it is not just another key. For
      example, a label that is there more than once, or white space around the key. Null otherwise.
  returned: success
  type: str
  sample: null
  version_added: 2.0.0
expires_on:
  description: When it expires. Null if it does not.
  returned: success, but for a secret that is absent and stays so
  type: str
  version_added: 2.0.0
unreadable_because:
  description:
    - Why the secret is not usable after the task (in check mode before it), in one sentence. It is
      disabled, it has expired, or O(not_before) is in the future. Key Vault itself refuses only
      disabled secrets.
  returned: when there is such a reason
  type: str
  sample: It is disabled, so it cannot be read.
  version_added: 2.0.0
fingerprint:
  description:
    - The first characters of the fingerprint of the stored value. It depends on the value and on
      the place of the secret.
    - Null if there is none, and in check mode for a secret that does not exist yet.
  returned: success
  type: str
  sample: 3f9c0a71b2de
api_key:
  description:
    - Information about the key to be stored. Never the key.
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
    - When the secret was created, in UTC (ISO 8601). Null if it did not exist before this task.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
last_changed:
  description:
    - When the secret was last changed before this task, in UTC (ISO 8601). Null if unknown.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
value_since:
  description:
    - When the previous value was written, in UTC (ISO 8601). Null if unknown.
    - It is the date of its version, which a change of tags does not move.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
retired:
  description: The ids of the versions that O(retire_previous_after) made unusable.
  returned: when there are any
  type: list
  elements: str
  sample: ['0b1e2d3c4a5f60718293a4b5c6d7e8f9']
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

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)


def main() -> None:
    """What it does is in module_utils/_azure/modules/secret.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
