# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estates made by hand: found, taken over as told, and then nothing is left to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.python.estates import Estate, direct, labelled
from integration.python.rollout.test_operation import counts, run
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.keys import make_key

PROJECTS = {
    "aws": "Shop Analytics",
    "azure": "Billing Insights",
    "snowflake": "Finance Warehouse",
    "maia": "Marketing Reports",
}


KEY = make_key()
PLAIN = {"counts_as": None, "padded": False}


class World(Estate):
    def __init__(self, services: SandboxClient) -> None:
        super().__init__(direct(services))
        self.services = services
        services.clear()
        self.keys: list[str] = []

    def key(self, mode: str = "live") -> str:
        self.keys.append(make_key(mode=mode))
        return self.keys[-1]

    def target(self, vault: str, environment: str = "production", **more: Any) -> dict[str, Any]:
        return {
            "name": f"{vault}-{environment}",
            "authorize_project": PROJECTS[vault],
            "authorize_environment": environment,
            **more,
        }

    def run(self, action: str, *targets: dict[str, Any], **common: Any) -> dict[str, Any]:
        defaults = {**self.families, **common}
        result = run(
            {"targets": list(targets), "defaults": defaults, "action": action, "per_host": True},
            diff=True,
        )
        assert not result.get("failed"), result
        shown = json.dumps(result)
        assert not any(key in shown for key in self.keys)
        return result

    def discover(self, *targets: dict[str, Any], **common: Any) -> dict[str, Any]:
        """What was found, by target. Nothing is written."""
        self.services.clear()
        result = self.run("discover", *targets, **common)
        assert not result["changed"]
        for service in ("aws", "azure", "snowflake", "maia"):
            assert self.services.writes(service) == 0, service
        return dict(result["targets"])

    def by_hand(self, vault: str, key: str, definition: str = "stripe_prod") -> None:
        """A secret with the key, and a definition that leads to it."""
        project = PROJECTS[vault]
        if vault == "aws":
            self.aws("team/prod", labelled(stripe=key, other="x"))
            self.definition(project, definition, "team/prod", "stripe")
        elif vault == "azure":
            self.azure("team-prod", key)
            self.definition(project, definition, "team-prod")
        elif vault == "snowflake":
            self.snowflake("TEAM_PROD", key)
            self.definition(project, definition, "TEAM_PROD")
        else:
            self.hosted(project, definition, key)


@pytest.fixture
def world(services: SandboxClient) -> World:
    return World(services)


def only_host(found: dict[str, Any], target: str) -> dict[str, Any]:
    [host] = found[target]["hosts"]
    return dict(host)


def as_target(host: dict[str, Any], **more: Any) -> dict[str, Any]:
    """As the inventory that is written has it."""
    return {
        "name": host["host"],
        "authorize_update_value": "never",
        **{n: v for n, v in host["variables"].items() if n not in FAMILIES},
        **more,
    }


FAMILIES = ("authorize_maia", "authorize_azure", "authorize_snowflake")


def reached(world: World, host: dict[str, Any]) -> dict[str, Any]:
    """With the credentials, which no inventory has."""
    own = host["variables"].get("authorize_aws")
    return {"authorize_aws": {**world.families["authorize_aws"], **own}} if own else {}


