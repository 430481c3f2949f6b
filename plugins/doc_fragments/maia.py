# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for reaching Maia."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  client_id:
    description:
      - The id of Maia API credentials. E(MAIA_CLIENT_ID) is used if it is omitted.
      - U(https://docs.maia.ai/docs/administration/api-credentials) describes how to create them.
    type: str
  client_secret:
    description:
      - The secret of Maia API credentials. E(MAIA_CLIENT_SECRET) is used if it is omitted.
    type: str
  access_token:
    description:
      - An access token to use instead of O(client_id) and O(client_secret). E(MAIA_ACCESS_TOKEN)
        is used if it is omitted.
    type: str
  region:
    description:
      - The region of the Maia account. E(MAIA_REGION) is used if it is omitted.
      - Either this or O(api_url) is needed.
      - V(eu1), V(us1) or V(au1). Another region is refused unless O(allow_unknown_region=true).
      - V(au1) is in the vendor's own code, but not in the API's documentation.
    type: str
  allow_unknown_region:
    description:
      - Accept a O(region) that this version of the collection does not know. The URL of the API is
        built as for the other regions.
    type: bool
    default: false
    version_added: 2.0.0
  api_url:
    description:
      - The URL of the API, up to and without C(/v1). E(MAIA_API_URL) is used if it is omitted.
    type: str
  token_url:
    description:
      - The URL that gives access tokens. E(MAIA_TOKEN_URL) is used if it is omitted.
    type: str
    default: https://id.core.matillion.com/oauth/dpc/token
  allow_unknown_api_host:
    description:
      - Send the credentials to a host outside of C(matillion.com). Without it a mistyped
        O(api_url) or O(token_url) is refused.
        This machine (loopback) needs no permission.
    type: bool
    default: false
  ca_bundle:
    description:
      - A file with the certificate authorities to trust instead of the usual ones.
      - E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used if it is omitted or empty.
      - Certificates are always verified.
    type: path
  requests_per_minute:
    description:
      - The maximum number of requests to the API in a minute, from 10 to 100000. All forks of a run
        share this limit and wait for each other.
      - Maia allows 1000 requests a minute for an account, and 60 for older accounts. Use a lower
        value if other programs use the account at the same time, such as the slices of a job in
        AWX.
      - E(MAIA_REQUESTS_PER_MINUTE) is used if it is omitted.
      - Tasks that run as a module, in a separate process, each have their own limit.
    type: int
    default: 1000
requirements:
  - requests
"""

    # For plugins, which say so themselves where their options come from.
    PLUGIN = r"""
options:
  client_id:
    env:
      - name: MAIA_CLIENT_ID
  client_secret:
    env:
      - name: MAIA_CLIENT_SECRET
  access_token:
    env:
      - name: MAIA_ACCESS_TOKEN
  region:
    env:
      - name: MAIA_REGION
  api_url:
    env:
      - name: MAIA_API_URL
  token_url:
    env:
      - name: MAIA_TOKEN_URL
  requests_per_minute:
    env:
      - name: MAIA_REQUESTS_PER_MINUTE
"""
