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
      - The Stripe API key. White space around it is removed. Use O(api_key_file) or O(api_key_env)
        instead to keep it out of the arguments of the task, and so out of logs of them.
      - Use a restricted key (V(rk_live_...) or V(rk_test_...)) with read permissions only.
      - Text that is not a key is refused with an explanation - a text that Ansible or AWX show in
        place of a secret, an encrypted one, a list, JSON, quotes, an assignment, a path, several
        keys, a webhook secret (V(whsec_...)), and so on. See also O(allow_unknown_key).
      - No other option may contain text that looks like a key.
    type: str
  api_key_file:
    description:
      - In place of O(api_key), a file that holds it in its only line. It is read where the task
        runs, and the path must be absolute.
      - It must be a regular file, or a link to one, that is owned by the user who runs the task or
        by root, and is not accessible to others (C(chmod 0600)). Its text is in UTF-8.
    type: path
  api_key_env:
    description:
      - In place of O(api_key), the name of an environment variable that holds it. It is read where
        the task runs, which on local connections is in the environment of C(ansible-playbook).
    type: str
  on_publishable_key:
    description:
      - What to do with a publishable key (V(pk_...)). The vendor's guide asks for one, but such a
        key cannot read data, so that Stripe Query fails with it.
      - V(warn) accepts it with a warning, V(allow) accepts it silently, V(reject) fails.
      - The alias is its name in 1.0.0.
    type: str
    choices: [warn, reject, allow]
    default: warn
    aliases: [publishable_key]
  on_secret_key:
    description:
      - What to do with an unrestricted key, which is any key that begins with V(sk_), including
        organization keys and unknown kinds. Stripe Query works with it, but it has full access to
        the Stripe account. A restricted key can be limited to reading the data that is loaded.
      - V(warn) accepts it with a warning, V(allow) accepts it silently, V(reject) fails.
    type: str
    choices: [warn, reject, allow]
    default: warn
    version_added: 2.0.0
  allow_unknown_key:
    description:
      - Whether to accept a key of an unknown kind. Known kinds begin with V(rk_),
        V(sk_), V(pk_), V(rkcs_), V(ek_) or V(oak_) and a mode (V(live_) or V(test_)), or with
        V(sk_org_), and continue with 20 to 255 letters and digits. Shorter keys look truncated.
    type: bool
    default: false
    version_added: 2.0.0
"""
