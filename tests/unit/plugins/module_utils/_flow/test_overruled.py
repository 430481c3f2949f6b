# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Further options that the role would ignore are refused, with the variable that is meant."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.clients import ClientPool
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.flows import AUTHORIZE
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import (
    TargetRuntime,
    go_through,
)
from unit.fakes import FakeRuntime, forbidden
from unit.role_plans import LEAST, refusal_of

OVERRULED = [
    ("authorize_aws", "name", "authorize_secret_name"),
    ("authorize_aws", "label", "authorize_label"),
    ("authorize_aws", "state", "authorize_state"),
    ("authorize_azure", "on_unknown", "authorize_on_unknown"),
    ("authorize_azure", "publishable_key", "authorize_on_publishable_key"),
    ("authorize_snowflake", "on_foreign", "authorize_on_foreign"),
    ("authorize_definition", "secret_name", "authorize_secret_name"),
    ("authorize_definition", "secret_label", "authorize_label"),
    ("authorize_definition", "name", "authorize_definition_name"),
    ("authorize_maia", "project", "authorize_project"),
    ("authorize_maia", "environment", "authorize_environment"),
    ("authorize_stripe", "verify", "authorize_verify"),
    ("authorize_probe", "pipeline", "authorize_probe_pipeline"),
    ("authorize_component", "definition", "authorize_definition_name"),
]


def in_bulk(variables: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """What authorize_targets says of a target, for which nothing may be contacted."""
    monkeypatch.setattr(ClientPool, "share", forbidden)
    monkeypatch.setattr(ClientPool, "lease", forbidden)
    runtime = FakeRuntime()
    given = {
        "name": "shop",
        "authorize_project": "Shop",
        "authorize_environment": "test",
        "authorize_vault": "aws",
        "authorize_secret_name": "stripe/shop",
        **variables,
    }
    done = go_through(given, AUTHORIZE, TargetRuntime(runtime, runtime.shared))
    assert done.failed
    return str(done.result["msg"])


@pytest.mark.parametrize(("family", "option", "variable"), OVERRULED)
def test_what_the_role_sets_itself_is_refused_in_both_lanes(
    family: str, option: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {family: {option: "x"}}
    refusal = refusal_of({**LEAST, **variables})
    assert refusal == (
        f"Option {family}.{option}: the role sets it from {variable}, and would ignore it; give"
        f" {variable} in its place."
    )
    assert in_bulk(variables, monkeypatch) == refusal


@pytest.mark.parametrize(
    "variables",
    [
        {"authorize_aws": {"name": None, "label": None}},
        # They count, as long as the role's own variables are not given.
        {"authorize_aws": {"update_value": "never"}, "authorize_stripe": {"expected_mode": "test"}},
        {"authorize_aws": {"format": "plaintext", "region": "eu-west-1"}},
        {},
    ],
)
def test_all_else_is_taken(variables: dict[str, Any]) -> None:
    assert refusal_of({**LEAST, **variables}) == ""
