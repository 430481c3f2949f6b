# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the modules that look at secrets."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  names:
    description:
      - The secrets to read. By default, all secrets of this collection that the vault lists,
        including deleted ones if the vault keeps them.
    type: list
    elements: str
  read_values:
    description:
      - Also read the values, if the vault can show them and the credentials permit it, to find out
        how they are stored, and which labels contain a Stripe key of which kind. A value that
        cannot be read is not an error.
      - The values themselves are never returned.
    type: bool
    default: false
  comparison_salt:
    description:
      - A random text of 16 characters or more, for RV(secrets[].stripe_keys[].same_as), which
        identifies equal keys across vaults, accounts and labels. Protect it like a password.
      - Without this text, the result cannot be used to confirm a key.
    type: str
"""
