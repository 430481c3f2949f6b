# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role authorize: a target has the same, by the same names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.argspec import ArgumentSpec, Validate
from .._maia.modules.pipeline import SPEC as PROBE_SPEC
from .._maia.reach.connection import CONNECTION_SPEC
from .._pipeline.operation import SPEC as COMPONENT_SPEC
from .._stripe.operation import SPEC as KEY_SPEC
from .._stripe.source import KEY_SOURCES
from .playbook_names import PLAYBOOK_NAMES
from .role_options import MAIN, REVOKE, ROLLBACK
from .vaults import VAULTS

ROLE = "maia.stripe_query.authorize"

PREFIX = "authorize_"
# Before the environment's name, of a definition that is not named.
BY_ENVIRONMENT = "stripe_"

# Of the families of options, what is known of their entries.
FAMILIES = {
    "authorize_maia": CONNECTION_SPEC,
    "authorize_stripe": KEY_SPEC,
    "authorize_probe": PROBE_SPEC,
    "authorize_component": COMPONENT_SPEC,
    **{vault.family: vault.operation.spec for vault in VAULTS.values()},
}

# Whole dicts are no_log until it is known which of their entries are.
ROLE_SPEC = ArgumentSpec(
    options={
        name: {**rules, "no_log": True} if name in FAMILIES else rules
        for name, rules in {**MAIN, **ROLLBACK, **REVOKE}.items()
    },
    parts=FAMILIES,
    for_keys=frozenset({"authorize_api_key", "authorize_old_api_key"}),
)

# Beside those of playbooks: what they and the role set.
_SET = ("authorize_result", "authorize_rollout")
OF_PLAYBOOKS = frozenset(
    name for names in PLAYBOOK_NAMES.values() for name in names if name.startswith(PREFIX)
)
KNOWN_NAMES = frozenset({*ROLE_SPEC.names, *OF_PLAYBOOKS, *_SET})


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
        "leaving": {"type": "dict"},
        "also_in": {"type": "list", "elements": "str"},
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
    return _derived(validated(ROLE, ROLE_SPEC, known))


def with_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    """As complete(), for a look at variables of which nothing was checked yet."""
    known = {name: given[name] for name in ROLE_SPEC.options if given.get(name) is not None}
    return _derived({**_DEFAULTS, **known})


def _derived(variables: dict[str, Any]) -> dict[str, Any]:
    """With the defaults that follow from other variables."""
    guards = variables["authorize_guards"]
    follow = {
        "authorize_definition_name": f"{BY_ENVIRONMENT}{variables['authorize_environment']}",
        "authorize_verify": "stripe" if guards else "never",
        "authorize_prove": bool(guards),
        "authorize_check_runner": guards is None or bool(guards),
    }
    given = {name: held for name, held in variables.items() if held is not None}
    return {**variables, **follow, **{name: given[name] for name in follow if name in given}}


def has_key(variables: Mapping[str, Any]) -> bool:
    """Whether there is a key to compare with."""
    return any(variables[f"authorize_{source}"] is not None for source in KEY_SOURCES)
