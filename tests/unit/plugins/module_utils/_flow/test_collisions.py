# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which targets would undo each other's work, as tables; nothing is contacted."""

from __future__ import annotations

import gc
import sys
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    CONNECTION_SPEC as AWS_REACH,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    CONNECTION_SPEC as AZURE_REACH,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.collisions import (
    find_collisions,
    refused_targets,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.key_identity import (
    key_identities,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.variables import (
    with_defaults,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import (
    DEFINITION_SETTINGS,
    VAULTS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.options import (
    KEY_SPEC,
    VALUE_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    CONNECTION_SPEC as SNOWFLAKE_REACH,
)
from unit.keys import make_key

KEYS = {name: make_key() for name in ("one", "two")}
AZURE: dict[str, Any] = {"vault": "azure", "azure": {"vault_name": "contoso"}}
SNOWFLAKE: dict[str, Any] = {"vault": "snowflake", "snowflake": {"account": "org-acct"}}
HOSTED: dict[str, Any] = {"vault": "maia", "secret_name": None}
ONE_DEFINITION: dict[str, Any] = {"environment": "test", "definition_name": "stripe"}
ROLE = "arn:aws:iam::{}:role/deploy"


def target(**given: Any) -> dict[str, Any]:
    """On AWS, with a project of its own; names without authorize_."""
    usual = {"vault": "aws", "environment": "production", "secret_name": "stripe", **given}
    key = {"api_key": KEYS["one"]} if not any(name.startswith("api_key") for name in given) else {}
    return with_defaults({f"authorize_{name}": value for name, value in {**usual, **key}.items()})


def pair(first: dict[str, Any], second: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Two projects, with different keys unless the second says something else."""
    return {
        "a": target(**{"project": "A", **first}),
        "b": target(**{"project": "B", "api_key": KEYS["two"], **second}),
    }


def colliding(targets: dict[str, dict[str, Any]]) -> list[str]:
    return sorted(find_collisions(targets, key_identities(targets)))


def _override(**pointer: str) -> dict[str, Any]:
    return {"environment_overrides": {"dev": pointer}}


def aws(**options: Any) -> dict[str, Any]:
    return {"aws": options}


SAME = [
    pytest.param({}, {}, id="one secret and label, different keys"),
    pytest.param(aws(region="eu-west-1"), aws(region="eu-west-1"), id="one region"),
    pytest.param(aws(region="eu-west-1"), {}, id="a region that is not said"),
    pytest.param(aws(profile="x"), {}, id="a profile that is not said"),
    pytest.param(aws(profile="x"), aws(access_key="AKIA"), id="a profile or a key of it"),
    pytest.param(
        aws(access_key="AKIA1", secret_key="x", session_token="x"),
        aws(access_key="AKIA2", secret_key="y", session_token="y"),
        id="an access key names no account",
    ),
    pytest.param(
        aws(assume_role_arn=ROLE.format("1" * 12), profile="x"),
        aws(assume_role_arn=ROLE.format("1" * 12), profile="y"),
        id="one account from two profiles",
    ),
    pytest.param(
        aws(endpoint_url="https://a.vpce.amazonaws.com"), {}, id="an endpoint is no account"
    ),
    pytest.param(
        {"secret_name": "x", "aws": {}},
        {"secret_name": None, "aws": {"name": "x"}},
        id="a name among the options",
    ),
    pytest.param({}, {"aws": {"format": "plaintext"}, "label": "other"}, id="plain text and label"),
    pytest.param(AZURE, AZURE, id="one vault"),
    pytest.param(AZURE, {**AZURE, "secret_name": "STRIPE"}, id="Azure knows no case"),
    pytest.param(
        AZURE,
        {"vault": "azure", "azure": {"vault_url": "https://CONTOSO.vault.azure.net/"}},
        id="vault_name and vault_url",
    ),
    pytest.param(SNOWFLAKE, {**SNOWFLAKE, "secret_name": '"STRIPE"'}, id="Snowflake folds names"),
    pytest.param(
        SNOWFLAKE,
        {"vault": "snowflake", "snowflake": {"account": "ORG_ACCT", "schema": "secrets"}},
        id="Snowflake's default schema",
    ),
    pytest.param(
        SNOWFLAKE,
        {"vault": "snowflake", "snowflake": {"account": "xy12345.eu-west-1"}},
        id="an account and a locator",
    ),
    pytest.param({"vault": "auto"}, {}, id="auto may be AWS"),
    pytest.param({**AZURE, "vault": "auto"}, AZURE, id="auto may be Azure"),
    pytest.param({"vault": "auto"}, {"vault": "auto"}, id="auto twice"),
    pytest.param({}, {"state": "absent"}, id="one stores and one deletes"),
    pytest.param(
        {"project": "P", **ONE_DEFINITION, **HOSTED},
        {"project": "P", **ONE_DEFINITION, **HOSTED},
        id="one definition with the key itself",
    ),
    pytest.param(
        {"project": "P", **ONE_DEFINITION},
        {"project": "P", **ONE_DEFINITION, "secret_name": "other"},
        id="one definition, two secrets",
    ),
    pytest.param(
        {"project": "P", **ONE_DEFINITION},
        {"project": "P", **ONE_DEFINITION, "label": "other"},
        id="one definition, two labels",
    ),
    *(
        pytest.param(
            {"project": "P", **ONE_DEFINITION, "definition": one, "api_key": KEYS["one"]},
            {"project": "P", **ONE_DEFINITION, "definition": other, "api_key": KEYS["one"]},
            id=f"one definition, different {what}",
        )
        for what, one, other in (
            (
                "places of the secret",
                {"secrets_location": {"region": "eu-west-1"}},
                {"secrets_location": {"region": "us-east-1"}},
            ),
            ("descriptions", {"description": "a"}, {"description": "b"}),
            (
                "overrides in one environment",
                {"environment_overrides": {"test": {"secret_name": "a"}}},
                {"environment_overrides": {"test": {"secret_name": "b"}}},
            ),
            (
                "overrides, of which one is to go",
                {"environment_overrides": {"test": {"secret_name": "a"}}},
                {"environment_overrides": {"test": None}},
            ),
            (
                "overrides, of which others are purged",
                {"environment_overrides": {"a": {"secret_name": "a"}}, "purge_overrides": True},
                {"environment_overrides": {"b": {"secret_name": "b"}}, "purge_overrides": True},
            ),
            (
                "overrides, which one purges",
                {"environment_overrides": {"a": {"secret_name": "a"}}},
                {"purge_overrides": True},
            ),
        )
    ),
    *(
        pytest.param(
            {**vault, family: {**options, **one}, "api_key": KEYS["one"]},
            {**vault, family: {**options, **other}, "api_key": KEYS["one"]},
            id=f"one secret of {family}, {what}",
        )
        for vault, family, options, what, one, other in (
            ({}, "aws", {}, "two KMS keys", {"kms_key_id": "alias/a"}, {"kms_key_id": "alias/b"}),
            ({}, "aws", {}, "a tag twice", {"tags": {"a": "1", "b": "1"}}, {"tags": {"a": "2"}}),
            ({}, "aws", {}, "a tag purged", {"tags": {"a": "1"}}, {"tags": {}, "purge_tags": True}),
            (
                *({}, "aws", {}, "replicas purged"),
                {"replica_regions": ["us-east-1"], "purge_replicas": True},
                {"replica_regions": ["us-west-2"]},
            ),
            (AZURE, "azure", AZURE["azure"], "enabled", {"enabled": True}, {"enabled": False}),
            (
                *(SNOWFLAKE, "snowflake", SNOWFLAKE["snowflake"], "grants purged"),
                {"grant_to": [], "purge_grants": True},
                {"grant_to": [{"type": "role", "name": "A"}]},
            ),
        )
    ),
    pytest.param(
        {"label": "a", "api_key": KEYS["one"], **aws(value_version=1)},
        {"label": "b", "api_key": KEYS["one"], **aws(value_version=2)},
        id="one secret with a number for its value, two labels",
    ),
    *(
        pytest.param(
            {"secret_name": "one", "definition_name": "one", "component": one},
            {"secret_name": "two", "definition_name": "two", "component": other},
            id=f"components of {what}",
        )
        for what, one, other in (
            ("one file", {"path": "/shop/a.orch.yaml"}, {"path": "/shop/./a.orch.yaml"}),
            ("a directory and one below", {"path": "/shop"}, {"path": "/shop/pipelines"}),
            ("one name", {"path": "/shop", "component_names": ["A", "B"]}, {"path": "/shop"}),
        )
    ),
    pytest.param(
        {"project": "P", "definition_name": "stripe", "secret_name": "one"},
        {"project": "P", "definition_name": "Stripe", "secret_name": "two"},
        id="definitions that differ in case only",
    ),
    *(
        pytest.param(
            {"secret_name": "goes", **vault, "state": "absent"},
            {"secret_name": "other", "definition": _override(secret_name=name)},
            id=f"an override names the secret that is to go from {vault.get('vault', 'aws')}",
        )
        for vault, name in (({}, "goes"), (AZURE, "Goes"), (SNOWFLAKE, "GOES"))
    ),
    pytest.param(
        {"secret_name": "goes", "label": "a", "state": "absent"},
        {"secret_name": "other", "definition": _override(secret_name="goes", secret_label="a")},
        id="an override names the label that is to go",
    ),
    pytest.param(
        {"project": "P", **ONE_DEFINITION},
        {"project": "0" * 8 + "-0000-0000-0000-" + "0" * 12, **ONE_DEFINITION, **HOSTED},
        id="a project by name and by id",
    ),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_two_targets_with_one_secret_or_definition_and_different_wishes_collide(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    for one, other in ((first, second), (second, first)):
        assert colliding(pair(one, other)) == ["a", "b"]


APART = [
    pytest.param({"api_key": KEYS["one"]}, {"api_key": KEYS["one"]}, id="equal"),
    pytest.param({}, {"secret_name": "Stripe"}, id="AWS names are exact"),
    pytest.param({}, {"label": "other"}, id="two labels of one secret"),
    pytest.param(aws(region="eu-west-1"), aws(region="us-east-1"), id="two regions"),
    pytest.param(aws(profile="x"), aws(profile="y"), id="two profiles"),
    pytest.param(
        aws(assume_role_arn=ROLE.format("1" * 12)),
        aws(assume_role_arn=ROLE.format("2" * 12)),
        id="two accounts",
    ),
    pytest.param({}, AZURE, id="two vaults"),
    pytest.param(AZURE, {"vault": "azure", "azure": {"vault_name": "fabrikam"}}, id="two names"),
    pytest.param(
        AZURE,
        {"vault": "azure", "azure": {"vault_name": "contoso", "cloud": "china"}},
        id="two clouds",
    ),
    pytest.param(SNOWFLAKE, {**SNOWFLAKE, "secret_name": '"stripe"'}, id="quoted"),
    pytest.param(
        SNOWFLAKE,
        {"vault": "snowflake", "snowflake": {"account": "org-acct", "schema": "OTHER"}},
        id="two schemas",
    ),
    pytest.param({"vault": "auto"}, AZURE, id="auto cannot be a vault that has no options"),
    pytest.param({"state": "absent"}, {"state": "absent"}, id="both delete"),
    pytest.param(HOSTED, HOSTED, id="two projects in Full SaaS"),
    pytest.param(
        {"project": "P", **ONE_DEFINITION, **aws(region="eu-west-1")},
        {"project": "P", **ONE_DEFINITION, **aws(region="us-east-1")},
        id="one definition that each environment finds in its own region",
    ),
    pytest.param(
        {"project": "P", **ONE_DEFINITION, "maia": {"region": "eu1"}, **HOSTED},
        {"project": "P", **ONE_DEFINITION, "maia": {"region": "us1"}, **HOSTED},
        id="two regions of Maia",
    ),
    *(
        pytest.param(
            {"project": "P", **ONE_DEFINITION, "definition": one, "api_key": KEYS["one"]},
            {"project": "P", **ONE_DEFINITION, "definition": other, "api_key": KEYS["one"]},
            id=f"one definition, {what}",
        )
        for what, one, other in (
            (
                "overrides in two environments",
                {"environment_overrides": {"a": {"secret_name": "a"}}},
                {"environment_overrides": {"b": {"secret_name": "b"}}},
            ),
            (
                "one override in other words",
                {"environment_overrides": {"a": {"secret_name": "a"}}},
                {"environment_overrides": {"a": {"secret_label": None, "secret_name": "a"}}},
            ),
            ("a part that only one gives", {"description": "a"}, {}),
        )
    ),
    *(
        pytest.param(
            {"api_key": KEYS["one"], "aws": one},
            {"api_key": KEYS["one"], "aws": other},
            id=f"one secret, {what}",
        )
        for what, one, other in (
            ("two tags", {"tags": {"a": "1"}}, {"tags": {"b": "2"}}),
            ("one tag in other words", {"tags": {"a": "1"}}, {"tags": {"a": 1}}),
            ("a description that only one gives", {"description": "a"}, {"purge_tags": True}),
            ("two replicas", {"replica_regions": ["a"]}, {"replica_regions": ["b"]}),
            ("equal tags", *[{"tags": {"a": "1"}, "purge_tags": True}] * 2),
        )
    ),
    *(
        pytest.param(
            {"secret_name": "one", "definition_name": "one", "component": one},
            {"secret_name": "two", "definition_name": "two", "component": other},
            id=f"components of {what}",
        )
        for what, one, other in (
            ("two directories", {"path": "/shop/a"}, {"path": "/shop/ab"}),
            ("a directory, not those below", {"path": "/a", "recurse": False}, {"path": "/a/b"}),
            *(
                (
                    f"two {option}",
                    {"path": "/shop", option: ["A"]},
                    {"path": "/shop", option: ["B"]},
                )
                for option in ("component_names", "component_types", "patterns")
            ),
            ("no directory", {"path": 1}, {"path": 1}),
        )
    ),
    pytest.param(
        {"secret_name": "one", "component": {"path": "/shop"}},
        {"secret_name": "two", "component": {"path": "/shop"}},
        id="components with one definition in each project",
    ),
    pytest.param(
        {"vault": "snowflake", "snowflake": {"connection_name": "a"}},
        {"vault": "snowflake", "snowflake": {"connection_name": "b"}},
        id="two of Snowflake's connections",
    ),
    *(
        pytest.param({}, {**elsewhere, "state": "absent"}, id=f"what goes {what}")
        for what, elsewhere in (
            ("has another name by case", {"secret_name": "Stripe"}),
            ("is another label", {"label": "other"}),
            ("is in another vault", AZURE),
        )
    ),
    pytest.param(
        aws(region="eu-west-1"),
        {**aws(region="us-east-1"), "state": "absent"},
        id="what goes is in another region",
    ),
    pytest.param(
        {"secret_name": "stays"},
        {"secret_name": "other", "definition": _override(secret_name="stays")},
        id="an override names a secret that stays",
    ),
    pytest.param(
        {"secret_name": "goes", "label": "a", "state": "absent"},
        {"secret_name": "other", "definition": _override(secret_name="goes", secret_label="b")},
        id="an override names another label",
    ),
    pytest.param({}, {"vault": "gcp"}, id="what will be refused claims nothing"),
]


@pytest.mark.parametrize(("first", "second"), APART)
def test_targets_that_are_equal_or_elsewhere_do_not_collide(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    for one, other in ((first, second), (second, first)):
        assert colliding(pair(one, other)) == []


# Where the secret is, how it is reached and what is done with it, but not what it is like.
NO_SETTINGS = (
    *("name", "label", "format", "database", "schema", "create_schema", "grant_usage_on_schema"),
    *("compare", "replace_value", "allow_rotated", "rolled_back_to", "retire_previous_after"),
    *("recovery_window_days", "force_delete", "purge", "with_age"),
)


def test_a_checkout_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    (tmp_path / "link").symlink_to("checkout")
    one, other = (
        {"secret_name": name, "definition_name": name, "component": {"path": str(tmp_path / path)}}
        for name, path in (("a", "checkout"), ("b", "link/Load.orch.yaml"))
    )
    assert colliding(pair(one, other)) == ["a", "b"]


def test_an_environment_in_other_letters_is_the_same_one() -> None:
    """Its host will be refused for it, and until then must not lose the override."""
    one, other = (
        {"definition": {"environment_overrides": overrides}}
        for overrides in ({"Test ": {"secret_name": "x"}}, {"test": None})
    )
    shared = {"project": "P", "api_key": KEYS["one"], "definition_name": "d"}
    targets = pair({**shared, **one}, {**shared, **other})
    found = find_collisions(targets, key_identities(targets))
    assert "override in environment 'test'" in str(found["a"])


@pytest.mark.parametrize(
    ("vault", "reach"), [("aws", AWS_REACH), ("azure", AZURE_REACH), ("snowflake", SNOWFLAKE_REACH)]
)
def test_every_option_that_says_what_a_secret_is_like_is_compared(
    vault: str, reach: ArgumentSpec
) -> None:
    row = VAULTS[vault]
    policies = {*KEY_SPEC.options, *VALUE_SPEC.options} - DEFINITION_SETTINGS.keys()
    settings = row.operation.spec.options.keys() - reach.options.keys() - policies - {*NO_SETTINGS}
    assert settings == {*row.settings, *filter(None, row.settings.values())}


def test_keys_are_compared_wherever_they_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.touch(mode=0o600)
    file.write_text(f"{KEYS['one']}\n")
    monkeypatch.setenv("SAME_KEY", KEYS["one"])
    monkeypatch.setenv("OTHER_KEY", KEYS["two"])
    equal: list[dict[str, Any]] = [{"api_key_file": str(file)}, {"api_key_env": "SAME_KEY"}, {}]
    equal.append({"aws": {"api_key_file": str(file)}, "api_key": None})
    targets = {str(n): target(project=str(n), **given) for n, given in enumerate(equal)}
    assert colliding(targets) == []
    targets["odd"] = target(project="odd", api_key_env="OTHER_KEY")
    assert colliding(targets) == sorted(targets)


@pytest.mark.parametrize(
    ("first", "second", "collide"),
    [
        ({"api_key_file": "/none/a"}, {"api_key_file": "/none/a"}, False),
        ({"api_key_file": "/none/a"}, {"api_key_file": "/none/b"}, True),
        ({"api_key_file": "/none/a"}, {"api_key": None}, True),
    ],
)
def test_a_key_that_cannot_be_read_is_the_same_as_its_source_alone(
    first: dict[str, Any], second: dict[str, Any], collide: bool
) -> None:
    given = {"a": target(project="A", **first), "b": target(project="B", **second)}
    assert colliding(given) == (["a", "b"] if collide else [])


def test_only_the_colliding_targets_are_refused_and_all_are_named() -> None:
    targets = {
        "a": target(project="A"),
        "other": target(project="O", secret_name="elsewhere"),
        "b": target(project="B"),
        "c": target(project="C", api_key=KEYS["two"]),
    }
    errors = find_collisions(targets, key_identities(targets))
    assert sorted(errors) == ["a", "b", "c"]
    assert {str(error) for error in errors.values()} == {
        "Targets a, b, c: they share label 'api_key' of secret 'stripe' in AWS Secrets Manager, but"
        " differ in key; give each its own secret name, label, definition name or checkout, or make"
        " them equal; if they are in different vaults or places, set authorize_vault and the same"
        " options, such as region and profile, for each."
    }


def test_a_definition_s_differences_are_named() -> None:
    given = {"project": "P", **ONE_DEFINITION}
    targets = pair(given, {**given, "secret_name": "other", "label": "second"})
    error = find_collisions(targets, key_identities(targets))["a"]
    assert error.reason == (
        "they share secret definition 'stripe' of project 'P', but differ in secret name and label"
    )


def test_a_definition_that_would_replace_itself_is_told_by_its_variable() -> None:
    names = dict.fromkeys(("definition_name", "replacement_definition"), "stripe")
    given = target(project="P", state="absent", **names)
    error = find_collisions({"a": given}, key_identities({"a": given}))["a"]
    assert str(error).startswith(
        "Host 'a': authorize_replacement_definition names secret definition 'stripe' of project"
    )


@pytest.mark.parametrize(
    ("vault", "refused"), [("azure", []), ("aws", ["a", "b"]), (None, ["a", "b"])]
)
def test_maia_is_asked_only_of_what_collides_if_its_vault_is_not_named(
    vault: str | None, refused: list[str]
) -> None:
    asked: list[str] = []

    def find_vaults(names: Sequence[str]) -> dict[str, str | None]:
        asked.extend(names)
        return {"a": vault}

    targets = pair({**AZURE, "vault": "auto"}, {})
    targets["c"] = target(project="C", vault="auto", secret_name="elsewhere")
    assert sorted(refused_targets(targets, find_vaults)) == refused
    assert asked == ["a"]


def test_a_key_is_read_only_where_something_is_shared() -> None:
    def key_of(name: str) -> Hashable:
        asked.append(name)
        return None

    asked: list[str] = []
    targets = {
        "a": target(project="A"),
        "b": target(project="B"),
        "c": target(project="C", secret_name="elsewhere"),
        "d": target(project="D", aws={"region": "eu-west-1"}, secret_name="there"),
        "e": target(project="E", aws={"region": "us-east-1"}, secret_name="there"),
    }
    assert find_collisions(targets, key_of) == {}
    assert set(asked) == {"a", "b"}


@pytest.mark.parametrize(
    "own",
    [
        pytest.param({"secret_name": "stripe/{}"}, id="a name each"),
        pytest.param(
            {"aws": {"assume_role_arn": "arn:aws:iam::{:012}:role/d"}}, id="an account each"
        ),
        pytest.param({"api_key": "rk_{}"}, id="all collide"),
        pytest.param({"vault": "auto", "secret_name": "stripe/{}"}, id="auto"),
        pytest.param(
            {"aws": {"tags": {"owner": "{}"}}, "component": {"path": "/srv/{}/pipelines"}},
            id="a tag and a checkout each",
        ),
    ],
)
def test_the_work_grows_with_the_number_of_targets_and_not_faster(own: dict[str, Any]) -> None:
    few, many = calls_for(own, 100), calls_for(own, 1000)
    assert many < 12 * few
    assert many < 500 * 1000


def calls_for(own: dict[str, Any], count: int) -> int:
    """How many functions are called to look through so many targets; it knows no load."""

    def numbered(value: Any, number: int) -> Any:
        if isinstance(value, dict):
            return {key: numbered(entry, number) for key, entry in value.items()}
        return value.format(number)

    targets = {
        str(n): target(project=f"P{n}", **{key: numbered(value, n) for key, value in own.items()})
        for n in range(count)
    }
    calls = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    # What other tests left behind may have finalizers.
    gc.collect()
    gc.disable()
    sys.setprofile(count_call)
    try:
        colliding(targets)
    finally:
        sys.setprofile(before)
        gc.enable()
    return calls
