# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not deleted, since another host keeps it, or it cannot be decided whether it does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.template import trust_as_template

from tools.role_specs import ROLE
from unit.in_play import task_in_play
from unit.keeping import (
    GOES,
    OTHER,
    SHARED,
    UNDEFINED,
    in_vault,
    inventory,
    override,
    refusals,
    targets,
)


@pytest.mark.parametrize("args", [{}, {"collisions_only": True}, {"action": "revoke"}])
@pytest.mark.parametrize("place", [{"hosts": ["goes"]}, {"pattern": "goes"}], ids=["limit", "play"])
@pytest.mark.parametrize(
    ("stays", "why"),
    [
        pytest.param({}, "they share", id="it can be used"),
        pytest.param(
            {**OTHER, "authorize_secretname": "stripe/shop"},
            "Host 'stays': it cannot be decided whether it keeps what is to be removed: the role"
            " maia.stripe_query.authorize has no variable authorize_secretname, and would ignore",
            id="a misspelt variable",
        ),
        pytest.param(
            {"authorize_environment": None, "authorize_enviroment": "test"},
            "has no variable authorize_enviroment",
            id="a misspelt environment",
        ),
        pytest.param(
            {**OTHER, "authorize_definition": {"environment_override": {}}},
            "cannot be decided whether it keeps what is to be removed: in the variable"
            " authorize_definition there is no option environment_override",
            id="a misspelt option",
        ),
        pytest.param({"authorize_vault": "awss"}, "they share", id="no such vault"),
        pytest.param({"authorize_api_key_file": UNDEFINED}, "they share", id="its key"),
        pytest.param({"authorize_vault": UNDEFINED}, "they share", id="its vault"),
        pytest.param({"authorize_aws": UNDEFINED}, "they share", id="its region"),
        pytest.param({"authorize_maia": UNDEFINED}, "they share", id="Maia's region"),
        pytest.param({"authorize_state": UNDEFINED}, "they share", id="its state"),
        pytest.param({"authorize_state": "gone"}, "they share", id="no such state"),
        pytest.param(
            {"authorize_secret_name": UNDEFINED},
            "Host 'stays': it cannot be decided whether it keeps what is to be removed: its"
            " variable authorize_secret_name cannot be evaluated: 'nowhere' is undefined; correct",
            id="its secret",
        ),
        pytest.param({"authorize_project": UNDEFINED}, "it cannot be decided", id="its project"),
        pytest.param({"authorize_definition": UNDEFINED}, "cannot be decided", id="its overrides"),
        pytest.param({"authorize_state": "absent"}, "", id="it goes as well"),
        pytest.param(
            {**OTHER, "authorise_secret_name": "stripe/shop"},
            "its variable authorise_secret_name is almost that of the role",
            id="a misspelt prefix",
        ),
        pytest.param(
            {
                "authorize_vault": None,
                "authorize_secret_name": None,
                "authorize_aws": {"region": "eu-west-1"},
            },
            "it has no authorize_secret_name",
            id="its secret is not named, and it is for AWS",
        ),
        pytest.param(
            {**OTHER, "authorize_vault": "azure", "authorize_secret_name": "stripe/shop"},
            "stays (in another vault)",
            id="its vault is another one, which it does not name",
        ),
        pytest.param(
            {**OTHER, "authorize_vault": "maia", "authorize_secret_name": "stripe/shop"},
            "stays (in another vault)",
            id="its vault takes no name of a secret",
        ),
        pytest.param({"authorize_project": None}, "they share", id="without a project"),
        pytest.param(
            {"authorize_project": None, "authorize_secret_name": None},
            "it has no authorize_secret_name",
            id="without a project and a secret",
        ),
        pytest.param(
            {"authorize_vault": None, "authorize_environment": None, "authorize_secret_name": None},
            "it has no authorize_environment, which names its definition",
            id="with what the group all has",
        ),
        pytest.param(OTHER, "", id="others"),
        pytest.param(
            {**OTHER, "authorize_definition": {"environment_overrides": {
                "dev": {"secret_name": "stripe/shop"}}}},
            "they share secret 'stripe/shop'",
            id="an override names the secret",
        ),
    ],
)  # fmt: skip
def test_a_host_that_is_not_worked_on_keeps_what_is_its(
    tmp_path: Path,
    stays: dict[str, Any],
    why: str,
    place: dict[str, Any],
    args: dict[str, Any],
) -> None:
    hosts = inventory(goes={**SHARED, **GOES}, stays={**SHARED, **stays})
    found = refusals(task_in_play(tmp_path, hosts, **place), hosts=["goes"], **args)
    assert why in found["goes"]
    assert bool(found["goes"]) is bool(why)


