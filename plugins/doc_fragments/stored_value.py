# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that decide what to do about what is stored already."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - Whether the object should exist.
    type: str
    choices: [present, absent]
    default: present
  update_value:
    description:
      - When to write the value of an existing secret.
      - V(on_change) writes it if it differs from the desired value. V(always) writes it in every
        run, and so reports a change in every run. V(never) writes it only when the secret is
        created.
    type: str
    choices: [on_change, always, never]
    default: on_change
  value_version:
    description:
      - Your own version number of the value. If set, the value is written if this number differs
        from the stored number; the values are not compared.
      - It is stored with the value, so it is not changed with O(update_value=never).
      - Use it for rotations that another system counts.
    type: int
  fingerprint_key:
    description:
      - A random text of 16 characters or more that becomes the key of the fingerprint's HMAC. With
        it, even a holder of the Stripe key cannot confirm from the fingerprint that it is the
        stored one.
      - Use the same text in every run. Fingerprints with another text count as unknown.
    type: str
  on_unknown:
    description:
      - What to do if it is unknown whether the stored value is the desired one, because it has no
        valid fingerprint and cannot be read, or because it is deleted and has to be restored first.
      - V(write) writes the value with a fingerprint. V(keep) does not change it and returns
        RV(verified_by=unknown). V(fail) fails.
    type: str
    choices: [write, keep, fail]
    default: write
  on_foreign:
    description:
      - What to do with an object of this name that was created outside this collection, so that it
        does not have the collection's marker.
      - V(fail) fails and changes nothing. V(adopt) takes it over, by adding the marker and bringing
        the object to the desired state, or deletes it with O(state=absent).
      - In an object with the marker, V(adopt) also takes over a Stripe key that others stored, if
        the vault can show that, and with O(state=absent) deletes it.
    type: str
    choices: [fail, adopt]
    default: fail
"""
