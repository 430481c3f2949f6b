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
      - What to do with a definition of this collection, or an environment override of it, whose
        value was edited in Maia's user interface. Maia then creates a secret with another name and
        points the definition at it.
      - V(fail) fails. V(overwrite) points the definition at the requested secret.
    type: str
    choices: [fail, overwrite]
    default: fail
    version_added: 2.0.0
  secret_type:
    description:
      - The type of a plain text secret in the request. The vendor documents only the types for
        warehouses, so the default is an assumption.
    type: str
    default: GENERIC_SECRET
    version_added: 2.0.0
  value_field:
    description:
      - The field of the request that contains the value. The vendor does not document it, so the
        default is an assumption.
    type: str
    default: value
    version_added: 2.0.0
  secrets_path:
    description:
      - The path of the request below C(/v1/projects/<id>/).
    type: str
    default: secrets
    version_added: 2.0.0
"""
