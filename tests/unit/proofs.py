# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound chain, what differs from it, and what that proves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    NotVisibleError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.verdicts import (
    PROVEN,
    RECORDED,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.proof import (
    Evidence,
    prove,
)

SECRET: dict[str, Any] = {
    "name": "stripe/shop",
    "label": "api_key",
    "region": "eu-west-1",
    "changes": [],
    "verified_by": "fingerprint",
    "verdict": PROVEN,
    "unread_because": None,
}


HIDDEN: Any = NotVisibleError("It", "it is not there or hidden", "see").to_result()


UNUSABLE = "It is disabled, so it cannot be read."


POINTER: dict[str, Any] = {
    "secret_name": "stripe/shop",
    "secret_label": "api_key",
    "secrets_location": None,
}


DEFINITION = {"name": "stripe_production", **POINTER, "environment_overrides": {}}


COMPONENT = {
    "component": "Load",
    "file": "/srv/a.orch.yaml",
    "points_at": "stripe_production",
    "points_at_before": "stripe_production",
}


SOUND = Evidence(
    vault="aws",
    environment="production",
    definition="stripe_production",
    secret=SECRET,
    runner={"vault": "aws"},
    definitions={"definitions": [DEFINITION]},
    components={"components": [COMPONENT]},
)


HOSTED = replace(
    SOUND,
    vault="maia",
    secret={
        "changes": [],
        "verified_by": "fingerprint",
        "verdict": RECORDED,
        "secret_name": "stripe-3f9c",
    },
    runner={"vault": "maia"},
    definitions={
        "definitions": [{**DEFINITION, **dict.fromkeys(POINTER), "secret_name": "stripe-3f9c"}]
    },
)


def verdicts(evidence: Evidence) -> dict[str, tuple[str, str]]:
    links = prove(evidence)
    assert [link.link for link in links] == [
        "secret",
        "vault",
        "location",
        "definition",
        "component",
        *(["pipeline"] if evidence.probe else []),
    ]
    for link in links:
        assert link.reason[0].isupper()
        assert link.reason.endswith(".")
    return {link.link: (link.verdict, link.reason) for link in links}


def pointing(**changed: Any) -> Evidence:
    return replace(SOUND, definitions={"definitions": [{**DEFINITION, **changed}]})


def failed(error: CollectionError) -> dict[str, Any]:
    return {"failed": True, "changed": False, **error.to_result()}