@pytest.mark.parametrize("vault", ["aws", "azure", "snowflake"])
def test_what_was_made_by_hand_is_adopted_as_predicted_and_then_unchanged(
    world: World, vault: str
) -> None:
    key = world.key()
    world.by_hand(vault, key)
    unread: dict[str, Any] = {}
    if vault == "snowflake":
        unread = {"authorize_prove_values": False}
    found = world.discover(world.target(vault, **unread))
    host = only_host(found, f"{vault}-production")
    assert (host["host"], host["ours"], host["refusal"]) == (f"{vault}-production", False, None)
    target = as_target(host, **reached(world, host))
    # Nothing is taken over that is not named.
    refused = world.run("authorize", target)
    assert counts(refused) == (0, 0, 1, 0)
    assert refused["targets"][host["host"]]["error"]["kind"] == "foreign_object"
    adopted = world.run("adopt", {**target, **unread})
    done = adopted["targets"][host["host"]]
    assert counts(adopted) == (1, 0, 0, 0), done
    assert done["value_read"] is (vault != "snowflake")
    assert done["secret_changes"] == host["secret_changes"] == ["ownership"]
    assert done["definition_changes"] == host["definition_changes"] == ["ownership"]
    assert counts(world.run("authorize", target)) == (0, 1, 0, 0)
    again = only_host(world.discover(world.target(vault)), f"{vault}-production")
    assert again["ours"]
    assert again["secret_changes"] == again["definition_changes"] == []
    # The key is still the one that was there.
    known = {**target, "authorize_api_key": key, "authorize_update_value": "on_change"}
    with_key = world.run("authorize", known)["targets"][host["host"]]
    assert "value" not in with_key["secret_changes"] or vault == "snowflake", with_key


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "there is nothing to take over"),
        ("hello", "it holds no Stripe key under the label 'stripe'; correct authorize_secret_name"),
        ("{not json", "it holds no Stripe key"),
        ('{"other": "x"}', "it holds no Stripe key"),
        (KEY, "it holds no Stripe key under the label 'stripe'"),
        (f'{{"stripe": "x", "stripe": "{KEY}"}}', "the label 'stripe' more than once"),
        (f'{{"stripe": "{KEY}", "stripe": "x"}}', "the label 'stripe' more than once"),
    ],
    ids=["absent", "text", "no JSON", "another label", "key alone", "twice", "twice, key first"],
)
def test_what_holds_no_key_is_not_taken_over(world: World, value: str | None, reason: str) -> None:
    world.by_hand("aws", world.key())
    host = only_host(world.discover(world.target("aws")), "aws-production")
    target = {**as_target(host, **reached(world, host)), "authorize_secret_name": "team/other"}
    if value is not None:
        world.aws("team/other", value)
    world.services.clear()
    refused = world.run("adopt", target)["targets"][host["host"]]
    assert reason in refused["msg"]
    assert (world.services.writes("aws"), world.services.writes("maia")) == (0, 0)


def test_what_nobody_can_read_is_taken_over_only_if_that_is_said(world: World) -> None:
    world.snowflake("OTHER_API", "not a stripe key")
    world.definition(PROJECTS["snowflake"], "stripe_other", "OTHER_API")
    target = world.target("snowflake")
    host = only_host(world.discover(target), "snowflake-production")
    assert "it is unknown whether it holds a Stripe key" in host["refusal"]
    assert "set authorize_prove_values to false to take it over unread" in host["refusal"]
    world.services.clear()
    refused = world.run("adopt", as_target(host))["targets"][host["host"]]
    assert refused["msg"] == host["refusal"]
    assert (world.services.writes("snowflake"), world.services.writes("maia")) == (0, 0)
    unread: dict[str, Any] = {"authorize_prove_values": False}
    assert (
        only_host(world.discover({**target, **unread}), "snowflake-production")["refusal"] is None
    )
    assert counts(world.run("adopt", as_target(host, **unread))) == (1, 0, 0, 0)
    # What is ours has nothing left to take over.
    assert counts(world.run("adopt", as_target(host))) == (0, 1, 0, 0)
    known = {**as_target(host), "authorize_api_key": world.key()}
    written = world.run("authorize", {**known, "authorize_update_value": "on_change"})
    assert any("its value is replaced, whatever it is" in text for text in written["warnings"])


@pytest.mark.parametrize(("policy", "told"), [("warn", 1), ("allow", 0), ("reject", None)])
def test_a_key_that_cannot_work_is_treated_as_authorize_does(
    world: World, policy: str, told: int | None
) -> None:
    world.keys.append(key := make_key("pk"))
    world.by_hand("azure", key)
    target = world.target("azure", authorize_on_publishable_key=policy)
    host = only_host(world.discover(target), "azure-production")
    adopted = world.run("adopt", as_target(host, authorize_on_publishable_key=policy))
    if told is None:
        assert "it is a publishable key, which cannot read anything" in host["refusal"]
        assert adopted["targets"][host["host"]]["msg"] == host["refusal"]
        return
    assert counts(adopted) == (1, 0, 0, 0)
    warned = [text for text in adopted.get("warnings", ()) if "publishable key" in text]
    assert (len(host["warnings"]), len(warned)) == (told, told)


