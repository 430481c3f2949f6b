# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for reaching Snowflake."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  account:
    description:
      - The account identifier, like V(myorg-myaccount). E(SNOWFLAKE_ACCOUNT) is used when left
        out.
    type: str
  user:
    description:
      - The user to log in as. E(SNOWFLAKE_USER) is used when left out.
    type: str
  password:
    description:
      - The user's password. E(SNOWFLAKE_PASSWORD) is used when left out.
    type: str
  private_key_path:
    description:
      - A file with the user's private key in PKCS#8 form, for key-pair authentication.
        E(SNOWFLAKE_PRIVATE_KEY_PATH) is used when left out.
    type: path
  private_key_passphrase:
    description:
      - The passphrase of an encrypted private key. E(SNOWFLAKE_PRIVATE_KEY_PASSPHRASE) is used
        when left out.
    type: str
  token:
    description:
      - A programmatic access token, or an OAuth access token with O(authenticator=oauth).
        E(SNOWFLAKE_TOKEN) is used when left out.
    type: str
  authenticator:
    description:
      - How to authenticate. E(SNOWFLAKE_AUTHENTICATOR) is used when left out.
      - When neither is set, a private key, a token and a password are used in this order.
    type: str
    choices: [snowflake, snowflake_jwt, programmatic_access_token, oauth]
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
      - V(http) is allowed for services on this machine only.
    type: str
    choices: [https, http]
    default: https
notes:
  - No warehouse is needed.
requirements:
  - snowflake-connector-python >= 3.18, < 6
"""