@pytest.mark.parametrize(
    ("stays", "pattern", "why"),
    [
        ({}, "goes", ""),
        ({"color": "red"}, "goes", ""),
        (
            {},
            "all",
            "it has no variable of the role authorize; name the hosts that are for Stripe Query",
        ),
        ({"authorize_maia": {"region": "eu1"}}, "goes", "it has no authorize_environment, which"),
        ({"authorize_label": "api_key"}, "goes", "it has no authorize_environment, which"),
        ({"authorize_definition_name": "stripe_test"}, "goes", "they share secret definition"),
        ({"authorize_definition_name": "stripe_other"}, "goes", ""),
    ],
)
def test_a_host_that_says_little_of_itself_may_keep_it(
    tmp_path: Path, stays: dict[str, Any], pattern: str, why: str
) -> None:
    """Its file of variables may be misnamed. Without any, and in no play, it keeps nothing."""
    hosts = inventory(goes={**SHARED, **GOES}, stays=stays)
    place = task_in_play(tmp_path, hosts, hosts=["goes"], pattern=pattern)
    found = refusals(place, hosts=["goes"])
    assert why in found["goes"]
    assert bool(found["goes"]) is bool(why)


ALL = {"authorize_maia": {"region": "eu1"}, "authorize_aws": {"region": "eu-west-1"}}


@pytest.mark.parametrize(
    ("own", "pattern", "why"),
    [
        ({}, "goes", ""),
        ({"authorize_maia": {"region": "eu1"}}, "goes", ""),  # says the same as all
        ({"authorize_maia": {"region": "us1"}}, "goes", "authorize_definition_name cannot be"),
        ({"authorise_project": "Shop"}, "goes", "is almost that of the role"),
        ({}, "all", "it has no authorize_environment, which"),
    ],
)
def test_what_all_hosts_have_makes_none_of_them_one_of_ours(
    tmp_path: Path, own: dict[str, Any], pattern: str, why: str
) -> None:
    hosts = inventory(goes={**SHARED, **GOES}, server=own)
    hosts["all"]["vars"] = {**ALL, "authorize_definition_name": UNDEFINED}
    hosts["all"]["hosts"]["goes"]["authorize_definition_name"] = "stripe_test"
    if pattern == "all":
        del hosts["all"]["vars"]["authorize_definition_name"]
    place = task_in_play(tmp_path, hosts, hosts=["goes"], pattern=pattern)
    found = refusals(place, hosts=["goes"])["goes"]
    assert why in found
    assert bool(found) is bool(why)


@pytest.mark.parametrize(
    ("stays", "refused"),
    [
        ({"authorize_vault": "azure"}, False),
        ({"authorize_vault": "azure", "authorize_environment": "test"}, True),  # its definition
        ({"authorize_vault": "aws"}, True),
        ({"authorize_vault": "auto", **ALL}, True),
    ],
)
def test_without_the_name_of_its_secret_a_host_keeps_any_of_its_vault(
    tmp_path: Path, stays: dict[str, Any], refused: bool
) -> None:
    """As maia_projects finds hosts that nobody has given a secret yet."""
    found = {"authorize_project": "Shop", "authorize_environment": "other", **stays}
    hosts = inventory(goes={**SHARED, **GOES}, stays=found)
    place = task_in_play(tmp_path, hosts, hosts=["goes"])
    assert bool(refusals(place, hosts=["goes"])["goes"]) is refused


