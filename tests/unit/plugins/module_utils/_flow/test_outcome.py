# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a target out of its parts: the filter target_result, which the role uses."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.filter.target_result import target_result

PLACE = {
    "project": "Shop",
    "environment": "test",
    "vault": "aws",
    "definition_name": "stripe_test",
    "state": "present",
}
SECRET = {
    "changed": False,
    "name": "stripe/shop",
    "changes": ["value"],
    "fingerprint": "5ec4e7",
    "version": "2",
}
DEFINITION = {"changed": False, "changes": ["secret_name"], "fingerprint": "def1", "version": "7"}
NOTHING: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("vault", "secret", "definition", "components", "changed"),
    [
        ("aws", False, False, False, False),
        ("aws", True, False, False, True),
        ("azure", False, True, False, True),
        ("snowflake", False, False, True, True),
        ("maia", False, True, False, True),
        ("maia", False, False, True, True),
        # With Full SaaS there is no secret beside the definition; a fact left over is not one.
        ("maia", True, False, False, False),
    ],
)
def test_a_target_changed_if_a_part_of_it_did(
    vault: str, secret: bool, definition: bool, components: bool, changed: bool
) -> None:
    result = target_result(
        {**PLACE, "vault": vault},
        secret={**SECRET, "changed": secret},
        definition={**DEFINITION, "changed": definition},
        components={"changed": components},
    )
    assert result["changed"] is changed


def test_with_full_saas_the_definition_tells_of_the_key() -> None:
    result = target_result({**PLACE, "vault": "maia"}, secret=SECRET, definition=DEFINITION)
    assert result["secret_name"] is None
    assert result["secret_changes"] == result["definition_changes"] == ["secret_name"]
    assert (result["fingerprint"], result["version"]) == ("def1", "7")


def test_with_full_saas_only_the_definition_can_be_deleted() -> None:
    gone = {**PLACE, "vault": "maia", "state": "absent"}
    result = target_result(gone, definition={**DEFINITION, "changes": ["state"]})
    assert (result["secret_changes"], result["definition_changes"]) == ([], ["state"])


def test_elsewhere_the_secret_does() -> None:
    key = {"verification": {"status": "valid"}, "permissions": {"charges": "granted"}}
    components = {"components": [{"path": "load.orch.yaml"}]}
    result = target_result(
        PLACE, secret=SECRET, definition=DEFINITION, components=components, key=key
    )
    assert result["secret_name"] == "stripe/shop"
    assert (result["secret_changes"], result["definition_changes"]) == (["value"], ["secret_name"])
    assert (result["fingerprint"], result["version"]) == ("5ec4e7", "2")
    assert result["components"] == components["components"]
    assert (result["verification"], result["permissions"]) == (
        key["verification"],
        key["permissions"],
    )


def test_what_did_not_run_is_not_known() -> None:
    result = target_result(PLACE, secret={**SECRET, "changes": []})
    assert result["definition_changes"] == []
    assert [result[name] for name in ("components", "verification", "permissions", "proof")] == [
        None,
        None,
        None,
        None,
    ]
