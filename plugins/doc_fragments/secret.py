# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that all stripe_secret_* modules share."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  compare:
    description:
      - How to know whether the stored value is the desired one.
      - V(auto) compares fingerprints, and reads the value only where there is no fingerprint of
        ours that can be trusted and the vault allows reading. A fingerprint that was made for
        another place (a promoted replica, a restored backup, a clone) or for another version cannot
        be trusted.
      - V(value) always reads the value, and so finds every change made outside this collection. It
        needs the right to read values, and is refused for vaults that never show them.
      - V(prefer_value) reads the value where the vault can show it and the credentials may, and
        else compares fingerprints. RV(unread_because) tells why it could not be read. Added in
        1.1.0.
      - V(fingerprint) never reads the value in order to compare it. It is still read where other
        labels in the same secret have to be kept.
    type: str
    choices: [auto, value, prefer_value, fingerprint]
    default: auto
  replace_value:
    description:
      - Whether to replace, or with O(state=absent) to delete, a value that is not ours and in which
        others' parts cannot be kept, such as binary data, an array, plain text that is not a Stripe
        key, or text that is nearly JSON. By default such a value is refused and stays as it is.
      - A JSON object is never replaced by V(true) where its other labels can be kept.
      - It has no effect in a vault that never shows values.
    type: bool
    default: false
    version_added: 1.1.0
notes:
  - O(api_key), O(api_key_file) or O(api_key_env) is needed with O(state=present), except with
    O(update_value=never). Then an existing secret gets the metadata that the task gives and keeps
    its value, and a missing one is refused if there is no key to make it with.
  - With O(update_value=never) and C(check_mode=true) a task only looks, and returns what is known
    of an existing secret without its value. The right to see metadata is enough for that.
  - A fingerprint is a salted HMAC-SHA-256 of the value. A Stripe key has well over 100 random bits,
    so nobody can guess it from its fingerprint.
  - What is left out of the task stays as it is in the vault.
"""