def test_so_it_is_where_the_role_s_defaults_say_the_same_of_every_host(tmp_path: Path) -> None:
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text("utf-8"))
    hosts = inventory(goes={**SHARED, **GOES}, stays={})
    named = trust_as_template(defaults["authorize_definition_name"])
    play = {"authorize_definition_name": named, "authorize_label": defaults["authorize_label"]}
    place = task_in_play(tmp_path, hosts, hosts=["goes"], play_vars=play)
    assert "it has no authorize_environment" in refusals(place, hosts=["goes"])["goes"]


@pytest.mark.parametrize("collisions_only", [False, True])
@pytest.mark.parametrize(
    "stays",
    [{"authorize_api_key": 7}, {"authorize_vault": "awss"}, {"authorize_aws": UNDEFINED}],
)
def test_so_does_one_of_the_task_that_is_refused(
    tmp_path: Path, stays: dict[str, Any], collisions_only: bool
) -> None:
    hosts = inventory(goes={**SHARED, **GOES}, stays={**SHARED, **stays}, other=OTHER)
    place = task_in_play(tmp_path, hosts)
    found = refusals(place, hosts=["goes", "other", "stays"], collisions_only=collisions_only)
    assert "they share" in found["goes"]
    assert not found["other"]


def test_of_two_hosts_of_the_task_the_one_that_keeps_goes_on(tmp_path: Path) -> None:
    hosts = inventory(goes={**SHARED, **GOES}, stays=SHARED)
    found = refusals(task_in_play(tmp_path, hosts), hosts=["goes", "stays"])
    assert "they share" in found["goes"]
    assert not found["stays"]


ELSE = {"authorize_environment": "other"}
ACCOUNT = {"account": "acme-data"}
EUROPE = in_vault("aws", region="eu-west-1")
OVERRIDE = '{"dev": {"secret_name": "stripe/shop", "secret_label": "api_key"}}'
AT_EUROPE = {"authorize_definition": {"secrets_location": {"region": "eu-west-1"}}}
NAMES_OF_SHOP = [
    "arn:aws:secretsmanager:eu-west-1:1:secret:stripe/shop-AbC123",
    "arn:aws:secretsmanager:eu-west-1:1:secret:stripe/shop",
]


