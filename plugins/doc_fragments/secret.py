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
        ours that can be trusted and the vault allows reading.
      - V(value) always reads the value, and so finds every change made behind our back. It needs
        the right to read values, and is refused for vaults that never show them.
      - V(fingerprint) never reads the value in order to compare it. It is still read where other
        labels in the same secret have to be kept.
    type: str
    choices: [auto, value, fingerprint]
    default: auto
  on_unknown:
    description:
      - What to do when it cannot be known whether the stored value is the desired one, because
        there is no fingerprint and the value cannot be read, or is deleted and has to be restored
        first.
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
    type: str
    choices: [fail, adopt]
    default: fail
notes:
  - A fingerprint is a salted HMAC-SHA-256 of the value. A Stripe key has well over 100 random bits,
    so nobody can guess it from its fingerprint.
  - What is left out of the task stays as it is in the vault.
"""
