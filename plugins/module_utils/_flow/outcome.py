# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of one target: the role's fact authorize_result, and that of a rollout. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.verdicts import PROVEN, RECORDED
from .vaults import VAULTS

Result = Mapping[str, Any]

# What a result says of its target.
PLACE = ("project", "environment", "vault", "definition_name", "state")


def result_of(
    target: Result,
    *,
    changed: bool,
    secret: Result,
    definition: Result,
    components: Result,
    key: Result,
    kept_because: str | None = None,
) -> dict[str, Any]:
    """What came of a target.

    target: what PLACE names. The others: results of the
    modules, {} of one that did not run. secret: of the definition where that holds the key.
    kept_because: why the secret was not deleted, although it was to be.
    """
    hosted = VAULTS[target["vault"]].in_definition
    return {
        **target,
        "changed": changed,
        "secret_name": None if hosted else secret["name"],
        **changes_of(target, secret, {"changes": [], **definition}),
        "components": components.get("components"),
        "verification": key.get("verification"),
        "permissions": key.get("permissions"),
        **about_key(secret),
        "version_before": secret.get("version_before"),
        "version": secret.get("version"),
        "proof": None,
        **({"secret_kept": True, "drift": [kept_because]} if kept_because else {}),
    }


def changes_of(target: Result, secret: Result, definition: Result) -> dict[str, Any]:
    """See result_of; None of what was not looked at."""
    vault, changes = VAULTS.get(target["vault"]), secret.get("changes")
    if vault is None or not vault.in_definition:
        return {"secret_changes": changes, "definition_changes": definition.get("changes")}
    # Maia's API deletes the definition only, and not the secret that it names.
    kept = target["state"] == "absent"
    return {"secret_changes": [] if kept else changes, "definition_changes": changes}


def as_kept(looked: Result) -> dict[str, Any]:
    """The result of a secret that was not deleted. looked: what deleting it would have done."""
    return {**looked, "changed": False, "changes": []}


def holds_key(secret: Result) -> bool:
    """Whether nothing speaks against it that the vault holds the key that it was compared with."""
    changes = set(secret.get("changes") or ())
    return not changes & {"value", "state"} and secret.get("verdict") in (PROVEN, RECORDED)


def about_key(secret: Result) -> dict[str, Any]:
    names = ("api_key", "fingerprint", "verified_by", "verdict", "unread_because")
    return {name: secret.get(name) for name in (*names, "created", "last_changed", "value_since")}
