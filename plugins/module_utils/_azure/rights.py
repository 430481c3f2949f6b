# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rights the credentials have in a key vault: those that a look at the secret has used.

Key Vault has no call that tells of the others without using them.
https://learn.microsoft.com/azure/key-vault/general/rbac-guide
"""

from __future__ import annotations

from .._core.operation import Operation, Outcome, Params, Runtime
from .._core.rights import EXISTS_SPEC, Right, outcome_of
from .modules.secret import OPERATION as SECRET

_UNASKED = "Key Vault shows this only when it is used"


def ask(params: Params, _runtime: Runtime) -> Outcome:
    """Contacts nothing: asked after the secret was looked for, which takes the right to list."""
    needed = "set" if params["state"] == "present" else "delete"
    asked = [Right("list", held=True)]
    if needed == "set" or params["exists"]:
        asked.append(Right(needed, None, _UNASKED))
    return outcome_of(asked)


RIGHTS = Operation(SECRET.name, SECRET.spec.merge(EXISTS_SPEC), ask, SECRET.requirements)
