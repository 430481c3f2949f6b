# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role authorize: a target has the same, by the same names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.argspec import ArgumentSpec, Validate
from .._maia.definition_operation import SPEC as DEFINITION_SPEC
from .._maia.pipeline_operation import SPEC as PROBE_SPEC
from .._stripe.operation import SPEC as KEY_SPEC
from .._stripe.source import KEY_SOURCES
from .role_options import MAIN, REVOKE, ROLLBACK
from .vaults import VAULTS

ROLE = "maia.stripe_query.authorize"

# Of the families of options, what is known of their entries.
_FAMILIES = {
    "authorize_maia": DEFINITION_SPEC,
    "authorize_stripe": KEY_SPEC,
    "authorize_probe": PROBE_SPEC,
    **{vault.family: vault.operation.spec for vault in VAULTS.values()},
}

# Whole dicts are no_log until it is known which of their entries are.
ROLE_SPEC = ArgumentSpec(
    options={
        name: {**rules, "no_log": True} if name in _FAMILIES else rules
        for name, rules in {**MAIN, **ROLLBACK, **REVOKE}.items()
    },
    parts=_FAMILIES,
    for_keys=frozenset({"authorize_api_key", "authorize_old_api_key"}),
)


def _unchecked(spec: ArgumentSpec) -> ArgumentSpec:
    """The same variables without rules and types: what is wrong with one target stops no other."""
    options = {
        name: {
            "type": "raw",
            "no_log": bool(option.get("no_log")),
            "aliases": option.get("aliases", []),
        }
        for name, option in spec.options.items()
    }
    return ArgumentSpec(options=options, parts=spec.parts, for_keys=spec.for_keys)


COMMON_SPEC = _unchecked(ROLE_SPEC)
TARGET_SPEC = ArgumentSpec(
    options={
        "name": {"type": "str", "required": True},
        "refusal": {"type": "str"},
    },
).merge(COMMON_SPEC)

_DEFAULTS = {name: option.get("default") for name, option in ROLE_SPEC.options.items()}


def complete(given: Mapping[str, Any], validated: Validate) -> dict[str, Any]:
    """A target's variables with the role's defaults. Raises RefusedOptions."""
    known = {
        name: value
        for name, value in given.items()
        if name in ROLE_SPEC.options and value is not None
    }
    return _named(validated(ROLE, ROLE_SPEC, known))


def with_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    """As complete(), for a look at variables of which nothing was checked yet."""
    known = {name: given[name] for name in ROLE_SPEC.options if given.get(name) is not None}
    return _named({**_DEFAULTS, **known})


def _named(variables: dict[str, Any]) -> dict[str, Any]:
    if variables["authorize_definition_name"] is None:
        variables["authorize_definition_name"] = f"stripe_{variables['authorize_environment']}"
    return variables


def has_key(variables: Mapping[str, Any]) -> bool:
    """Whether there is a key to compare with."""
    return any(variables[f"authorize_{source}"] is not None for source in KEY_SOURCES)
