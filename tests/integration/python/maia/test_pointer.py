# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""maia_secret_definition refuses what contradicts the runner that is to use the definition."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION,
)
from integration.python.maia_world import MaiaWorld
from unit.faces import run_action


@pytest.mark.parametrize(
    ("vault", "pointer", "says"),
    [
        ("aws", {"api": "secret_references", "agent_type": "azure"}, "agent_type is azure"),
        ("azure", {"secrets_location": {"type": "AWS_SECRET_MANAGER"}}, "secrets_location has the"),
        ("azure", {"secret_label": "api_key"}, "secret_label is 'api_key'"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_it_is_refused_without_a_request(
    world: MaiaWorld, vault: str, pointer: dict[str, Any], says: str, check_mode: bool
) -> None:
    runner = {"environment": "test", "vault": vault}
    base = {"project": "Shop Analytics", "name": "stripe", "secret_name": "s"}
    options = world.options(**base, **pointer, expected_runner=runner)
    refused = run_action(OPERATION, options, check_mode=check_mode)
    assert refused["error"]["kind"] == "configuration"
    assert says in refused["msg"]
    assert world.requests() == {}
