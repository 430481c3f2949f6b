# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was read of an authorization that is to be gone to what proves that it is. Pure."""

from __future__ import annotations

from .._core.verdicts import CONTRADICTED, PROVEN, UNKNOWN
from .proof import (
    Evidence,
    Finding,
    Link,
    in_definition,
    link_of,
    missing,
    no_components,
    pointer_of,
    target_of,
)


def prove_absent(evidence: Evidence) -> list[Link]:
    """That secret and definition are gone, as far as can be known, and no component names it."""
    parts = {"secret": _secret, "definition": _definition, "component": _component}
    return [link_of(name, *part(evidence)) for name, part in parts.items()]


def _secret(evidence: Evidence) -> Finding:
    """evidence.secret: of the vault's module in check mode with state=absent."""
    seen = evidence.secret or {}
    if finding := missing(seen, "changes"):
        return finding
    if seen["changes"]:
        return CONTRADICTED, "It is still there."
    if in_definition(evidence):
        return UNKNOWN, (
            "Maia's API cannot delete secrets in Matillion's vault, so the one that the definition"
            " named may still be there; expire its key in Stripe."
        )
    return PROVEN, "There is no such secret, or it is deleted."


def _definition(evidence: Evidence) -> Finding:
    seen = evidence.definitions or {}
    if finding := missing(seen, "definitions"):
        return finding
    if pointer := pointer_of(evidence):
        return CONTRADICTED, f"It is still there and points at {target_of(pointer)}."
    return PROVEN, f"Maia has no definition of exactly the name '{evidence.definition}'."


def _component(evidence: Evidence) -> Finding:
    seen = evidence.components or {}
    if finding := no_components(seen):
        return finding
    for item in seen["components"]:
        if item["points_at_before"] == evidence.definition:
            where = f"Component '{item['component']}' in '{item['file']}'"
            return CONTRADICTED, f"{where} still names '{evidence.definition}'."
    return PROVEN, f"No component found ({len(seen['components'])}) names '{evidence.definition}'."