def test_what_can_be_done_about_a_disabled_secret_is_told(world: World) -> None:
    world.azure("team-prod", world.key(), enabled=False)
    world.definition(PROJECTS["azure"], "stripe_prod", "team-prod")
    refusal = only_host(world.discover(world.target("azure")), "azure-production")["refusal"]
    assert refusal.endswith("(SecretDisabled); enable that version first.")


@pytest.mark.parametrize(
    ("vault", "value"),
    [("azure", "hello"), ("azure", labelled(api_key=KEY)), ("aws", labelled(api_key=KEY))],
    ids=["no key", "azure", "aws"],
)
def test_no_label_is_named_where_there_is_none(world: World, vault: str, value: str) -> None:
    getattr(world, vault)("stripe-prod", value)
    world.definition(PROJECTS[vault], "stripe_prod", "stripe-prod")
    refusal = only_host(world.discover(world.target(vault)), f"{vault}-production")["refusal"]
    assert "it holds no Stripe key as plain text; correct authorize_secret_name" in refusal


def test_a_snowflake_name_in_another_case_is_told(world: World) -> None:
    world.snowflake("stripe_by_hand", world.key())
    world.definition(PROJECTS["snowflake"], "stripe_prod", "stripe_by_hand")
    found = world.discover(world.target("snowflake"))
    [definition] = found["snowflake-production"]["definitions"]
    assert definition["secret"]["similar_names"] == ['"stripe_by_hand"']
    refusal = only_host(found, "snowflake-production")["refusal"]
    assert 'but "stripe_by_hand" does, in which upper and lower case differ' in refusal


def test_what_full_saas_holds_needs_the_key(world: World) -> None:
    key = world.key()
    world.by_hand("maia", key)
    host = only_host(world.discover(world.target("maia")), "maia-production")
    assert host["refusal"].startswith("A value in Matillion's own vault cannot be taken over")
    target = {**as_target(host), "authorize_api_key": key, "authorize_update_value": "on_change"}
    assert counts(world.run("authorize", target)) == (0, 0, 1, 0)
    assert counts(world.run("adopt", target)) == (1, 0, 0, 0)
    assert counts(world.run("authorize", target)) == (0, 1, 0, 0)
    again = only_host(world.discover(world.target("maia")), "maia-production")
    assert (again["ours"], again["refusal"]) == (True, None)


def test_adopting_leaves_the_value_and_the_components_alone(world: World, tmp_path: Path) -> None:
    world.by_hand("aws", key := world.key())
    host = only_host(world.discover(world.target("aws")), "aws-production")
    components = {"Load": {"type": "stripe-query", "parameters": {"apiKey": "another"}}}
    file = tmp_path / "load.orch.yaml"
    file.write_text(yaml.safe_dump({"pipeline": {"components": components}}))
    target = as_target(host, **reached(world, host), authorize_component={"path": str(file)})
    target |= {"authorize_api_key": world.key(), "authorize_expected_mode": "test"}
    adopted = world.run("adopt", target)
    assert adopted["targets"][host["host"]]["secret_changes"] == ["ownership"], adopted
    assert "another" in file.read_text()
    same = {**target, "authorize_api_key": key, "authorize_component": None}
    same |= {"authorize_update_value": "on_change", "authorize_expected_mode": "live"}
    assert counts(world.run("authorize", same)) == (0, 1, 0, 0)


