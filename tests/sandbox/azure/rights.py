# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each Key Vault operation needs, and what the sandbox's identities may do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

PREFIX = "Microsoft.KeyVault/vaults/secrets"


class Operation(NamedTuple):
    right: str  # the permission that the REST reference asks for
    action: str  # the RBAC data action that a refusal names
    write: bool = False


OPERATIONS = {
    "SetSecret": Operation("set", f"{PREFIX}/setSecret/action", write=True),
    "GetSecret": Operation("get", f"{PREFIX}/getSecret/action"),
    "UpdateSecret": Operation("set", f"{PREFIX}/update/action", write=True),
    "DeleteSecret": Operation("delete", f"{PREFIX}/delete", write=True),
    "GetSecretVersions": Operation("list", f"{PREFIX}/readMetadata/action"),
    "GetSecrets": Operation("list", f"{PREFIX}/readMetadata/action"),
    # No value in its answer, and yet the REST reference asks for secrets/get.
    "GetDeletedSecret": Operation("get", f"{PREFIX}/getSecret/action"),
    "GetDeletedSecrets": Operation("list", f"{PREFIX}/readMetadata/action"),
    "RecoverDeletedSecret": Operation("recover", f"{PREFIX}/recover/action", write=True),
    "PurgeDeletedSecret": Operation("purge", f"{PREFIX}/purge/action", write=True),
}

ALL_RIGHTS = frozenset(operation.right for operation in OPERATIONS.values())

_ROLE = Path(__file__).resolve().parents[3] / "docs" / "policies" / "azure.json"


def _allowed_by_role() -> frozenset[str]:
    """What the role that we recommend allows. Writing takes the actions of all that it may do."""
    allowed = set(json.loads(_ROLE.read_text("utf-8"))["DataActions"])
    needed: dict[str, set[str]] = {}
    for operation in OPERATIONS.values():
        needed.setdefault(operation.right, set()).add(operation.action)
    return frozenset(right for right, actions in needed.items() if actions <= allowed)


RIGHTS: dict[str, frozenset[str]] = {
    "full": ALL_RIGHTS,
    "metadata": frozenset({"list"}),
    "writer": frozenset({"list", "set", "delete", "recover"}),
    "reader": frozenset({"get", "list"}),
    "policy": _allowed_by_role(),
    "none": frozenset(),
    "system-assigned": ALL_RIGHTS,
    "user-assigned": ALL_RIGHTS,
}
