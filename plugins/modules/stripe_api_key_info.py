#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stripe_api_key_info
short_description: Get information about a Stripe API key
version_added: 1.0.0
description:
  - Returns the kind and the mode of a key, and refuses text that cannot be a key. The key comes
    from
    O(api_key_file), O(api_key_env) or O(api_key), of which one is needed.
  - With O(verify) it asks Stripe, with read-only requests, whether the key is valid, which account
    it belongs to, and which permissions for Stripe Query's data sources it has.
  - A key that is invalid, expired or publishable, or that has another mode or account, is an error.
    Missing permissions are reported, but are not an error.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  verify:
    description:
      - Ask Stripe. The key is sent only to Stripe; redirects are not followed.
      - If an access policy of the key does not allow this machine's address, Stripe refuses and may
        notify the key's owner.
    type: bool
    default: false
  permissions:
    description:
      - The data to try to read. One item of each is requested and discarded. Requires O(verify).
    type: list
    elements: str
    choices:
      - balance
      - balance_transactions
      - charges
      - coupons
      - customers
      - disputes
      - events
      - invoices
      - payment_intents
      - payouts
      - plans
      - prices
      - products
      - subscriptions
      - transfers
    default: []
  expected_mode:
    description:
      - Fail if the key has the other mode, so that no live key is stored for a test environment.
    type: str
    choices: [live, test]
  expected_account:
    description:
      - Fail unless the key belongs to this account (V(acct_...)). Requires O(verify).
    type: str
  on_unverified:
    description:
      - What to do if Stripe cannot be reached, is busy, or does not allow this machine to use the
        key.
    type: str
    choices: [warn, fail]
    default: warn
  stripe_context:
    description:
      - The account to use an organization key (V(sk_org...)) for.
    type: str
  api_url:
    description:
      - The URL of Stripe's API. Hosts other than Stripe's and this machine are refused.
    type: str
    default: https://api.stripe.com
  ca_bundle:
    description:
      - A file with the certificate authorities to trust instead of the usual ones.
      - E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used if it is omitted or empty.
      - Certificates are always verified.
    type: path
extends_documentation_fragment:
  - maia.stripe_query.attributes.info
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.time_limit
requirements:
  - requests
seealso:
  - name: Restricted API keys in Stripe's documentation
    description: How to make a key with read permissions only.
    link: https://docs.stripe.com/keys/restricted-api-keys
"""

EXAMPLES = r"""
- name: Make sure that a live key of the right account may read what will be loaded
  maia.stripe_query.stripe_api_key_info:
    api_key_env: STRIPE_API_KEY
    verify: true
    expected_mode: live
    expected_account: "{{ stripe_account }}"
    permissions: [charges, customers, invoices]
  register: key

- name: Say which permissions are missing
  ansible.builtin.debug:
    msg: "{{ key.permissions | dict2items | selectattr('value', 'eq', 'missing') }}"
"""

RETURN = r"""
api_key:
  description:
    - Information about the key. Never the key.
  returned: success
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
verification:
  description: The answer of Stripe.
  returned: success
  type: dict
  contains:
    status:
      description: V(valid), V(unverified), or V(not_asked) without O(verify).
      type: str
      sample: valid
    reason:
      description: Why it could not be verified. Null otherwise.
      type: str
    account:
      description: The account that the key belongs to. Null if Stripe did not name it.
      type: str
permissions:
  description:
    - For each of O(permissions) V(granted), V(missing) or V(unknown). Empty unless the key was
      found valid.
  returned: success
  type: dict
  sample:
    charges: granted
    invoices: missing
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
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.operation import OPERATION


def main() -> None:
    """What it does is in module_utils/_stripe/operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()