def test_format_and_label_are_those_that_are_there(world: World) -> None:
    plain, pair = world.key(), world.key(mode="test")
    world.aws("plain", plain)
    world.definition("Shop Analytics", "first", "plain")
    world.aws("pair", labelled(a=pair, b="x"), region="us-east-1")
    world.definition("Shop Analytics", "second", "pair", "a")
    found = world.discover(
        world.target("aws", authorize_aws={**world.families["authorize_aws"]}),
    )
    [first] = found["aws-production"]["hosts"]
    assert first["host"] == "aws-production"
    assert first["variables"]["authorize_aws"]["format"] == "plaintext"
    assert "authorize_label" not in first["variables"]
    # In another region, which its definition does not name, there is no such secret.
    second = found["aws-production"]["definitions"][1]
    assert (second["secret"]["state"], second["because"]) == ("absent", [])


def test_credentials_are_in_no_host(world: World) -> None:
    world.by_hand("aws", world.key())
    host = only_host(world.discover(world.target("aws")), "aws-production")
    shown = json.dumps(host)
    for family in ("authorize_aws", "authorize_maia"):
        for name in ("secret_key", "session_token", "client_secret", "access_token"):
            assert str(world.families[family].get(name, "-none-")) not in shown
    assert host["variables"]["authorize_aws"]["endpoint_url"] == world.services.url("aws")


def test_definitions_of_others_than_stripe_are_none_of_our_business(world: World) -> None:
    world.aws("ai", "no key of any kind")
    world.definition("Shop Analytics", "openai", "ai")
    found = world.discover(world.target("aws"))["aws-production"]
    assert found["hosts"] == []
    assert [each["name"] for each in found["definitions"]] == ["openai"]


def test_a_component_that_names_it_is_a_reason(world: World, tmp_path: Path) -> None:
    world.aws("x", "not readable as a key")
    world.definition("Shop Analytics", "payments", "x")
    components = {"Load": {"type": "stripe-query", "parameters": {"apiKey": "payments"}}}
    file = tmp_path / "load.orch.yaml"
    file.write_text(yaml.safe_dump({"pipeline": {"components": components}}))
    target = world.target("aws", authorize_component={"path": str(file)})
    before = file.read_bytes()
    found = world.discover(target)["aws-production"]
    assert file.read_bytes() == before
    [definition] = found["definitions"]
    assert definition["because"] == ["component 'Load' names it"]
    assert definition["components"] == ["Load"]
    [host] = found["hosts"]
    # The plan is that of a real run, which refuses such a value.
    assert "payments" in host["variables"]["authorize_definition_name"]


def names_of(found: dict[str, Any]) -> list[str]:
    return [each["host"] for result in found.values() for each in result.get("hosts", ())]


def test_hosts_of_one_environment_find_each_definition_once(world: World) -> None:
    for name in ("stripe_eu", "stripe_us"):
        world.aws(f"team/{name}", world.key())
        world.definition("Shop Analytics", name, f"team/{name}")
    first = world.discover(world.target("aws"), {**world.target("aws"), "name": "another"})
    once = ["aws-production-stripe-eu", "aws-production-stripe-us"]
    assert names_of(first) == once
    assert first["another"] == {"changed": False, "same_environment_as": "aws-production"}
    alone = world.services.requests("aws")
    # Its own inventory has a host for each, and gets no other; a new one is named as they are.
    own = [as_target(host, **reached(world, host)) for host in first["aws-production"]["hosts"]]
    assert names_of(world.discover(*own)) == once
    assert world.services.requests("aws") == alone
    world.aws("team/uk", world.key())
    world.definition("Shop Analytics", "stripe_uk", "team/uk")
    assert names_of(world.discover(*own)) == [*once, "aws-production-stripe-uk"]


def test_one_environment_by_its_name_and_by_its_id_is_one(world: World) -> None:
    world.by_hand("aws", world.key())
    found = world.discover(world.target("aws"))
    by_id = {"name": "by-id", "authorize_project": found["aws-production"]["project_id"]}
    found = world.discover(world.target("aws"), {**world.target("aws"), **by_id})
    assert names_of(found) == ["aws-production"]


