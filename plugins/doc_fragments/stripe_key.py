# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for the key itself."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  api_key:
    description:
      - The Stripe API key. White space around it is dropped. Give it with O(api_key_file) or
        O(api_key_env) to keep it out of the task's arguments, and so out of whatever records them.
      - Use a restricted key (V(rk_live_...) or V(rk_test_...)) with read permissions only.
      - Refused when it cannot be a key - empty, redacted, with white space inside, a webhook
        secret (V(whsec_...)), a key's id (V(mk_...)) or an account id (V(acct_...)).
    type: str
  api_key_file:
    description:
      - In place of O(api_key), a file that holds it in its only line. It is read where the task
        runs, and the path must be absolute.
      - It must be a regular file, or a link to one, that belongs to the user who runs the task or
        to root, and gives no rights to anybody else (C(chmod 0600)).
    type: path
  api_key_env:
    description:
      - In place of O(api_key), the name of an environment variable that holds it. It is read where
        the task runs, which on local connections is in the environment of C(ansible-playbook).
    type: str
  publishable_key:
    description:
      - What to do with a publishable key (V(pk_...)). The vendor's guide asks for one, but Stripe
        lets such a key read nothing, so that Stripe Query fails with it.
      - V(warn) takes it and warns, V(allow) takes it silently, V(reject) fails.
    type: str
    choices: [warn, reject, allow]
    default: warn
"""
