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
      - Whether the object should be there.
    type: str
    choices: [present, absent]
    default: present
  update_value:
    description:
      - When to write the value of a secret that exists.
      - V(on_change) writes it when it is not the desired one. V(always) writes it in every run, and
        so reports a change in every run. V(never) only ever writes it when the secret is made.
    type: str
    choices: [on_change, always, never]
    default: on_change
  value_version:
    description:
      - Your own number for the value. When it is given, the value is written when this number is
        not the one that was stored with the value, and is not compared in any other way.
      - It is stored with the value, and so stays as it is with O(update_value=never).
      - It suits rotations that are counted elsewhere.
    type: int
  fingerprint_key:
    description:
      - A random text of 16 characters or more that goes into fingerprints. With it even someone
        who holds a candidate key cannot find out from the fingerprint whether it is the stored
        one.
      - Give the same in every run. Fingerprints made with another one count as unknown.
    type: str
  on_unknown:
    description:
      - What to do when it cannot be known whether the stored value is the desired one, because
        there is no fingerprint that was made for it in this place and the value cannot be read, or
        is deleted and has to be restored first.
      - V(write) writes the value, after which there is a fingerprint. V(keep) leaves it as it is
        and returns RV(verified_by=unknown). V(fail) fails.
    type: str
    choices: [write, keep, fail]
    default: write
  on_foreign:
    description:
      - What to do with an object of this name that was not made by this collection, which is to
        say one without our marker.
      - V(fail) fails and changes nothing. V(adopt) takes it over. It is marked as ours and
        brought to the desired state, or deleted with O(state=absent).
      - In an object of ours it also takes over a Stripe key that others put there, where a vault
        can show that, and with O(state=absent) deletes one that we did not write.
    type: str
    choices: [fail, adopt]
    default: fail
"""
