# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host's plan, as the role has it."""

from __future__ import annotations

from typing import Any

from ansible_collections.maia.stripe_query.plugins.plugin_utils._role_plan import role_plan

LEAST = {"authorize_project": "Shop", "authorize_environment": "test"}


def refusal_of(variables: dict[str, Any], **more: Any) -> str:
    """Why the host shop is refused, or nothing."""
    return str(role_plan(variables, target="shop", **more)["refusal"])
