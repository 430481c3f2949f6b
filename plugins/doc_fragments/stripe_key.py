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
      - What is no key is refused, with what was probably meant - a text that Ansible or AWX show in
        place of a secret, an encrypted one, a list, JSON, quotes, an assignment, a path, several
        keys, a webhook secret (V(whsec_...)), and so on. See also O(allow_unknown_key).
      - No other option may hold what looks like a key.
    type: str
  api_key_file:
    description:
      - In place of O(api_key), a file that holds it in its only line. It is read where the task
        runs, and the path must be absolute.
      - It must be a regular file, or a link to one, that belongs to the user who runs the task or
        to root, and gives no rights to anybody else (C(chmod 0600)). Its text is in UTF-8.
    type: path
  api_key_env:
    description:
      - In place of O(api_key), the name of an environment variable that holds it. It is read where
        the task runs, which on local connections is in the environment of C(ansible-playbook).
    type: str
  on_publishable_key:
    description:
      - What to do with a publishable key (V(pk_...)). The vendor's guide asks for one, but Stripe
        lets such a key read nothing, so that Stripe Query fails with it.
      - V(warn) takes it and warns, V(allow) takes it silently, V(reject) fails.
      - The alias is the name that it had in 1.0.0.
    type: str
    choices: [warn, reject, allow]
    default: warn
    aliases: [publishable_key]
  on_secret_key:
    description:
      - What to do with a key that begins with V(sk_), in any case, those of an organization and of
        unknown kinds too, and so is unrestricted. Stripe Query works with it, but it may do
        anything in the Stripe account, where a restricted key only reads what is loaded.
      - V(warn) takes it and warns, V(allow) takes it silently, V(reject) fails.
    type: str
    choices: [warn, reject, allow]
    default: warn
    version_added: 1.1.0
  allow_unknown_key:
    description:
      - Whether to take a key of a kind that is not known. Known are keys that begin with V(rk_),
        V(sk_), V(pk_), V(rkcs_), V(ek_) or V(oak_) and a mode (V(live_) or V(test_)), or with
        V(sk_org_), and go on with 20 to 255 letters and digits. Fewer look cut off.
    type: bool
    default: false
    version_added: 1.1.0
"""
