# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changes that are tormented: what is there first, and the task that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Args = Mapping[str, Any]
KEY, OTHER = "{key}", "{other}"  # stand for two keys of the sandbox


@dataclass(frozen=True)
class Case:
    """before: the tasks that make the start, as (module, args). args: the task itself."""

    name: str
    module: str
    args: Args
    before: tuple[tuple[str, Args], ...] = field(default=())
    vault: str = ""  # as in the counts; empty for what only reads


def _cases(module: str, vault: str, base: Args, states: Mapping[str, Args]) -> list[Case]:
    """One case for each state: from nothing, or after the states that `after` names."""
    cases = []
    for name, given in states.items():
        before = tuple((module, _options(base, states[step])) for step in given.get("after", ()))
        cases.append(Case(f"{vault}: {name}", module, _options(base, given), before, vault))
    return cases


def _options(base: Args, state: Args) -> Args:
    return {**base, **{name: value for name, value in state.items() if name != "after"}}


_AWS = _cases(
    "stripe_secret_aws",
    "aws",
    {"name": "stripe/shop"},
    {
        "create": {"api_key": KEY, "tags": {"team": "data"}, "description": "One"},
        "rotate": {
            "api_key": OTHER,
            "tags": {"team": "web", "cost": "1"},
            "description": "Two",
            "after": ("create",),
        },
        "change metadata": {
            "api_key": KEY,
            "tags": {"team": "web"},
            "description": "Two",
            "after": ("create",),
        },
        "replicate": {"api_key": KEY, "replica_regions": ["eu-central-1"], "after": ("create",)},
        "roll back": {"rolled_back_to": "previous", "after": ("create", "rotate")},
        "delete": {"state": "absent", "after": ("create",)},
        "restore": {"api_key": OTHER, "after": ("create", "delete")},
    },
)
_AZURE = _cases(
    "stripe_secret_azure",
    "azure",
    {"name": "stripe-shop"},
    {
        "create": {"api_key": KEY, "tags": {"team": "data"}, "content_type": "text/plain"},
        "rotate": {"api_key": OTHER, "tags": {"team": "web"}, "after": ("create",)},
        "change metadata": {"api_key": KEY, "tags": {"team": "web"}, "after": ("create",)},
        "disable": {"api_key": KEY, "enabled": False, "after": ("create",)},
        "delete": {"state": "absent", "after": ("create",)},
        "restore": {"api_key": OTHER, "after": ("create", "delete")},
    },
)
_GRANT = {"type": "application", "name": "MATILLION_DATA_PRODUCTIVITY_CLOUD"}
_ROLE = {"type": "role", "name": "RUNNER_ROLE"}
_SNOWFLAKE = _cases(
    "stripe_secret_snowflake",
    "snowflake",
    {"name": "STRIPE_SHOP", "database": "PLATFORM", "schema": "SECRETS"},
    {
        "create": {"api_key": KEY, "comment": "One", "grant_to": [_GRANT]},
        "rotate": {"api_key": OTHER, "comment": "Two", "after": ("create",)},
        "change metadata": {"api_key": KEY, "comment": "Two", "after": ("create",)},
        "change grants": {
            "api_key": KEY,
            "grant_to": [_ROLE],
            "purge_grants": True,
            "after": ("create",),
        },
        "revoke": {
            "update_value": "never",
            "grant_to": [],
            "purge_grants": True,
            "after": ("create",),
        },
        "delete": {"state": "absent", "after": ("create",)},
    },
)
_HOSTED = _cases(
    "maia_secret_definition",
    "hosted",
    {"name": "stripe_shop", "project": "Marketing Reports"},
    {
        "create": {"api_key": KEY, "description": "One"},
        "rotate": {"api_key": OTHER, "description": "Two", "after": ("create",)},
        "delete": {"state": "absent", "after": ("create",)},
    },
)
_REFERENCE = _cases(
    "maia_secret_definition",
    "reference",
    {"name": "stripe_shop", "project": "Shop Analytics"},
    {
        "create": {
            "secret_name": "stripe/shop",
            "environment_overrides": {"test": {"secret_name": "stripe/test"}},
        },
        "change": {
            "secret_name": "stripe/other",
            "environment_overrides": {"test": {"secret_name": "stripe/new"}},
            "after": ("create",),
        },
        "remove override": {
            "secret_name": "stripe/shop",
            "environment_overrides": {"test": None},
            "after": ("create",),
        },
        "delete": {"state": "absent", "after": ("create",)},
    },
)
_READING = [
    Case("definitions", "maia_secret_definition_info", {"project": "Shop Analytics"}),
    Case(
        "environment",
        "maia_environment_info",
        {"project": "Shop Analytics", "environment": "test"},
    ),
    Case(
        "key", "stripe_api_key_info", {"api_key": KEY, "verify": True, "permissions": ["charges"]}
    ),
]

CASES = [*_AWS, *_AZURE, *_SNOWFLAKE, *_HOSTED, *_REFERENCE, *_READING]


def changing() -> list[Case]:
    """Those that write."""
    return [case for case in CASES if case.vault]