def test_an_override_is_told_and_no_host(world: World) -> None:
    world.by_hand("aws", world.key())
    world.aws("team/test", labelled(stripe=world.key(mode="test")))
    world.override("Shop Analytics", "stripe_prod", "test", "team/test")
    found = world.discover(world.target("aws"), world.target("aws", "test"))
    assert only_host(found, "aws-production")["refusal"] is None
    overridden = only_host(found, "aws-test")
    assert overridden["host"] is None
    assert overridden["refusal"].startswith("In this environment an override leads elsewhere")
    [definition] = found["aws-test"]["definitions"]
    assert definition["secret_name"] == "team/test"
    assert definition["secret"]["stripe_keys"] == [
        {"label": "stripe", "kind": "restricted", "mode": "test"} | PLAIN
    ]


def test_equal_keys_are_told_whatever_the_vault(world: World) -> None:
    key = world.key()
    world.by_hand("aws", key)
    world.by_hand("azure", key)
    found = world.discover(world.target("aws"), world.target("azure"))
    assert only_host(found, "aws-production")["same_key"] == ["azure-production"]
    assert only_host(found, "azure-production")["same_key"] == ["aws-production"]
    assert "same_as" not in json.dumps(found)


def test_keys_that_only_look_alike_are_not_equal(world: World) -> None:
    one = world.key()
    world.by_hand("aws", one)
    world.keys.append(other := make_key()[:-4] + one[-4:])
    world.by_hand("azure", other)
    found = world.discover(world.target("aws"), world.target("azure"))
    assert only_host(found, "aws-production")["same_key"] == []


def test_values_are_not_read_if_that_is_not_wanted(world: World) -> None:
    world.by_hand("aws", world.key())
    found = world.discover(world.target("aws"), authorize_prove_values=False)
    [definition] = found["aws-production"]["definitions"]
    assert definition["secret"]["stripe_keys"] is None
    assert definition["because"] == ["its name or its secret's says so"]


def test_what_may_not_be_looked_at_hides_no_other(world: World) -> None:
    world.by_hand("aws", world.key())
    world.aws("b", world.key())
    world.definition("Shop Analytics", "stripe_b", "b")
    world.services.clear()
    world.services.order(Fault("aws", "DescribeSecret", status=403, times=1))
    result = world.run("discover", world.target("aws"))
    first, second = result["targets"]["aws-production"]["definitions"]
    assert "secretsmanager:DescribeSecret" in first["not_seen_because"]
    assert second["secret"]["state"] == "present"


def test_what_a_definition_no_longer_finds_is_told(world: World) -> None:
    world.definition("Shop Analytics", "stripe_gone", "gone")
    found = world.discover(world.target("aws"))["aws-production"]
    [definition] = found["definitions"]
    assert definition["secret"]["state"] == "absent"
    [host] = found["hosts"]
    assert host["refusal"]


def test_secrets_of_ours_are_listed_once_for_each_place(world: World) -> None:
    key = world.key()
    world.by_hand("aws", world.key())
    target = world.target("aws", authorize_secret_name="stripe/left", authorize_api_key=key)
    world.run("authorize", {**target, "authorize_definition_name": "left"})
    found = world.discover(world.target("aws"), world.target("aws", "test"))
    listed = [each["secrets_of_ours"] for each in found.values()]
    assert [len(each) for each in listed] == [1, 0]
    assert listed[0][0]["name"] == "stripe/left"


def test_two_definitions_that_want_one_label_otherwise_collide(world: World) -> None:
    world.aws("pair", labelled(stripe=world.key()))
    world.definition("Shop Analytics", "one", "pair", "stripe")
    world.definition("Shop Analytics", "two", "pair")
    found = world.discover(world.target("aws"))
    refusals = {each["definition"]: each["refusal"] for each in found["aws-production"]["hosts"]}
    assert all("they share secret 'pair'" in str(text) for text in refusals.values())


def test_a_project_that_cannot_be_read_fails_alone(world: World) -> None:
    world.by_hand("aws", world.key())
    lost = {**world.target("azure"), "authorize_project": "Nowhere"}
    result = world.run("discover", world.target("aws"), lost)
    assert counts(result) == (0, 1, 1, 0)
    assert "Nowhere" in result["targets"]["azure-production"]["msg"]
