# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that name one environment share what is found there."""

from __future__ import annotations

from typing import Any

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.adopt import candidates_of
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.environments import (
    by_environment,
    homes_of,
    lookers,
)

NAME = "authorize_definition_name"
ODD: dict[str, Any] = {NAME: ["a"]}


def host(name: str, region: str = "eu-west-1", **own: Any) -> dict[str, Any]:
    aws = {"region": region}
    place = {"authorize_project": "Shop", "authorize_environment": "test", "authorize_aws": aws}
    return {"name": name, **place, **own}


def seen(*definitions: str, state: str = "present", project: str = "1") -> dict[str, Any]:
    """What one of the hosts finds."""
    place = {"project": "Shop", "project_id": project, "environment": "test", "vault": "aws"}
    secret: dict[str, Any] = {"name": "s", "place": {}, "state": state, "stripe_keys": None}
    about = {"secret_name": "s", "secret_label": None, "because": ["x"], "overridden": False}
    found = [{"name": name, "ours": True, "secret": secret, **about} for name in definitions]
    return {**place, "definitions": found, "components": [], "not_seen": ["that"]}


def found(
    targets: list[dict[str, Any]], results: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    return by_environment(
        results, homes_of(results), lookers(targets), {each["name"]: each for each in targets}
    )


def names(targets: list[dict[str, Any]], results: dict[str, dict[str, Any]]) -> list[str]:
    given = {each["name"]: each for each in targets}
    return [each.host for each in candidates_of(given, found(targets, results))]


def test_hosts_look_once_if_only_their_own_objects_differ() -> None:
    own = {NAME: "b", "authorize_secret_name": "s", "authorize_label": "l"}
    assert lookers(
        [host("one"), host("two", **own), host("far", "us-east-1"), host("odd", **ODD)]
    ) == {"one": "one", "two": "one", "far": "far", "odd": "one"}


def test_refused_hosts_fail_one_by_one() -> None:
    refused = [{"name": name, "refusal": "No."} for name in ("one", "two")]
    assert lookers(refused) == {"one": "one", "two": "two"}


def test_another_environment_or_vault_is_another_home() -> None:
    results = {"one": seen(), "id": seen(), "other": seen(project="2")}
    results["azure"] = {**seen(), "vault": "azure"}
    expected = {"one": "one", "id": "one", "other": "other", "azure": "azure"}
    assert homes_of(results) == expected


def test_a_definition_is_seen_by_who_names_it_or_finds_its_secret() -> None:
    targets = [host("near"), host("far", "us-east-1", **{NAME: "named"})]
    results = {
        "near": seen("plain", "named", "lost", state="absent"),
        "far": seen("plain", "named"),
    }
    merged = found(targets, results)
    assert merged.keys() == {"near"}
    who = {
        each["name"]: (each["named_by"], each["seen_by"]) for each in merged["near"]["definitions"]
    }
    assert who == {"plain": (None, "far"), "named": ("far", "far"), "lost": (None, "near")}
    assert merged["near"]["not_seen"] == ["that"]


def test_hosts_keep_their_names_and_new_ones_are_named_alike() -> None:
    targets = [host("shop-test-stripe-eu", **{NAME: "stripe_eu"})]
    targets += [host("my-own", **{NAME: "stripe_us"}), host("odd", **ODD)]
    looked = {"shop-test-stripe-eu": seen("stripe_us", "stripe_eu", "stripe_uk")}
    assert names(targets, looked) == ["my-own", "shop-test-stripe-eu", "shop-test-stripe-uk"]


def test_a_new_host_never_takes_the_name_of_another() -> None:
    targets = [host("shop", **{NAME: "a"}), host("shop-b", **{NAME: "c"})]
    [first, second, third] = names(targets, {"shop": seen("a", "b", "c")})
    assert (first, third) == ("shop", "shop-b")
    assert second.startswith("shop-b-")
