# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role authorize: a target has the same, by the same names.

tests/unit holds them to roles/authorize, so that the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._aws.operation import SPEC as AWS_SPEC
from .._azure.operation import SPEC as AZURE_SPEC
from .._core.argspec import ArgumentSpec
from .._core.validation import Validator
from .._maia.definition_operation import SPEC as DEFINITION_SPEC
from .._snowflake.operation import SPEC as SNOWFLAKE_SPEC
from .._stripe.operation import SPEC as KEY_SPEC
from .._stripe.source import KEY_SOURCES

ROLE = "maia.stripe_query.authorize"

# Of roles/authorize/meta/argument_specs.yml.
ROLE_SPEC = ArgumentSpec(
    options={
        "authorize_project": {"type": "str", "required": True},
        "authorize_environment": {"type": "str", "required": True},
        "authorize_state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "authorize_api_key_env": {"type": "str", "no_log": False},
        "authorize_api_key_file": {"type": "path", "no_log": False},
        "authorize_api_key": {"type": "str", "no_log": True},
        "authorize_vault": {
            "type": "str",
            "choices": ["auto", "aws", "azure", "snowflake", "maia"],
            "default": "auto",
        },
        "authorize_secret_name": {"type": "str"},
        "authorize_definition_name": {"type": "str"},
        "authorize_label": {"type": "str", "default": "api_key"},
        "authorize_publishable_key": {
            "type": "str",
            "choices": ["warn", "reject", "allow"],
            "default": "warn",
            "no_log": False,
        },
        "authorize_verify": {
            "type": "str",
            "choices": ["never", "local", "stripe"],
            "default": "never",
        },
        "authorize_expected_mode": {"type": "str", "choices": ["live", "test"]},
        "authorize_expected_account": {"type": "str"},
        "authorize_permissions": {"type": "list", "elements": "str", "default": []},
        "authorize_prove": {"type": "bool", "default": False},
        "authorize_prove_values": {"type": "bool", "default": True},
        "authorize_on_foreign": {"type": "str", "choices": ["fail", "adopt"], "default": "fail"},
        "authorize_on_unknown": {
            "type": "str",
            "choices": ["write", "keep", "fail"],
            "default": "write",
        },
        "authorize_update_value": {"type": "str", "choices": ["on_change", "always", "never"]},
        # Whole dicts are no_log until it is known which of their entries are.
        "authorize_maia": {"type": "dict", "no_log": True, "default": {}},
        "authorize_definition": {"type": "dict", "no_log": True, "default": {}},
        "authorize_aws": {"type": "dict", "no_log": True, "default": {}},
        "authorize_azure": {"type": "dict", "no_log": True, "default": {}},
        "authorize_snowflake": {"type": "dict", "no_log": True, "default": {}},
        "authorize_stripe": {"type": "dict", "no_log": True, "default": {}},
        "authorize_component": {"type": "dict", "default": {}},
    },
    parts={
        "authorize_maia": DEFINITION_SPEC,
        "authorize_definition": DEFINITION_SPEC,
        "authorize_aws": AWS_SPEC,
        "authorize_azure": AZURE_SPEC,
        "authorize_snowflake": SNOWFLAKE_SPEC,
        "authorize_stripe": KEY_SPEC,
    },
)


def _unchecked(spec: ArgumentSpec) -> ArgumentSpec:
    """The same variables without rules: what is wrong with one target must not stop the others."""
    rules = ("type", "elements", "no_log")
    options = {
        name: {rule: option[rule] for rule in rules if rule in option}
        for name, option in spec.options.items()
    }
    return ArgumentSpec(options=options, parts=spec.parts)


COMMON_SPEC = _unchecked(ROLE_SPEC)
TARGET_SPEC = ArgumentSpec(
    options={
        "name": {"type": "str", "required": True},
        "refusal": {"type": "str"},
    },
).merge(COMMON_SPEC)

_VALIDATOR = Validator(ROLE, ROLE_SPEC)


def complete(given: Mapping[str, Any]) -> dict[str, Any]:
    """A target's variables with the role's defaults. Raises RefusedOptions."""
    known = {
        name: value
        for name, value in given.items()
        if name in ROLE_SPEC.options and value is not None
    }
    variables = _VALIDATOR.validated(known)
    if variables["authorize_definition_name"] is None:
        variables["authorize_definition_name"] = f"stripe_{variables['authorize_environment']}"
    return variables


def has_key(variables: Mapping[str, Any]) -> bool:
    """Whether there is a key to compare with."""
    return any(variables[f"authorize_{source}"] is not None for source in KEY_SOURCES)