@pytest.mark.parametrize("in_task", [True, False])
@pytest.mark.parametrize(
    ("goes", "stays", "shares"),
    [
        (EUROPE, EUROPE, True),
        (EUROPE, in_vault("aws", region="eu-west-1 "), True),
        (EUROPE, in_vault("aws", region="EU-WEST-1"), True),
        (EUROPE, in_vault("aws", region="us-east-1"), False),
        (EUROPE, in_vault("aws", region="eu-west1"), True),
        (EUROPE, {"authorize_aws": {"region": ["eu-west-1"]}}, True),
        (in_vault("aws", profile="a"), {"authorize_aws": {"profile": ["b"]}}, True),
        (in_vault("aws", profile="a"), in_vault("aws", profile="b"), False),
        (
            in_vault("snowflake", **ACCOUNT),
            {"authorize_vault": "snowflake", "authorize_snowflake": {"account": ["other-one"]}},
            True,
        ),
        ({}, {"authorize_secret_name": " Stripe/Shop"}, True),
        ({}, {"authorize_secret_name": "Stripe/Shop"}, False),
        ({}, {"authorize_secret_name": "Stripe/Shop", "authorize_vault": "awss"}, True),
        ({"authorize_vault": "awss"}, {"authorize_secret_name": "Shop"}, True),
        (EUROPE, {**in_vault("aws", region="us-east-1"), **AT_EUROPE}, True),
        (EUROPE, {**EUROPE, **OTHER, **AT_EUROPE}, False),
        *(({}, {**OTHER, **override(name)}, True) for name in NAMES_OF_SHOP),
        ({}, {**OTHER, **override("arn:aws:secretsmanager:eu-west-1:1:secret:more")}, False),
        (
            in_vault("snowflake", **ACCOUNT),
            {**OTHER, **override('PLATFORM.SECRETS."SHOP"')},
            True,
        ),
        (
            in_vault("azure", vault_name="shop"),
            {**OTHER, **override(f"https://shop.vault.azure.net/secrets/shop/{'0a' * 16}")},
            True,
        ),
        ({}, {"authorize_label": "API_key "}, True),
        ({}, {"authorize_label": ""}, True),
        ({}, {"authorize_label": "other"}, False),
        (in_vault("azure", vault_name="shop"), in_vault("azure"), True),
        (in_vault("azure", vault_name="shop"), in_vault("azure", vault_name="shop "), True),
        (in_vault("azure", vault_name="shop"), in_vault("azure", vault_name="other"), False),
        (in_vault("azure", vault_name="shop"), in_vault("azure", vault_name="shop.vault.x"), True),
        (in_vault("azure", vault_name="shop"), in_vault("azure", vault_url="shop.vault.x"), True),
        (
            in_vault("azure", vault_name="shop"),
            in_vault("azure", vault_url="https://a.vault.azure.net"),
            False,
        ),
        # Any vault may be behind another host.
        (in_vault("azure", vault_name="shop"), in_vault("azure", vault_url="https://a.x"), True),
        (
            in_vault("azure", vault_name="shop"),
            in_vault("azure", vault_name="other", vault_url="https://a.x"),
            True,
        ),
        (in_vault("snowflake", **ACCOUNT), in_vault("snowflake", **ACCOUNT, schema="a-b"), True),
        (in_vault("snowflake", **ACCOUNT), in_vault("snowflake", **ACCOUNT, schema="B"), False),
        ({}, {**OTHER, "authorize_definition": {"environment_overrides": OVERRIDE}}, True),
        (
            {},
            {**OTHER, "authorize_definition": {"environment_overrides": str(json.loads(OVERRIDE))}},
            True,
        ),
    ],
)
def test_what_somebody_may_still_correct_is_no_difference(
    tmp_path: Path, goes: dict[str, Any], stays: dict[str, Any], shares: bool, in_task: bool
) -> None:
    own = {} if stays.get("authorize_environment") else {"authorize_environment": "other"}
    name = {"authorize_secret_name": "shop"} if "authorize_aws" not in goes and goes else {}
    hosts = inventory(
        goes={**SHARED, **name, **goes, **GOES}, stays={**SHARED, **own, **name, **stays}
    )
    worked_on = ["goes", "stays"] if in_task else ["goes"]
    found = refusals(task_in_play(tmp_path, hosts), hosts=worked_on)
    assert ("they share" in found["goes"]) is shares, found


@pytest.mark.parametrize(
    ("stays", "shares"),
    [
        ({"authorize_project": "shop"}, True),
        ({"authorize_project": " Shop"}, True),
        ({"authorize_project": ""}, True),
        ({"authorize_project": "Other"}, False),
        ({"authorize_maia": {"region": "us1"}}, False),
        ({"authorize_maia": {"region": "eul"}}, True),
        ({"authorize_maia": {"region": "eu1", "client_id": ["b"]}}, True),
        ({"authorize_maia": {"region": "eu1", "client_id": "b"}}, False),
        (
            {**ELSE, "authorize_replacement_definition": "Stripe_test"},
            True,
        ),
        ({**ELSE, "authorize_replacement_definition": "more"}, False),
    ],
)
def test_so_it_is_with_the_definition(tmp_path: Path, stays: dict[str, Any], shares: bool) -> None:
    europe = {"authorize_maia": {"region": "eu1", "client_id": "a"}}
    stays = {**OTHER, "authorize_environment": "test", **europe, **stays}
    hosts = inventory(goes={**SHARED, **europe, **GOES}, stays=stays)
    found = refusals(task_in_play(tmp_path, hosts), hosts=["goes"])
    assert ("they share secret definition" in found["goes"]) is shares, found


