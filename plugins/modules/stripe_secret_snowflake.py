#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stripe_secret_snowflake
short_description: Keep a Stripe API key in a Snowflake schema
version_added: 1.0.0
description:
  - Stores a Stripe API key as a SECRET object of type GENERIC_STRING that a Hybrid runner of Maia
    in Snowflake can read, and grants the runner the privileges on it. A second run changes nothing.
  - Snowflake never shows the value of a secret. The comment of the secret ends with a fingerprint
    of the value; both are changed in one statement.
  - An existing secret is altered, never replaced, so that the grants on it are kept.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  name:
    description:
      - The secret's name. As in SQL, names without quotes are converted to upper case; put a name
        in double quotes inside the value to keep its case.
    type: str
    required: true
  database:
    description:
      - The database. The default is the native application of the runner.
      - Uninstalling the application deletes the secrets in it.
    type: str
    default: MATILLION_DATA_PRODUCTIVITY_CLOUD
  schema:
    description:
      - The schema. It must exist unless O(create_schema=true).
    type: str
    default: SECRETS
  create_schema:
    description:
      - Whether to create the schema if it does not exist. The role that creates it owns it.
      - An existing schema is not changed, and schemas are never dropped.
    type: bool
    default: false
  comment:
    description:
      - The comment of the secret. The collection adds its marker. An empty text removes it.
    type: str
  grant_to:
    description:
      - Who can use the secret. Missing privileges are granted. Other privileges are not changed
        unless O(purge_grants=true).
      - If omitted, grants are neither read nor changed. They are kept when the value changes,
        because the secret is never replaced.
    type: list
    elements: dict
    suboptions:
      type:
        description:
          - V(application) for a runner that is a native application, V(role) for other runners.
          - V(database_role) is a role of the secret's database.
        type: str
        choices: [application, role, database_role]
        required: true
      name:
        description:
          - The application's or role's name, by the same rules as O(name).
          - A database role may be named with its database, as in V(PLATFORM.SECRETS_READER).
        type: str
        required: true
      privileges:
        description:
          - The privileges on the secret.
        type: list
        elements: str
        choices: [USAGE, READ]
        default: [USAGE, READ]
  grant_usage_on_schema:
    description:
      - Whether to also grant USAGE on the database and the schema, which is needed to use the
        privileges on the secret.
      - This is not done for an application on its own database, and for a database role on its
        database, because they have USAGE there.
      - Set it to V(false) for grantees that have USAGE through another role, or if the role of the
        task cannot grant it. O(purge_grants) never removes it.
    type: bool
    default: true
  purge_grants:
    description:
      - Whether to revoke privileges on the secret that are not in O(grant_to). The owner keeps
        OWNERSHIP. Other remaining privileges are in RV(extra_grants).
      - An empty O(grant_to) then revokes all of them. Without O(grant_to) nothing is revoked.
    type: bool
    default: false
notes:
  - Privileges that the role of the task needs. USAGE on database and schema; CREATE SECRET on the
    schema to create; OWNERSHIP of the secret, which its creator has, to change, grant and drop. To
    grant USAGE on the database or schema, OWNERSHIP of these, or MANAGE GRANTS. CREATE SCHEMA on
    the database for O(create_schema). In a managed access schema, only the schema's owner grants.
  - A run without changes only needs to see the secret, which requires any privilege on it and USAGE
    on its database and schema.
  - The last example is SQL for a role with only these privileges, for your own schema.
  - In the application's own schema, use the role that installed the application.
  - The session has C(QUOTED_IDENTIFIERS_IGNORE_CASE) set to false and C(ROWS_PER_RESULTSET) to 0,
    because names and lists depend on these parameters. If Snowflake
    refuses that, nothing else is done.
  - A secret that another role owns is refused before anything is changed, unless the role of the
    session includes that role.
  - Because values cannot be read, a change by others with C(ALTER SECRET) that keeps the comment is
    not detected; a change with C(CREATE OR REPLACE) is. Snowflake keeps no earlier versions.
  - Only secrets of type GENERIC_STRING are managed. Others of the same name are refused.
  - Logins that need a person or a browser, and logins through Okta's form, are not supported.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.secret
  - maia.stripe_query.snowflake
  - maia.stripe_query.time_limit
seealso:
  - module: maia.stripe_query.maia_secret_definition
  - name: Snowflake runner secrets in Maia's documentation
    description: Where the runner looks for secrets.
    link: https://docs.maia.ai/docs/guides/snowflake-runner-secrets
"""

EXAMPLES = r"""
# On a laptop or in a CI job, with a key pair. SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and
# SNOWFLAKE_PRIVATE_KEY_PATH may stand for the options. The runner is a native application, whose
# own schema holds the secrets.
- name: Store the key where the native application reads it
  maia.stripe_query.stripe_secret_snowflake:
    name: STRIPE_SHOP_PRODUCTION
    api_key_env: STRIPE_API_KEY
    account: contoso-finance
    user: MAIA_ADMIN
    private_key_path: /etc/maia/snowflake.p8
    # The role that installed the application.
    role: ACCOUNTADMIN
    grant_to:
      - type: application
        name: MATILLION_DATA_PRODUCTIVITY_CLOUD

