# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readings prove of an authorization that is to be gone, as tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ForeignObjectError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.verdicts import (
    CONTRADICTED,
    PROVEN,
    UNKNOWN,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.proof import (
    Evidence,
    stopping,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.proof_absent import (
    prove_absent,
)

POINTER = {"secret_name": "stripe/shop", "secret_label": "api_key"}
COMPONENT = {"component": "Load", "file": "/srv/a.orch.yaml", "points_at_before": "another"}
GONE = Evidence(
    vault="aws",
    environment="production",
    definition="stripe_production",
    secret={"changes": []},
    definitions={"definitions": [{"name": "Stripe_production", **POINTER}]},
    components={"components": [COMPONENT]},
)


def test_what_is_gone_is_proven() -> None:
    links = prove_absent(GONE)
    assert [(link.link, link.verdict) for link in links] == [
        ("secret", PROVEN),
        ("definition", PROVEN),
        ("component", PROVEN),
    ]
    assert not stopping(links)


def test_maia_cannot_delete_the_secret_that_a_definition_named() -> None:
    links = prove_absent(replace(GONE, vault="maia"))
    assert (links[0].verdict, links[0].reason) == (
        UNKNOWN,
        "Maia's API cannot delete secrets in Matillion's vault, so the one that the definition"
        " named may still be there; expire its key in Stripe.",
    )
    assert not stopping(links)


def failed(kind: type[ForeignObjectError] | type[TransientError]) -> dict[str, Any]:
    return {"failed": True, **kind("It", "it is so", "do this").to_result()}


@pytest.mark.parametrize(
    ("seen", "link", "verdict", "reason"),
    [
        ({"secret": {"changes": ["state"]}}, "secret", CONTRADICTED, "It is still there."),
        ({"secret": failed(ForeignObjectError)}, "secret", CONTRADICTED, "It: it is so; do this."),
        ({"secret": failed(TransientError)}, "secret", UNKNOWN, "It: it is so; do this."),
        ({"secret": None}, "secret", UNKNOWN, "It was not looked at."),
        (
            {"definitions": {"definitions": [{"name": "stripe_production", **POINTER}]}},
            "definition",
            CONTRADICTED,
            "It is still there and points at secret 'stripe/shop', label 'api_key'.",
        ),
        (
            {"definitions": failed(TransientError)},
            "definition",
            UNKNOWN,
            "It: it is so; do this.",
        ),
        (
            {
                "components": {
                    "components": [
                        COMPONENT,
                        {**COMPONENT, "points_at_before": "stripe_production"},
                    ]
                }
            },
            "component",
            CONTRADICTED,
            "Component 'Load' in '/srv/a.orch.yaml' still names 'stripe_production'.",
        ),
        ({"components": {}}, "component", UNKNOWN, "No pipeline files were given."),
    ],
)
def test_what_is_there_or_was_not_read_is_not_gone(
    seen: dict[str, Any], link: str, verdict: str, reason: str
) -> None:
    links = {each.link: each for each in prove_absent(replace(GONE, **seen))}
    assert (links[link].verdict, links[link].reason) == (verdict, reason)
    stops = verdict == CONTRADICTED or any(held and held.get("failed") for held in seen.values())
    assert bool(stopping(links.values())) is stops
