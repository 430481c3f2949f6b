# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Connections API is sent and how its answers are read."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import Draft
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.connections_api import (
    definition_from,
    details_of,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.references_api import (
    reference_from,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.marker import (
    OWNER,
    MarkedText,
)

GENERIC = {
    "platformConnectionType": "COMPONENT_BASIC",
    "authProvider": "NONE",
    "authType": "GENERIC_SECRET",
}
LOCATION = {"type": "AWS_SECRET_MANAGER", "region": "eu-west-1"}


def test_a_new_definition_has_what_was_given_and_no_nulls() -> None:
    draft = Draft("stripe", "Shop", secret_name="shop/key")
    assert details_of(draft, {}) == {
        "description": "Shop",
        "connectionProperties": {"secretName": "shop/key"},
    }


def test_nothing_that_we_do_not_know_is_dropped_on_replacement() -> None:
    held = {
        "description": "Old",
        "owner": {"team": "data"},
        "connectionProperties": {"secretName": "old", "secretKey": "old", "future": [1]},
        "secretsLocation": LOCATION,
    }
    draft = Draft("stripe", "New", "new", secret_label=None, secrets_location=LOCATION)
    assert details_of(draft, held) == {
        "description": "New",
        "owner": {"team": "data"},
        "connectionProperties": {"secretName": "new", "future": [1]},
        "secretsLocation": LOCATION,
    }
    assert held["description"] == "Old"


def test_a_location_can_be_cleared() -> None:
    held = {"secretsLocation": LOCATION}
    assert "secretsLocation" not in details_of(Draft("stripe", "", "x"), held)


def test_an_answer_becomes_a_definition() -> None:
    details = {
        "description": f"Shop [{OWNER}]",
        "connectionProperties": {"secretName": "shop/key", "secretKey": "api_key"},
        "secretsLocation": LOCATION,
    }
    definition = definition_from(
        {**GENERIC, "name": "stripe", "id": "7", "connectionDetails": details}
    )
    assert definition.generic
    assert definition.id == "7"
    assert definition.details == details
    assert definition.fields == {
        "description": "Shop",
        "secret_name": "shop/key",
        "secret_label": "api_key",
        "secrets_location": LOCATION,
    }


@pytest.mark.parametrize("field", GENERIC)
def test_another_kind_of_connection_is_recognized(field: str) -> None:
    assert not definition_from({**GENERIC, field: "OTHER", "name": "stripe"}).generic


def test_an_answer_may_lack_almost_everything() -> None:
    definition = definition_from({"name": "stripe", "connectionDetails": None})
    assert definition.description == MarkedText("", ours=False)
    assert not definition.generic


def test_the_older_api_has_other_words() -> None:
    item = {"name": "stripe", "description": "Shop", "secretName": "n", "secretKey": "k"}
    definition = reference_from(item)
    assert (definition.secret_name, definition.secret_label) == ("n", "k")
    assert not definition.description.ours
