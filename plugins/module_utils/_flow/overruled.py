# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Further options that would be ignored, since the role itself sets them from a variable. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.errors import ConfigurationError
from .role_options import MAIN
from .steps import (
    CHECK_KEY,
    FIND_VAULT,
    KEEP_DEFINITION,
    KEEP_SECRET,
    LIST_DEFINITIONS,
    RUN_PROBE,
    SET_COMPONENTS,
    VARIABLES_ONLY,
)

_STEPS = (
    *(CHECK_KEY, FIND_VAULT, KEEP_DEFINITION, *KEEP_SECRET.values()),
    *(SET_COMPONENTS, LIST_DEFINITIONS, RUN_PROBE),
)
# Options that are worked out from variables.
_WORKED_OUT = {
    "authorize_component": {"definition": "authorize_definition_name"},
    "authorize_probe": {"pipeline": "authorize_probe_pipeline"},
    "authorize_stripe": {"verify": "authorize_verify"},
    "authorize_definition": {
        "secret_name": "authorize_secret_name",
        "secret_label": "authorize_label",
        "expected_runner": "authorize_vault",
    },
}


def check_overruled(variables: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for an option of a family that a variable of the role decides.

    variables: of one target; a type may still be wrong. Null is left out, as everywhere. Where the
    variable has no default the option counts as long as the variable is not given.
    """
    for family, overruled in _OVERRULED.items():
        given = variables.get(family)
        if not isinstance(given, Mapping):
            continue
        for option, variable in overruled.items():
            if given.get(option) is not None:
                raise ConfigurationError(
                    f"Option {family}.{option}",
                    f"the role sets it from {variable}, and would ignore it",
                    f"give {variable} in its place",
                )


def _overruled() -> dict[str, dict[str, str]]:
    """By family, the options that are always overruled, each with the variable that is meant."""
    found: dict[str, dict[str, str]] = {}
    for step in _STEPS:
        options = step.operation.spec.options
        for family in step.families:
            for option, variable in step.variables.items():
                rules = MAIN[variable]
                decides = option in VARIABLES_ONLY or "default" in rules or rules.get("required")
                for name in (option, *options[option].get("aliases", ())) if decides else ():
                    found.setdefault(family, {})[name] = variable
    for family, options_ in _WORKED_OUT.items():
        found.setdefault(family, {}).update(options_)
    return found


_OVERRULED = _overruled()
