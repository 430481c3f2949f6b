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
      - The file with the named connections, which nobody but its owner and its group may read.
      - When left out, it is C(connections.toml), or the C(connections) of C(config.toml), in
        E(SNOWFLAKE_HOME) (C(~/.snowflake)) or else in C(~/.config/snowflake).
    type: path
  account:
    description:
      - The account identifier, like V(myorg-myaccount). E(SNOWFLAKE_ACCOUNT) is used when left
        out.
    type: str
  user:
    description:
      - The user to log in as. E(SNOWFLAKE_USER) is used when left out.
    type: str
  authenticator:
    description:
      - How to authenticate. E(SNOWFLAKE_AUTHENTICATOR) is used when left out.
      - When neither is set, a private key, a token, OAuth client credentials, and a password with
        or without a passcode are used in this order.
      - V(snowflake_jwt) needs O(user) and O(private_key) or O(private_key_path).
        V(programmatic_access_token) needs O(user) and O(token). V(oauth) needs O(token).
        V(oauth_client_credentials) needs O(oauth_client_id), O(oauth_client_secret) and
        O(oauth_token_request_url). V(snowflake) and V(username_password_mfa) need O(user) and
        O(password).
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
      - The user's password. E(SNOWFLAKE_PASSWORD) is used when left out.
    type: str
  passcode:
    description:
      - The passcode of the second factor, for a user with a password. It is good for one log-in,
        which is to say for one task; for a fleet use another way to log in.
    type: str
  private_key:
    description:
      - The user's private key in PEM, for key-pair authentication. It comes before
        O(private_key_path).
    type: str
  private_key_path:
    description:
      - A file with the user's private key in PEM, which nobody but its owner and its group may
        read. E(SNOWFLAKE_PRIVATE_KEY_PATH) is used when left out.
    type: path
  private_key_passphrase:
    description:
      - The passphrase of an encrypted private key. E(SNOWFLAKE_PRIVATE_KEY_PASSPHRASE) is used
        when left out.
    type: str
  token:
    description:
      - A programmatic access token, an OAuth access token with O(authenticator=oauth), or an
        identity token with O(workload_identity_provider=oidc). E(SNOWFLAKE_TOKEN) is used when
        left out.
    type: str
  oauth_client_id:
    description:
      - The client of the OAuth client credentials flow. E(SNOWFLAKE_OAUTH_CLIENT_ID) is used when
        left out.
    type: str
  oauth_client_secret:
    description:
      - The client's secret. E(SNOWFLAKE_OAUTH_CLIENT_SECRET) is used when left out.
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
        E(SNOWFLAKE_HOST) is used when left out.
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
      - How often a call is tried in all when Snowflake is busy, fails or cannot be reached.
      - Only version 5 of the connector knows this limit; earlier ones log in up to twice, and
        repeat everything else until O(max_seconds) have passed.
    type: int
    default: 5
  max_seconds:
    description:
      - After how many seconds no further attempt is begun.
    type: int
    default: 60
notes:
  - No warehouse is needed.
  - Tokens are not kept on disk or in a key ring, so each task logs in anew.
requirements:
  - snowflake-connector-python >= 3.18, < 6
"""
