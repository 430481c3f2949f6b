# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a definition is known to contradict the vault that its runner reads."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.model.pointer import (
    WITHOUT_LABELS,
    agent_contradiction,
    leads_elsewhere,
    pointer_contradiction,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.unverified import (
    REFERENCE_AGENT_TYPES,
    REFERENCE_AGENT_VAULTS,
)


@pytest.mark.parametrize(
    ("agent_type", "refused"),
    [
        # Which word the older API has for a runner in Snowflake is unknown.
        ("aws", {"azure", "maia"}),
        ("azure", {"aws", "maia"}),
        ("hosted", {"aws", "azure"}),
        (None, set()),
    ],
)
def test_the_kind_of_runner(agent_type: str | None, refused: set[str]) -> None:
    assert {vault for vault in VAULTS if agent_contradiction(vault, agent_type)} == refused


def test_each_kind_of_runner_reads_a_vault() -> None:
    assert REFERENCE_AGENT_VAULTS.keys() == REFERENCE_AGENT_TYPES.keys()


@pytest.mark.parametrize(
    ("location", "refused"),
    [
        # Matillion's own vault is in AWS as well.
        ({"type": "AWS_SECRET_MANAGER", "region": "us-east-1"}, {"azure", "snowflake"}),
        ({"type": "aws_secrets_manager"}, {"azure", "snowflake"}),
        ({"type": "AZURE_KEY_VAULT"}, {"aws", "snowflake"}),
        ({"type": "GOOGLE_SECRET_MANAGER"}, {"aws", "azure", "snowflake"}),
        ({"type": "SOMETHING_NEW"}, set()),
        ({"type": 1}, set()),
        ({"region": "us-east-1"}, set()),
        ({}, set()),
        (None, set()),
    ],
)
def test_the_location(location: Any, refused: set[str]) -> None:
    assert {vault for vault in VAULTS if leads_elsewhere(vault, location)} == refused
    pointer = {"secrets_location": location}
    assert {vault for vault in VAULTS if pointer_contradiction(vault, pointer)} == refused


def test_the_label() -> None:
    pointer = {"secret_label": "api_key"}
    assert {each for each in VAULTS if pointer_contradiction(each, pointer)} == WITHOUT_LABELS
    # One that is cleared, and one of the older API, which has a key in Azure too.
    assert pointer_contradiction("azure", {"secret_label": ""}) is None
    assert pointer_contradiction("azure", pointer, labels=False) is None
    # As the rows have it; of Matillion's own vault it is not known.
    rows = {each.id for each in VAULTS.values() if "label" not in each.variables}
    assert rows - {"maia"} == WITHOUT_LABELS
