# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which definitions and overrides in Maia stop the deletion of a secret."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.still_named import (
    still_named_in_project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.variables import with_defaults

GOES = {
    "authorize_project": "Shop",
    "authorize_environment": "test",
    "authorize_vault": "aws",
    "authorize_secret_name": "stripe/shop",
    "authorize_aws": {"region": "eu-west-1"},
    "authorize_state": "absent",
}
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:stripe/shop-a1B2c3"


def definition(name: str, secret_name: str | None, **more: Any) -> dict[str, Any]:
    return {"name": name, "secret_name": secret_name, "secret_label": None, "ours": True, **more}


def told_name(held: dict[str, Any]) -> str:
    overrides = held.get("environment_overrides") or {}
    return str([held, *overrides.values()][-1]["secret_name"]).strip()


def overridden(name: str, secret_name: str) -> dict[str, Any]:
    override = {"secret_name": secret_name, "secret_label": None, "secrets_location": None}
    return definition("stripe_production", "x", environment_overrides={name: override})


def refused(*definitions: dict[str, Any], **more: Any) -> str:
    going = {"host": with_defaults({**GOES, **more})}
    return str(still_named_in_project(going, definitions).get("host", ""))


@pytest.mark.parametrize(
    "held",
    [
        definition("stripe_production", "stripe/shop"),
        definition("stripe_production", ARN),
        definition("stripe_production", "stripe/shop", secret_label="api_key"),
        definition("stripe_production", "stripe/shop", secrets_location={"region": "eu-west-1"}),
        definition("made_by_hand", "Stripe/Shop"),
        definition("made_by_hand", " stripe/shop "),
        definition("stripe_production", ARN, secrets_location={"type": "AWS_SECRET_MANAGER"}),
        # What of a location is called like something of a secret's own is none of that.
        definition("stripe_production", "stripe/shop", secrets_location={"name": "x"}),
        # What is no region says nothing of one.
        *(
            definition("stripe_production", "stripe/shop", secrets_location={"region": region})
            for region in ("", " EU-West-1 ", "default", None)
        ),
        definition("stripe_production", "stripe/shop", secret_label=""),
        definition("stripe_production", "stripe/shop", secret_label=" api_key "),
        # Which words there are for the vaults is not known.
        definition("stripe_production", "stripe/shop", secrets_location={"type": "AZURE_VAULT"}),
        overridden("test", "stripe/shop"),
    ],
)
def test_what_a_definition_names_is_not_deleted(held: dict[str, Any]) -> None:
    told = refused(held)
    assert f"still names it in Maia ('{told_name(held)}'" in told
    assert held["name"] in told


@pytest.mark.parametrize(
    "held",
    [
        definition("stripe_test", "stripe/shop"),  # goes as well
        definition("stripe_production", "stripe/shop2"),
        definition("stripe_production", None),
        definition("stripe_production", "stripe/shop", secret_label="other"),
        definition("stripe_production", "stripe/shop", secrets_location={"region": "us-east-1"}),
        definition("stripe_production", ARN.replace("eu-west-1", "us-east-1")),
        overridden("test", "stripe/other"),
    ],
)
def test_what_names_something_else_stops_nothing(held: dict[str, Any]) -> None:
    assert not refused(held)


def test_a_secret_that_goes_as_a_whole_has_every_label() -> None:
    held = definition("stripe_production", "stripe/shop", secret_label="other")
    plain = {"authorize_aws": {"region": "eu-west-1", "format": "plaintext"}}
    assert refused(held, **plain)


def test_of_each_vault_that_auto_may_find_the_secret_is_meant() -> None:
    assert refused(definition("stripe_production", "stripe/shop"), authorize_vault="auto")


def test_snowflake_s_names_may_be_given_with_their_schema() -> None:
    where: dict[str, Any] = {
        "authorize_vault": "snowflake",
        "authorize_secret_name": "stripe_shop",
        "authorize_snowflake": {"database": "db", "schema": "s"},
    }
    assert refused(definition("stripe_production", "DB.S.STRIPE_SHOP"), **where)
    assert refused(definition("stripe_production", '"STRIPE_SHOP"'), **where)
    assert not refused(definition("stripe_production", "DB.S.OTHER"), **where)
    where["authorize_snowflake"]["account"] = "acme-data"
    assert not refused(definition("stripe_production", "OTHER.S.STRIPE_SHOP"), **where)
    assert refused(definition("stripe_production", "db.s.stripe_shop"), **where)


@pytest.mark.parametrize(
    "name",
    [
        "https://keys.vault.azure.net/secrets/Stripe",
        "https://keys.vault.azure.net/secrets/stripe/",
        "keys.vault.azure.net/secrets/stripe/0123456789abcdef0123456789abcdef",
        "stripe/0123456789abcdef0123456789abcdef",
    ],
)
def test_azure_s_names_may_be_given_as_urls(name: str) -> None:
    where: dict[str, Any] = {
        "authorize_vault": "azure",
        "authorize_secret_name": "stripe",
        "authorize_azure": {"vault_name": "keys"},
    }
    assert refused(definition("by_hand", name), **where)
    assert not refused(definition("by_hand", name.replace("tripe", "tripes")), **where)
    if "keys" in name:
        assert not refused(definition("by_hand", name.replace("keys", "others")), **where)


@pytest.mark.parametrize("held", [definition("x", ARN), overridden("test", "stripe/shop")])
def test_a_definition_that_is_listed_means_another_secret(held: dict[str, Any]) -> None:
    assert not refused(held, authorize_named_elsewhere=[held["name"]])
    assert refused(held, authorize_named_elsewhere=["another"])


OTHER = {**GOES, "authorize_environment": "other"}


@pytest.mark.parametrize(
    ("other", "held", "refusals"),
    [
        (OTHER, {}, []),
        (OTHER, {"ours": False}, ["host", "other"]),  # whose secret that of the host names
        ({**OTHER, "authorize_on_foreign": "adopt"}, {"ours": False}, []),
        # It is to go with another secret than it names.
        ({**OTHER, "authorize_secret_name": "stripe/other"}, {}, ["host"]),
    ],
)
def test_what_would_not_be_deleted_does_not_go_as_well(
    other: dict[str, Any], held: dict[str, Any], refusals: list[str]
) -> None:
    going = {"host": with_defaults(GOES), "other": with_defaults(other)}
    definitions = [
        definition("stripe_test", "stripe/shop"),
        definition("stripe_other", "stripe/shop", **held),
    ]
    assert sorted(still_named_in_project(going, definitions)) == refusals


def test_nor_does_what_is_refused_for_that() -> None:
    third = definition("third", "stripe/second")
    going = {
        "host": with_defaults(GOES),
        "other": with_defaults({**OTHER, "authorize_secret_name": "stripe/second"}),
    }
    override = {"secret_name": "stripe/shop", "secret_label": None, "secrets_location": None}
    held = definition("stripe_other", "stripe/second", environment_overrides={"x": override})
    assert still_named_in_project(going, [held]) == {}
    assert sorted(still_named_in_project(going, [held, third])) == ["host", "other"]
