# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which definitions and overrides in Maia stop the deletion of a secret."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.still_named import (
    check_not_named,
    kept_because,
    sharing_projects,
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


def listed(*definitions: dict[str, Any], project: str = "Shop") -> list[dict[str, Any]]:
    return [{"project": {"id": "1", "name": project}, "definitions": list(definitions)}]


def told_name(held: dict[str, Any]) -> str:
    overrides = held.get("environment_overrides") or {}
    return str([held, *overrides.values()][-1]["secret_name"]).strip()


def overridden(name: str, secret_name: str) -> dict[str, Any]:
    override = {"secret_name": secret_name, "secret_label": None, "secrets_location": None}
    return definition("stripe_production", "x", environment_overrides={name: override})


def refused(*definitions: dict[str, Any], **more: Any) -> str:
    try:
        check_not_named(
            with_defaults({**GOES, **more}), listed(*definitions), {"Shop": ["stripe_test"]}
        )
    except ConflictError as error:
        return str(error)
    return ""


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
        # A secret has replicas in other regions; what else a location has is not known.
        definition("stripe_production", "stripe/shop", secrets_location={"region": "us-east-1"}),
        definition("stripe_production", ARN.replace("eu-west-1", "us-east-1")),
        definition("stripe_production", "stripe/shop", secret_label=""),
        definition("stripe_production", "stripe/shop", secret_label=" api_key "),
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
    assert refused(definition("stripe_production", "DB.S. STRIPE_SHOP"), **where)


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


@pytest.mark.parametrize("end", ["?api-version=7.4", "#x", "//", "/?a=b"])
def test_what_follows_a_name_in_a_url_is_no_part_of_it(end: str) -> None:
    where: dict[str, Any] = {
        "authorize_vault": "azure",
        "authorize_secret_name": "stripe",
        "authorize_azure": {"vault_name": "keys"},
    }
    for path in ("/secrets/", "//secrets//", ":443/secrets/"):
        held = definition("by_hand", f"https://keys.vault.azure.net{path}stripe{end}")
        assert refused(held, **where)


def test_behind_a_host_of_its_own_name_may_be_any_vault() -> None:
    named = definition("by_hand", "https://keys.vault.azure.net/secrets/stripe")
    behind = definition("by_hand", "https://keys.corp.example/secrets/stripe")
    where: dict[str, Any] = {"authorize_vault": "azure", "authorize_secret_name": "stripe"}
    assert refused(named, **where, authorize_azure={"vault_url": "https://gate.corp.example"})
    assert refused(behind, **where, authorize_azure={"vault_name": "others"})


@pytest.mark.parametrize("held", [definition("x", ARN), overridden("test", "stripe/shop")])
def test_a_definition_that_is_listed_means_another_secret(held: dict[str, Any]) -> None:
    assert not refused(held, authorize_named_elsewhere=[held["name"]])
    told = refused(held, authorize_named_elsewhere=["another"])
    assert told.endswith(
        "list the definition in authorize_named_elsewhere, which has no definition called another."
    )


def test_that_a_listed_one_names_this_very_secret_counts_more() -> None:
    region, role = "eu-west-1", "arn:aws:iam::{}:role/keys"
    held = definition("x", ARN)
    for account, told in (("111122223333", True), ("444455556666", False)):
        reach = {"region": region, "assume_role_arn": role.format(account)}
        found = refused(held, authorize_named_elsewhere=["x"], authorize_aws=reach)
        assert bool(found) is told
        assert not told or "so that authorize_named_elsewhere cannot say otherwise" in found


def test_what_is_to_go_as_well_refuses_nothing_and_keeps_the_secret() -> None:
    variables = with_defaults(GOES)
    other = listed(definition("stripe_other", "stripe/shop"))
    check_not_named(variables, other, {"1": ["stripe_other"]})  # the id of its project
    with pytest.raises(ConflictError):
        check_not_named(variables, other, {"Another": ["stripe_other"]})
    assert kept_because(variables, other, whole=False) == (
        "Secret 'stripe/shop' was not deleted: secret definition 'stripe_other' of project 'Shop'"
        " still named it in Maia ('stripe/shop'), or another secret of this name. Run again when"
        " that is gone, or, if it means a secret in another place, with the definition in"
        " authorize_named_elsewhere."
    )
    # In check mode.
    assert kept_because(variables, other, whole=False, gone={"Shop": ["stripe_other"]}) is None
    another = listed(definition("stripe_other", "stripe/another"))
    assert kept_because(variables, another, whole=False) is None


def test_nor_is_it_deleted_as_long_as_its_own_definition_is_there() -> None:
    own = listed(definition("stripe_test", "stripe/shop"))
    assert kept_because(with_defaults(GOES), own, whole=False)


def test_a_secret_whose_last_label_goes_is_needed_by_whoever_names_it() -> None:
    held = listed(definition("by_hand", "stripe/shop", secret_label="another"))
    assert kept_because(with_defaults(GOES), held, whole=False) is None
    assert kept_because(with_defaults(GOES), held, whole=True)


def test_definitions_of_other_projects_count_if_hosts_there_may_share_the_secret() -> None:
    going = {
        "own": with_defaults(GOES),
        "same": with_defaults({**GOES, "authorize_environment": "production"}),
        "other": with_defaults({**GOES, "authorize_project": "Billing"}),
        "another secret": with_defaults(
            {**GOES, "authorize_project": "Docs", "authorize_secret_name": "stripe/docs"}
        ),
        "elsewhere": with_defaults(
            {**GOES, "authorize_project": "Data", "authorize_aws": {"region": "us-east-1"}}
        ),
        "anywhere": with_defaults({**GOES, "authorize_project": "Any", "authorize_vault": "auto"}),
    }
    found, errors = sharing_projects(going)
    assert found["own"] == found["same"] == ["Any", "Billing"]
    assert found["other"] == ["Any", "Shop"]
    assert "another secret" not in found
    assert not errors
    own, others = listed(), listed(definition("theirs", "stripe/shop"), project="Billing")
    told = kept_because(going["own"], [*own, *others], whole=False)
    assert told
    assert "secret definition 'theirs' of project 'Billing' still named it" in told


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"authorize_project": None}, "host 'other' may share it, and has no authorize_project"),
        (
            {"authorize_project": "Billing", "authorize_maia": {"region": "us1"}},
            "host 'other' may share it, and is in another account of Maia",
        ),
        ({"authorize_project": "Billing", "authorize_maia": {"max_seconds": 9}}, ""),
        ({"authorize_maia": {"region": "us1"}, "authorize_secret_name": "stripe/other"}, ""),
    ],
)
def test_where_nobody_can_ask_nothing_is_deleted(other: dict[str, Any], why: str) -> None:
    own = with_defaults({**GOES, "authorize_maia": {"region": "eu1"}})
    going = {"own": own, "other": with_defaults({**GOES, **other})}
    _projects, errors = sharing_projects(going)
    assert why in str(errors.get("own", ""))
    assert bool(errors.get("own")) is bool(why)
