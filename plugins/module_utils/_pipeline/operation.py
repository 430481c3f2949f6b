# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_stripe_component module: its options, the rules for them, and what it does."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext

from .._core.argspec import ArgumentSpec
from .._core.errors import ConfigurationError, NotFoundError
from .._core.operation import Operation, Outcome, Params, Runtime
from .._maia.model.definition import check_name
from .._maia.unverified import API_KEY_PROPERTY, COMPONENT_TYPE
from .document import Component, Desired, Plan, Selection, plan_file
from .files import SourceFile, Tree, check_writable, locked, open_tree, read_files, replace_files
from .shown import holds_key, is_name, shown
from .tree import PYYAML

SPEC = ArgumentSpec(
    options={
        "path": {"type": "path", "required": True},
        "definition": {"type": "str", "required": True},
        "patterns": {"type": "list", "elements": "str", "default": ["*.orch.yaml"]},
        "recurse": {"type": "bool", "default": True},
        "component_names": {"type": "list", "elements": "str", "default": []},
        "component_types": {"type": "list", "elements": "str", "default": [COMPONENT_TYPE]},
        "property_path": {"type": "str", "default": API_KEY_PROPERTY},
        "authentication_method": {"type": "str"},
        "replace_nested": {"type": "bool", "default": False},
        "on_missing": {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "fail"},
    },
)

_FAMILY = "stripe"
_Planned = list[tuple[SourceFile, Plan]]


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Plan all files, then write those that change."""
    selection, desired = _selection(params), _desired(params)
    tree = open_tree(params["path"])
    with nullcontext() if runtime.check_mode else locked(tree):
        files = read_files(tree, params["patterns"], recurse=params["recurse"])
        planned = [(file, plan_file(file.name, file.data, selection, desired)) for file in files]
        _tell_missing(tree, planned, selection, params["on_missing"], runtime)
        changed = [(file, plan) for file, plan in planned if plan.data != file.data]
        for file, _plan in changed:
            check_writable(file)
        if not runtime.check_mode:
            replace_files([(file, plan.data) for file, plan in changed])
    _warn_of_keys(planned, desired, runtime)
    return _outcome(planned, changed, desired)


def _selection(params: Params) -> Selection:
    if not params["component_names"] and not params["component_types"]:
        raise ConfigurationError(
            f"Stripe Query components in '{params['path']}'",
            "component_names and component_types are both empty",
            "name at least one component or type",
        )
    return Selection(frozenset(params["component_names"]), frozenset(params["component_types"]))


def _desired(params: Params) -> Desired:
    check_name(params["definition"])
    path = tuple(params["property_path"].split("."))
    if not all(path):
        raise ConfigurationError(
            f"Property path '{params['property_path']}'",
            "one of its keys is empty",
            "give keys joined by single dots, such as apiKey",
        )
    return Desired(
        params["definition"], path, params["authentication_method"], params["replace_nested"]
    )


def _tell_missing(
    tree: Tree, planned: _Planned, selection: Selection, on_missing: str, runtime: Runtime
) -> None:
    missing = _why_missing([plan for _file, plan in planned], selection)
    if missing is None or on_missing == "ignore":
        return
    error = NotFoundError(f"Stripe Query components in '{tree.path}'", *missing)
    if on_missing == "fail":
        raise error
    runtime.warn(str(error))


def _why_missing(plans: Collection[Plan], selection: Selection) -> tuple[str, str] | None:
    """Reason and hint if nothing was selected or a name is nowhere, as far as the files tell."""
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


def _warn_of_keys(planned: _Planned, desired: Desired, runtime: Runtime) -> None:
    for file, plan in planned:
        for component in plan.components:
            held = component.pointed_at
            if not held or held == desired.definition or is_name(held):
                continue
            runtime.protect(held)
            what = (
                "held a Stripe API key instead of the name of a secret definition; revoke that key,"
                if holds_key(held)
                else "held what does not look like the name of a secret definition, and so is not"
                " shown; if it is a key, revoke it,"
            )
            runtime.warn(
                f"Component '{component.name}' in '{file.name}' {what} since the file's history"
                " still holds it."
            )


def _outcome(planned: _Planned, changed: _Planned, desired: Desired) -> Outcome:
    components = [
        {
            "file": file.name,
            "component": component.name,
            "type": component.kind,
            "points_at": desired.definition,
            "points_at_before": _pointed_at(component, desired),
            "changed": component.changed,
        }
        for file, plan in planned
        for component in plan.components
        if component.matched
    ]
    return Outcome(
        changed=bool(changed),
        values={"components": components},
        diffs=tuple(
            {
                "before_header": file.name,
                "after_header": file.name,
                "before": {each.name: _before(each) for each in plan.components if each.changed},
                "after": {
                    each.name: dict(change.after for change in each.changes)
                    for each in plan.components
                    if each.changed
                },
            }
            for file, plan in changed
        ),
    )


def _pointed_at(component: Component, desired: Desired) -> str | None:
    """What may be shown of it; the name that was asked for is no secret, whatever it looks like."""
    held = component.pointed_at
    return held if held == desired.definition else shown(held)


def _before(component: Component) -> dict[str, str]:
    held = (change.before for change in component.changes)
    return {name: shown(value) or "" for name, value in held if value is not None}


OPERATION = Operation("maia_stripe_component", SPEC, execute, (PYYAML,))
