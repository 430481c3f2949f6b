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
      - How to compare the stored value with the desired one.
      - V(auto) compares fingerprints. It reads the value only if there is no valid fingerprint and
        the vault allows reading. A fingerprint of another place (a promoted replica, a restored
        backup, a clone) or of another version is not valid.
      - V(value) always reads the value, and so detects every change. It needs the permission to
        read values, and is refused for vaults that never show them.
      - V(prefer_value) reads the value if the vault can show it and the credentials permit it, and
        otherwise compares fingerprints. RV(unread_because) shows why it could not be read. Added in
        2.0.0.
      - V(fingerprint) never reads the value to compare it. The value is still read if other labels
        in the same secret have to be kept.
    type: str
    choices: [auto, value, prefer_value, fingerprint]
    default: auto
  replace_value:
    description:
      - Whether to replace, or with O(state=absent) to delete, a foreign value whose other parts
        cannot be kept, such as binary data, an array, plain text that is not a Stripe key, or
        invalid JSON. By default such a value is refused and not changed.
      - A JSON object is never replaced if its other labels can be kept.
      - It has no effect in a vault that never shows values.
    type: bool
    default: false
    version_added: 2.0.0
notes:
  - O(api_key), O(api_key_file) or O(api_key_env) is needed with O(state=present), except with
    O(update_value=never). Then an existing secret gets the metadata of the task and keeps its
    value, and a missing secret is refused if there is no key to create it with.
  - With O(update_value=never) and C(check_mode=true) a task only reads, and returns information
    about an existing secret without its value. This needs only the permission to read metadata.
  - A fingerprint is a salted HMAC-SHA-256 of the value. A Stripe key has well over 100 random bits,
    so it cannot be guessed from its fingerprint.
  - Options that are omitted are not changed in the vault.
"""