@pytest.mark.parametrize(
    ("stays", "why"),
    [
        ({"authorize_secret_name": None}, "it has no authorize_secret_name"),
        ({"authorize_secret_name": ""}, "it has no authorize_secret_name"),
        ({"authorize_secret_name": ["x"]}, "in its variable authorize_secret_name it is a list"),
        ({"authorize_project": {"a": 1}}, "in its variable authorize_project it is a dictionary"),
        ({"authorize_definition": OVERRIDE}, "its variable authorize_definition is no dictionary"),
        (
            {"authorize_definition": {"secret_name": "stripe/shop"}},
            "authorize_definition.secret_name: the",
        ),
        ({"authorize_definition": {"environment_overrides": [1]}}, "environment_overrides are no"),
        ({"authorize_secret_name": "https://x/y?"}, "takes no secret of the name in authorize_s"),
        (
            {"authorize_definition": {"environment_overrides": "x"}},
            "environment_overrides is wrong",
        ),
        (
            {"authorize_definition": {"environment_overrides": {"dev": OVERRIDE}}},
            "environment_overrides for 'dev' is not a dictionary",
        ),
    ],
)
def test_what_cannot_be_told_at_all_is_said(
    tmp_path: Path, stays: dict[str, Any], why: str
) -> None:
    hosts = inventory(goes={**SHARED, **GOES}, stays={**OTHER, **stays})
    refusal = refusals(task_in_play(tmp_path, hosts), hosts=["goes", "stays"])["goes"]
    assert refusal.startswith("Host 'stays': it cannot be decided whether it keeps what is to be")
    assert why in refusal


@pytest.mark.parametrize(
    ("extra", "stays"),
    [
        ({"authorize_definition": {}}, {**OTHER, **override("stripe/shop")}),
        ({"authorize_state": "absent"}, {}),
    ],
)
@pytest.mark.parametrize("args", [{}, {"action": "revoke"}])
def test_an_extra_variable_hides_nothing_that_others_keep(
    tmp_path: Path, extra: dict[str, Any], stays: dict[str, Any], args: dict[str, Any]
) -> None:
    hosts = inventory(goes={**SHARED, **GOES}, stays={**SHARED, **stays})
    place = task_in_play(tmp_path, hosts, hosts=["goes"])
    place[0].get_variable_manager()._extra_vars = extra
    refusal = refusals(place, hosts=["goes"], **args)["goes"]
    assert "they share" in refusal
    assert "stays (without extra variables)" in refusal


def test_an_extra_variable_that_suits_no_other_host_is_to_blame(tmp_path: Path) -> None:
    azure = {**OTHER, **in_vault("azure", vault_name="shop"), "authorize_secret_name": "other"}
    place = task_in_play(tmp_path, inventory(goes={**SHARED, **GOES}, stays=azure), hosts=["goes"])
    place[0].get_variable_manager()._extra_vars = {"authorize_secret_name": "stripe/shop"}
    assert refusals(place, hosts=["goes"])["goes"].endswith(
        "Azure Key Vault takes no secret of the name in authorize_secret_name; the extra variables"
        " of this run say so, which all hosts have; run without them, or set them in the inventory"
        " for the hosts that are meant."
    )


def test_a_host_that_goes_by_its_task_is_not_at_odds_with_itself(tmp_path: Path) -> None:
    place = task_in_play(tmp_path, inventory(goes=SHARED, other=OTHER), task_vars=GOES)
    place[0].get_variable_manager()._extra_vars = {"authorize_maia": {"region": "eu1"}}
    assert refusals(place, hosts=["goes"]) == {"goes": ""}


def test_the_definitions_of_other_hosts_that_are_to_go_are_known(tmp_path: Path) -> None:
    goes, other = {**SHARED, **GOES}, {**OTHER, **GOES}
    hosts = inventory(goes=goes, other=other, stays={**OTHER, "authorize_environment": "qa"})
    (target,) = targets(task_in_play(tmp_path, hosts), hosts=["goes"])
    assert target["leaving"] == {"Shop": ["stripe_other", "stripe_test"]}
