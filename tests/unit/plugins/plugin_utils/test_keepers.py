# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not deleted, since another host keeps it, or it cannot be decided whether it does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.maia.stripe_query.plugins.action import authorize_targets
from ansible_collections.maia.stripe_query.plugins.action.authorize_targets import ActionModule
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from unit.faces import stand_ins
from unit.in_play import task_in_play

GOES = {"authorize_state": "absent"}
# Both point at the same definition, and have the same secret.
SHARED = {
    "authorize_project": "Shop",
    "authorize_vault": "aws",
    "authorize_secret_name": "stripe/shop",
    "authorize_environment": "test",
}
OTHER = {**SHARED, "authorize_secret_name": "stripe/other", "authorize_environment": "other"}
UNDEFINED = "{{ nowhere }}"


def inventory(**hosts: dict[str, Any]) -> dict[str, Any]:
    return {"all": {"hosts": hosts}}


def refusals(place: tuple[Any, dict[str, Any]], **args: Any) -> dict[str, str]:
    """Why nothing is done for a target of the task, by its name; an empty text where it is."""
    task, variables = place
    action = ActionModule(**stand_ins({}))
    action._task = task
    task.args = args
    targets = action._arguments(variables)["targets"]
    return {target["name"]: target.get("refusal", "") for target in targets}