# The same application, but a schema that outlives it. The role needs CREATE SCHEMA on the database,
# and OWNERSHIP of the database to grant USAGE on it.
- name: Store the key in a schema of your own for the native application
  maia.stripe_query.stripe_secret_snowflake:
    name: STRIPE_SHOP_PRODUCTION
    database: PLATFORM
    schema: MAIA_SECRETS
    create_schema: true
    api_key: "{{ vaulted_stripe_key }}"
    connection_name: platform
    role: PLATFORM_OWNER
    comment: Stripe key of the shop, production
    grant_to:
      - type: application
        name: MATILLION_DATA_PRODUCTIVITY_CLOUD

# The runner has a role; its administrator has granted it USAGE on database and schema once.
- name: Store the key for one runner's role only
  maia.stripe_query.stripe_secret_snowflake:
    name: STRIPE_SHOP_TEST
    database: PLATFORM
    schema: SECRETS
    api_key: "{{ vaulted_stripe_test_key }}"
    account: contoso-finance
    user: MAIA_ADMIN
    token: "{{ vaulted_programmatic_access_token }}"
    role: MAIA_SECRETS
    grant_to:
      - type: role
        name: SHOP_RUNNER_ROLE
    grant_usage_on_schema: false
    purge_grants: true

# On a runner or an AWX execution node in AWS, whose role a Snowflake service user is tied to.
- name: Change the comment without the key, with the identity of the machine
  maia.stripe_query.stripe_secret_snowflake:
    name: STRIPE_SHOP_TEST
    database: PLATFORM
    update_value: never
    comment: Stripe key of the shop, test
    account: contoso-finance
    role: MAIA_SECRETS
    authenticator: workload_identity
    workload_identity_provider: aws

- name: Log in with OAuth client credentials
  maia.stripe_query.stripe_secret_snowflake:
    name: STRIPE_SHOP_TEST
    database: PLATFORM
    api_key: "{{ vaulted_stripe_test_key }}"
    account: contoso-finance
    role: MAIA_SECRETS
    oauth_client_id: "{{ oauth_client_id }}"
    oauth_client_secret: "{{ vaulted_oauth_client_secret }}"
    oauth_token_request_url: https://login.example.com/oauth/token

- name: Drop the secret
  maia.stripe_query.stripe_secret_snowflake:
    name: STRIPE_SHOP_TEST
    database: PLATFORM
    account: contoso-finance
    user: MAIA_ADMIN
    password: "{{ vaulted_password }}"
    state: absent

# A role to paste into a worksheet. The last two statements are for the runner's role, and are only
# needed with grant_usage_on_schema: false.
- name: Write the SQL for a role that keeps the secrets of one schema
  ansible.builtin.copy:
    dest: maia-secrets.sql
    mode: "0644"
    content: |
      CREATE ROLE MAIA_SECRETS;
      GRANT USAGE ON DATABASE PLATFORM TO ROLE MAIA_SECRETS;
      GRANT USAGE, CREATE SECRET ON SCHEMA PLATFORM.SECRETS TO ROLE MAIA_SECRETS;
      GRANT ROLE MAIA_SECRETS TO USER MAIA_ADMIN;
      GRANT USAGE ON DATABASE PLATFORM TO ROLE SHOP_RUNNER_ROLE;
      GRANT USAGE ON SCHEMA PLATFORM.SECRETS TO ROLE SHOP_RUNNER_ROLE;
"""

RETURN = r"""
name:
  description: The secret's name, as Snowflake stores it.
  returned: success
  type: str
  sample: STRIPE_SHOP_PRODUCTION
database:
  description: The database, as Snowflake stores it.
  returned: success
  type: str
  sample: MATILLION_DATA_PRODUCTIVITY_CLOUD
schema:
  description: The schema, as Snowflake stores it.
  returned: success
  type: str
  sample: SECRETS
qualified_name:
  description: The full name, quoted for use in SQL.
  returned: success
  type: str
  sample: '"MATILLION_DATA_PRODUCTIVITY_CLOUD"."SECRETS"."STRIPE_SHOP_PRODUCTION"'
schema_created:
  description: Whether the schema was made, or in check mode would be made.
  returned: success
  type: bool
  sample: false
extra_grants:
  description:
    - Privileges on the secret that others hold and O(grant_to) does not ask for. With
      O(purge_grants=true) only those are left that this module cannot revoke.
  returned: when O(grant_to) is given and O(state=present)
  type: list
  elements: str
  sample: [READ to role OLD_RUNNER_ROLE]
label:
  description:
    - Always null, since the value is the key alone. M(maia.stripe_query.stripe_secret_aws) returns
      the label that a definition needs.
  returned: success
  type: str
  version_added: 2.0.0
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
    - It is as the comment says, in which it is noted when the value is written.
  returned: success
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
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_snowflake/modules/secret.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
