# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a selection found nothing, as far as the files tell. Pure."""

from __future__ import annotations

from collections.abc import Collection

from .document import Plan, Selection

_FAMILY = "stripe"


def why_missing(plans: Collection[Plan], selection: Selection) -> tuple[str, str] | None:
    """Reason and hint if nothing was selected or a name is nowhere, otherwise None."""
    components = [component for plan in plans for component in plan.components]
    matched = {component.name for component in components if component.matched}
    absent = sorted(selection.names - matched)
    if matched and not absent:
        return None
    if not plans:
        return "no file matches patterns", "correct path, patterns or recurse"
    kinds = {component.name: component.kind for component in components}
    for name in absent:
        if kind := kinds.get(name):
            return (
                f"component '{name}' is of type '{kind}', which is not among component_types",
                f"add '{kind}' to component_types if that is right",
            )
    if absent:
        return f"no component is named {_listed(absent)}", "correct path or component_names"
    alike = sorted({kind for kind in kinds.values() if kind and _FAMILY in kind})
    return (
        f"no component is of type {_listed(sorted(selection.types))}",
        f"set component_types to {_listed(alike)} if that is right"
        if alike
        else "correct path, component_names or component_types",
    )


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
