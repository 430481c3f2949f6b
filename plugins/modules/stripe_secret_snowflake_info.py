#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stripe_secret_snowflake_info
short_description: Look at secrets in Snowflake, never at their values
version_added: 2.0.0
description:
  - Returns for each secret whether it exists, whether this collection manages it, how its value is
    stored, and its metadata. A secret that is absent, deleted or foreign is not an error.
  - Values are never returned.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  database:
    description:
      - The database that the secrets are in.
    type: str
    default: MATILLION_DATA_PRODUCTIVITY_CLOUD
  schema:
    description:
      - The schema that the secrets are in.
    type: str
    default: SECRETS
notes:
  - It takes USAGE on the database and schema, and of a secret any privilege on it.
  - Snowflake shows no values, and keeps no versions.
extends_documentation_fragment:
  - maia.stripe_query.attributes.info
  - maia.stripe_query.attributes
  - maia.stripe_query.secret_info
  - maia.stripe_query.snowflake
  - maia.stripe_query.time_limit
seealso:
  - module: maia.stripe_query.stripe_secret_snowflake
"""

EXAMPLES = r"""
- name: Look at one secret
  maia.stripe_query.stripe_secret_snowflake_info:
    names: [STRIPE_SHOP_PRODUCTION]
    account: contoso-finance
    user: MAIA_ADMIN
    private_key_path: /etc/maia/snowflake.p8
    role: ACCOUNTADMIN
  register: shop

- name: Show who may use it
  ansible.builtin.debug:
    msg: "{{ shop.secrets[0].grants }}"
"""

RETURN = r"""
secrets:
  description:
    - The secrets, in the order of O(names). The modules for all vaults return the same values;
      values that a vault does not have are null.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The secret's name.
      type: str
    similar_names:
      description:
        - Of an absent secret, names in the same place that differ in upper and lower case only.
          Only Snowflake shows them.
      type: list
      elements: str
    place:
      description:
        - Where it is. In AWS C(region) and C(arn), in Azure C(vault_url) and C(id), in Snowflake
          C(database), C(schema) and C(qualified_name).
      type: dict
    state:
      description:
        - V(present), V(absent), or V(deleted) while the vault keeps it and its name.
      type: str
    ours:
      description: Whether this collection created it or has taken it over.
      type: bool
    left_alone_because:
      description:
        - Why this collection cannot manage or take over the secret, such as a secret that belongs
          to a service of the cloud. Null otherwise.
      type: str
    unreadable_because:
      description: Why it cannot be read now, such as a disabled secret. Null otherwise.
      type: str
    format:
      description:
        - V(plaintext) for a Stripe key alone and V(key_value) for a JSON object, or what else the
          value is, in words. Known if the value was read, or if it is the one that this collection
          wrote. Null otherwise.
      type: str
    labels:
      description: The names of the labels of a JSON object. Null if they are not known.
      type: list
      elements: str
    stripe_keys:
      description: The Stripe keys in the value. Null if it was not read.
      type: list
      elements: dict
      contains:
        label:
          description: The label that it is stored under. Null if the key is alone.
          type: str
        kind:
          description: V(restricted), V(secret), V(publishable), V(organization) or another kind.
          type: str
        mode:
          description: V(live), V(test) or V(unknown).
          type: str
        counts_as:
          description:
            - V(publishable) or V(secret) for a key that the option C(on_publishable_key) or
              C(on_secret_key) of other modules is about. Null for others.
          type: str
        padded:
          description: Whether there is white space before or after it.
          type: bool
        same_as:
          description:
            - The same text for equal keys in all vaults. Null without O(comparison_salt).
          type: str
    repeated_labels:
      description:
        - Labels that the value has more than once. Programs differ in which one they read. Null if
          it was not read.
      type: list
      elements: str
    unread_because:
      description: Why the value was not read although it was requested. Null otherwise.
      type: str
    unread_hint:
      description: What to do so that it can be read. Null if nothing helps.
      type: str
    fingerprint:
      description:
        - The first characters of the fingerprint of the value. Null if there is none.
      type: str
    value_version:
      description: The number that was given for the value. Null if there is none.
      type: int
    created:
      description: When the secret was made.
      type: str
    last_changed:
      description: When the secret was last changed, if the vault shows it.
      type: str
    value_written:
      description: When the current version of the value was created. Null if the vault does not
        show it.
      type: str
    deleted_on:
      description: For a deleted secret the date that the vault has for that.
      type: str
    purged_on:
      description: When the vault will purge a deleted secret. Null if it is unknown.
      type: str
    description:
      description: The description, or in Snowflake the comment without our marker.
      type: str
    content_type:
      description: The content type (Azure).
      type: str
    enabled:
      description: Whether it is enabled (Azure).
      type: bool
    expires_on:
      description: When it expires (Azure).
      type: str
    not_before:
      description: When it begins to be valid (Azure).
      type: str
    tags:
      description: The tags without our own (AWS, Azure).
      type: dict
    grants:
      description: The privileges on it, in words (Snowflake).
      type: list
      elements: str
    kms_key_id:
      description: The KMS key, if it is not AWS's own (AWS).
      type: str
    replicas:
      description: Its replicas, each with C(region), C(kms_key_id) and C(status) (AWS).
      type: list
      elements: dict
    rotation_enabled:
      description: Whether AWS rotates its value (AWS).
      type: bool
    versions:
      description:
        - Its versions, the newest first (AWS, Azure). In Azure a deleted secret shows its last one
          only.
      type: list
      elements: dict
      contains:
        id:
          description: The id, which C(rolled_back_to) of the vault's module takes.
          type: str
        stages:
          description:
            - AWS's staging labels, such as V(AWSCURRENT) and V(AWSPREVIOUS). In Azure V(current)
              for the version that readers get.
          type: list
          elements: str
        created:
          description: When it was made.
          type: str
        ours:
          description: Whether this collection wrote it.
          type: bool
        fingerprint:
          description: The first characters of its value's fingerprint. Null if it is not known.
          type: str
        enabled:
          description: Whether it is enabled (Azure).
          type: bool
        expires_on:
          description: When it expires (Azure).
          type: str
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
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.info import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_snowflake/modules/info.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
