# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of an inventory of which one keeps what another one is to lose."""

from __future__ import annotations

from typing import Any

from ansible_collections.maia.stripe_query.plugins.action.authorize_targets import ActionModule
from unit.faces import stand_ins

GOES = {"authorize_state": "absent"}
# Both point at the same definition, and have the same secret.
SHARED = {
    "authorize_project": "Shop",
    "authorize_vault": "aws",
    "authorize_secret_name": "stripe/shop",
    "authorize_environment": "test",
}
OTHER = {**SHARED, "authorize_secret_name": "stripe/other", "authorize_environment": "other"}
UNDEFINED = "{{ nowhere }}"


def inventory(**hosts: dict[str, Any]) -> dict[str, Any]:
    return {"all": {"hosts": hosts}}


def refusals(place: tuple[Any, dict[str, Any]], **args: Any) -> dict[str, str]:
    """Why nothing is done for a target of the task, by its name; an empty text where it is."""
    return {target["name"]: target.get("refusal", "") for target in targets(place, **args)}


def targets(place: tuple[Any, dict[str, Any]], **args: Any) -> list[dict[str, Any]]:
    """Those of the task, as the module gets them."""
    task, variables = place
    action = ActionModule(**stand_ins({}))
    action._task = task
    task.args = args
    found: list[dict[str, Any]] = action._arguments(variables)["targets"]
    return found


def in_vault(vault: str, **options: str) -> dict[str, Any]:
    return {"authorize_vault": vault, f"authorize_{vault}": options}


def override(name: str) -> dict[str, Any]:
    return {"authorize_definition": {"environment_overrides": {"dev": {"secret_name": name}}}}


PURGES = {"environment_overrides": {}, "purge_overrides": True}