@pytest.mark.parametrize("args", [{}, {"collisions_only": True}, {"action": "revoke"}])
@pytest.mark.parametrize("place", [{"hosts": ["goes"]}, {"pattern": "goes"}], ids=["limit", "play"])
@pytest.mark.parametrize(
    ("stays", "why"),
    [
        pytest.param({}, "they share", id="it can be used"),
        pytest.param(
            {**OTHER, "authorize_secretname": "stripe/shop"},
            "Host 'stays': it cannot be decided whether it keeps what is to be deleted: the role"
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
            "cannot be decided whether it keeps what is to be deleted: in the variable"
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
            "Host 'stays': it cannot be decided whether it keeps what is to be deleted: its"
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
            "Host 'stays': it cannot be decided whether it keeps what is to be deleted: it",
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


def in_vault(vault: str, **options: str) -> dict[str, Any]:
    return {"authorize_vault": vault, f"authorize_{vault}": options}


ELSE = {"authorize_environment": "other"}
ACCOUNT = {"account": "acme-data"}
EUROPE = in_vault("aws", region="eu-west-1")
OVERRIDE = '{"dev": {"secret_name": "stripe/shop", "secret_label": "api_key"}}'


AT_EUROPE = {"authorize_definition": {"secrets_location": {"region": "eu-west-1"}}}
NAMES_OF_SHOP = [
    "arn:aws:secretsmanager:eu-west-1:1:secret:stripe/shop-AbC123",
    "arn:aws:secretsmanager:eu-west-1:1:secret:stripe/shop",
]


def _override(name: str) -> dict[str, Any]:
    return {"authorize_definition": {"environment_overrides": {"dev": {"secret_name": name}}}}


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
        *(({}, {**OTHER, **_override(name)}, True) for name in NAMES_OF_SHOP),
        ({}, {**OTHER, **_override("arn:aws:secretsmanager:eu-west-1:1:secret:more")}, False),
        (
            in_vault("snowflake", **ACCOUNT),
            {**OTHER, **_override('PLATFORM.SECRETS."SHOP"')},
            True,
        ),
        (
            in_vault("azure", vault_name="shop"),
            {**OTHER, **_override(f"https://shop.vault.azure.net/secrets/shop/{'0a' * 16}")},
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
        (in_vault("azure", vault_name="shop"), in_vault("azure", vault_url="https://a.x"), False),
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
        ({"authorize_definition": {}}, {**OTHER, **_override("stripe/shop")}),
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


def test_a_label_that_is_called_like_an_override_is_none(tmp_path: Path) -> None:
    own = {**SHARED, "authorize_label": "override", "authorize_secret_name": "stripe/own"}
    removes = {**own, "authorize_definition": {"purge_overrides": True}}
    stays = {**own, "authorize_environment": "other", "authorize_aws": {"tags": {"override": "x"}}}
    removes["authorize_aws"] = {"tags": {"override": "y"}}
    hosts = inventory(goes=removes, stays=stays)
    assert refusals(task_in_play(tmp_path, hosts), hosts=["goes"]) == {"goes": ""}


@pytest.mark.parametrize("action", ["authorize", "rotate", "adopt", "prove"])
@pytest.mark.parametrize(
    ("removes", "stays", "refused"),
    [
        ({"purge_overrides": True}, {"dev": {"secret_name": "more"}}, True),
        ({"environment_overrides": {"dev": None}}, {"dev": {"secret_name": "more"}}, True),
        ({"environment_overrides": {"dev": None}}, {"Dev ": {"secret_name": "more"}}, True),
        ({"purge_overrides": True}, {" DEV": {"secret_name": "more"}}, True),
        ({"environment_overrides": {"qa": None}}, {"dev": {"secret_name": "more"}}, False),
        ({"environment_overrides": {"dev": {"secret_name": "x"}}}, {"dev": None}, False),
        ({"purge_overrides": True}, None, False),
    ],
)
def test_an_override_that_another_host_gives_is_not_removed(
    tmp_path: Path, removes: dict[str, Any], stays: Any, refused: bool, action: str
) -> None:
    other = {**SHARED, "authorize_environment": "other", "authorize_definition_name": "stripe_test"}
    hosts = inventory(
        goes={**SHARED, "authorize_definition": removes},
        stays={**other, "authorize_definition": {"environment_overrides": stays}},
    )
    found = refusals(task_in_play(tmp_path, hosts), hosts=["goes"], action=action)
    assert ("override" in found["goes"]) is (refused and action != "prove"), found


def tagged(*tags: str, **more: Any) -> dict[str, Any]:
    return {"authorize_aws": {"tags": dict.fromkeys(tags, "x"), **more}}


GRANTS = [{"type": "role", "name": "A"}]
SNOW = {"authorize_vault": "snowflake", "authorize_secret_name": "shop"}


@pytest.mark.parametrize("action", ["authorize", "prove"])
@pytest.mark.parametrize(
    ("removes", "stays", "refused"),
    [
        (tagged("a", purge_tags=True), tagged("a", "b"), True),
        (tagged("a", purge_tags=True), tagged("a"), False),
        (tagged("a", purge_tags=True), {}, False),
        (tagged("a"), tagged("a", "b"), False),
        (tagged("a", purge_tags=True), {**tagged("b"), "authorize_secret_name": "more"}, False),
        (tagged("a", purge_tags=True), {**tagged("b"), **GOES}, False),
        # A run that purges tags is not stopped by any host that does not say what it has.
        (tagged("a", purge_tags=True), {**tagged("b"), "authorize_project": UNDEFINED}, False),
        (
            {**SNOW, "authorize_snowflake": {"grant_to": [], "purge_grants": True}},
            {**SNOW, "authorize_snowflake": {"grant_to": GRANTS}},
            True,
        ),
    ],
)
def test_a_tag_or_a_grant_that_another_host_gives_is_not_removed(
    tmp_path: Path, removes: dict[str, Any], stays: dict[str, Any], refused: bool, action: str
) -> None:
    other = {**SHARED, "authorize_environment": "other"}
    hosts = inventory(goes={**SHARED, **removes}, stays={**other, **stays})
    found = refusals(task_in_play(tmp_path, hosts), hosts=["goes"], action=action)
    assert ("they share" in found["goes"]) is (refused and action != "prove"), found


@pytest.mark.parametrize("vault", ["awss", ["aws"], 7])
def test_what_goes_may_be_wrong_as_well(tmp_path: Path, vault: Any) -> None:
    hosts = inventory(goes={**SHARED, **GOES, "authorize_vault": vault}, stays=SHARED)
    found = refusals(task_in_play(tmp_path, hosts), hosts=["goes", "stays"])
    assert "they share" in found["goes"]
    assert not found["stays"]


@pytest.mark.parametrize("how", [{"action": "revoke"}, {"defaults": GOES}])
def test_targets_that_the_task_names_are_compared_with_all_hosts(
    tmp_path: Path, how: dict[str, Any]
) -> None:
    place = task_in_play(tmp_path, inventory(stays=SHARED, goes=SHARED))
    named = [{**SHARED, "name": "somebody"}, {**OTHER, "name": "else"}]
    found = refusals(place, targets=named, **how)
    assert "they share" in found["somebody"]
    assert not found["else"]


@pytest.mark.parametrize(
    ("how", "refused"),
    [
        pytest.param({"task_vars": GOES}, True, id="the task, which may leave one out"),
        pytest.param({"play_vars": GOES}, False, id="the play"),
    ],
)
def test_who_says_that_a_host_is_to_go(tmp_path: Path, how: dict[str, Any], refused: bool) -> None:
    hosts = inventory(one=SHARED, two=SHARED, other=OTHER)
    found = refusals(task_in_play(tmp_path, hosts, **how), hosts=["one", "two", "other"])
    assert {name: bool(why) for name, why in found.items()} == {
        "one": refused,
        "two": refused,
        "other": False,
    }
    assert not refused or "only variables of a task, an include or a role say" in found["one"]


@pytest.mark.parametrize("how", [{"hosts": ["one"]}, {"pattern": "one"}, {}])
def test_an_option_of_the_task_is_about_its_targets(tmp_path: Path, how: dict[str, Any]) -> None:
    place = task_in_play(tmp_path, inventory(one=SHARED, two=SHARED), **how)
    assert "they share" in refusals(place, hosts=["one"], defaults=GOES)["one"]


def test_where_a_limit_leaves_a_host_out_the_task_does_not_say_that_it_goes(
    tmp_path: Path,
) -> None:
    hosts = inventory(one=SHARED, two=SHARED)
    place = task_in_play(tmp_path, hosts, task_vars=GOES, hosts=["one"])
    assert "they share" in refusals(place, hosts=["one"])["one"]


# As a file of variables that another password encrypts.
def test_a_host_that_cannot_be_read_may_keep_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = task_in_play(tmp_path, inventory(goes={**SHARED, **GOES}, stays=SHARED), hosts=["goes"])
    manager = place[0].get_variable_manager()
    really = manager.get_vars

    def get_vars(host: Any = None, **more: Any) -> Any:
        if host is not None and host.name == "stays":
            raise AnsibleError("Decryption failed")
        return really(host=host, **more)

    monkeypatch.setattr(manager, "get_vars", get_vars)
    refusal = refusals(place, hosts=["goes"])["goes"]
    assert refusal.startswith("Host 'stays': it cannot be decided whether it keeps what is to be")
    assert "no Ansible Vault password that was given decrypts it" in refusal


PURGES = {"environment_overrides": {}, "purge_overrides": True}


def with_a_missing_source(
    place: tuple[Any, dict[str, Any]], tmp_path: Path
) -> tuple[Any, dict[str, Any]]:
    inventory = place[1]["hostvars"]._inventory
    inventory._sources.append(str(tmp_path / "nosuch.yml"))
    inventory.refresh_inventory()
    return place


@pytest.mark.parametrize(
    "args",
    [
        {"hosts": ["goes", "stays"]},
        {"hosts": ["goes", "stays"], "collisions_only": True},
        {"targets": [{**SHARED, **GOES, "name": "goes"}, {**OTHER, "name": "stays"}]},
        {"targets": [{**SHARED, "name": "goes"}], "action": "revoke"},
        {"targets": [{**SHARED, "name": "goes", "authorize_definition": PURGES}]},
    ],
)
def test_a_host_that_is_not_there_since_its_file_was_not_read_may_keep_anything(
    tmp_path: Path, args: dict[str, Any]
) -> None:
    place = task_in_play(tmp_path, inventory(goes={**SHARED, **GOES}, stays=OTHER))
    assert not any(refusals(place, **args).values())
    found = refusals(with_a_missing_source(place, tmp_path), **args)
    assert found.pop("goes") == (
        f"Inventory source {tmp_path / 'nosuch.yml'}: it could not be read, as the warning above"
        " says, so that hosts may be missing, and one of these may keep what is to be removed;"
        " mend it, or run without it."
    )
    assert not any(found.values())


@pytest.mark.parametrize(
    "args",
    [{"action": "rotate"}, {"action": "audit"}, {"action": "discover"}, {"audit": True}],
    ids=str,
)
def test_nor_is_anything_said_of_all_hosts(tmp_path: Path, args: dict[str, Any]) -> None:
    place = with_a_missing_source(task_in_play(tmp_path, inventory(one=SHARED)), tmp_path)
    with pytest.raises(ConfigurationError, match=r"nosuch\.yml: it could not be read"):
        refusals(place, hosts=["one"], **args)
    assert not any(refusals(place, targets=[{**SHARED, "name": "x"}], **args).values())


@pytest.mark.parametrize("action", ["authorize", "prove", "rollback", "adopt", "preflight"])
def test_what_is_done_for_each_host_by_itself_goes_on(tmp_path: Path, action: str) -> None:
    place = with_a_missing_source(task_in_play(tmp_path, inventory(one=SHARED)), tmp_path)
    assert not any(refusals(place, hosts=["one"], action=action).values())


@pytest.mark.parametrize("args", [{}, {"collisions_only": True}, {"per_host": True}])
@pytest.mark.parametrize(
    ("state", "refused"), [("absent", True), ("{{ x }}", True), ("present", False)]
)
def test_an_extra_variable_deletes_nothing_for_all(
    monkeypatch: pytest.MonkeyPatch, state: str, refused: bool, args: dict[str, Any]
) -> None:
    monkeypatch.setattr(
        authorize_targets, "load_extra_vars", lambda _loader: {"authorize_state": state}
    )
    action = ActionModule(**stand_ins(args))
    if not refused:
        action._refuse({})
        return
    with pytest.raises(ConfigurationError, match="use the playbook revoke"):
        action._refuse({})
