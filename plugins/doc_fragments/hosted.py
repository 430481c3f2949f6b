# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for Matillion's own vault, of which not all is published."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  on_edited:
    description:
      - What to do with a definition of ours, or an environment override of it, that somebody gave
        another value in Maia's user interface, which makes a secret of a name of its own and
        points the definition at it.
      - V(fail) fails and says so. V(overwrite) points it at what is asked for.
    type: str
    choices: [fail, overwrite]
    default: fail
    version_added: 1.1.0
  secret_type:
    description:
      - What the request calls a secret that is a plain text. The vendor publishes the words for
        warehouses only; this is a guess.
    type: str
    default: GENERIC_SECRET
    version_added: 1.1.0
  value_field:
    description:
      - The field of the request that holds the value. The vendor does not publish it; this is a
        guess.
    type: str
    default: value
    version_added: 1.1.0
  secrets_path:
    description:
      - The path of the request below C(/v1/projects/<id>/).
    type: str
    default: secrets
    version_added: 1.1.0
"""
