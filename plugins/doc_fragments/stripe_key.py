# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for the key itself."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - Whether the object should be there.
    type: str
    choices: [present, absent]
    default: present
  api_key:
    description:
      - The Stripe API key to store. White space around it is dropped.
      - Use a restricted key (V(rk_live_...) or V(rk_test_...)) with read permissions only.
      - Refused when it cannot be a key - empty, redacted, with white space inside, a webhook
        secret (V(whsec_...)), a key's id (V(mk_...)) or an account id (V(acct_...)).
    type: str
  publishable_key:
    description:
      - What to do with a publishable key (V(pk_...)). The vendor's guide asks for one, but Stripe
        lets such a key read nothing, so that Stripe Query fails with it.
      - V(warn) stores it and warns, V(allow) stores it silently, V(reject) fails.
    type: str
    choices: [warn, reject, allow]
    default: warn
"""
