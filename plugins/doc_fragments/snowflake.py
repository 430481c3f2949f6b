# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for reaching Snowflake."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  connection_name:
    description:
      - The name of a connection in O(connections_file). Its entries are used for all connection
        options that are not set, be it in the task or in the environment.
      - Entries that this module has no use for, such as the warehouse, are left out.
    type: str
  connections_file:
    description:
      - The file with the named connections, which only its owner and its group can read.
      - When left out, it is C(connections.toml), or the C(connections) of C(config.toml), in
        E(SNOWFLAKE_HOME) (C(~/.snowflake)) or else in C(~/.config/snowflake).
    type: path
  account:
    description:
      - The account identifier, like V(myorg-myaccount). E(SNOWFLAKE_ACCOUNT) is used if it is
        omitted.
    type: str
  user:
    description:
      - The user to log in as. E(SNOWFLAKE_USER) is used if it is omitted.
    type: str
  authenticator:
    description:
      - How to authenticate. E(SNOWFLAKE_AUTHENTICATOR) is used if it is omitted.
      - When neither is set, a private key, a token, OAuth client credentials, and a password with
        or without a passcode are used in this order.
      - V(snowflake_jwt) needs O(user) and O(private_key) or O(private_key_path).
        V(programmatic_access_token) needs O(user) and O(token). V(oauth) needs O(token).
        V(oauth_client_credentials) needs O(oauth_client_id), O(oauth_client_secret) and
        O(oauth_token_request_url). V(snowflake) needs O(user) and O(password), and
        V(username_password_mfa) O(passcode) as well; nothing waits for approval on a phone.
      - V(workload_identity) needs O(workload_identity_provider) and has not been tested against the
        real service.
    type: str
    choices:
      - snowflake
      - username_password_mfa
      - snowflake_jwt
      - programmatic_access_token
      - oauth
      - oauth_client_credentials
      - workload_identity
  password:
    description:
      - The user's password. E(SNOWFLAKE_PASSWORD) is used if it is omitted.
    type: str
  passcode:
    description:
      - The passcode of the second factor, for a user with a password. It is valid for one login,
        and so for one task; for many hosts use another authenticator.
    type: str
  private_key:
    description:
      - The user's private key in PEM, for key-pair authentication. It comes before
        O(private_key_path).
    type: str
  private_key_path:
    description:
      - A file with the user's private key in PEM, which only its owner and its group can read.
        E(SNOWFLAKE_PRIVATE_KEY_PATH) is used if it is omitted.
    type: path
  private_key_passphrase:
    description:
      - The passphrase of an encrypted private key. E(SNOWFLAKE_PRIVATE_KEY_PASSPHRASE) is used if
        it is omitted.
    type: str
  token:
    description:
      - A programmatic access token, an OAuth access token with O(authenticator=oauth), or an
        identity token with O(workload_identity_provider=oidc). E(SNOWFLAKE_TOKEN) is used if it is
        omitted.
    type: str
  oauth_client_id:
    description:
      - The client of the OAuth client credentials flow. E(SNOWFLAKE_OAUTH_CLIENT_ID) is used if it
        is omitted.
    type: str
  oauth_client_secret:
    description:
      - The client's secret. E(SNOWFLAKE_OAUTH_CLIENT_SECRET) is used if it is omitted.
    type: str
  oauth_token_request_url:
    description:
      - The identity provider's token endpoint.
    type: str
  oauth_scope:
    description:
      - The scope to ask for. When left out, it is C(session:role:) and O(role).
    type: str
  workload_identity_provider:
    description:
      - What vouches for this machine, with O(authenticator=workload_identity).
    type: str
    choices: [aws, azure, gcp, oidc]
  workload_identity_entra_resource:
    description:
      - The Entra resource to ask a token for, with O(workload_identity_provider=azure).
    type: str
  workload_identity_impersonation_path:
    description:
      - The roles or service accounts to take on, one after the other.
    type: list
    elements: str
  role:
    description:
      - The role to use. E(SNOWFLAKE_ROLE) is used when left out, and then the user's default
        role.
    type: str
  host:
    description:
      - Another host name of the account, for instance for private connectivity.
        E(SNOWFLAKE_HOST) is used if it is omitted.
    type: str
  port:
    description:
      - Another port.
    type: int
  protocol:
    description:
      - V(https) when left out. V(http) is allowed for services on this machine only.
    type: str
    choices: [https, http]
  max_attempts:
    description:
      - The maximum number of attempts for a call if Snowflake is busy, fails or cannot be reached.
      - Only version 5 of the connector knows this limit; earlier ones log in up to twice, and
        repeat everything else until O(max_seconds) have passed.
    type: int
    default: 5
notes:
  - No warehouse is needed.
  - Tokens are not stored on disk or in a key ring, so each task logs in again.
requirements:
  - snowflake-connector-python >= 3.18, < 6
"""
