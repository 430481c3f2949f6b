# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory and the plan that are made of what was discovered."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.filter.discovery import FilterModule
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from ansible_collections.maia.stripe_query.plugins.plugin_utils._inventory_files import (
    inventory_files,
)
from unit.keys import make_key

discovery = FilterModule().filters()["discovery"]


class Loader(yaml.SafeLoader):
    """Tells what Ansible would not take for a template."""


Loader.add_constructor("!unsafe", lambda _loader, node: ("data", node.value))


def load(text: str) -> Any:
    return yaml.load(text, Loader)


def key_under(label: str | None, **changed: Any) -> dict[str, Any]:
    return {"label": label, "kind": "restricted", "mode": "live", "padded": False, **changed}


def secret(name: str = "team/prod", **changed: Any) -> dict[str, Any]:
    return {
        "name": name,
        "place": {"region": "eu-west-1"},
        "state": "present",
        "ours": False,
        "format": "key_value",
        "labels": ["other", "stripe"],
        "stripe_keys": [key_under("stripe")],
        "repeated_labels": [],
        "similar_names": [],
        "unread_because": None,
        "left_alone_because": None,
        "unreadable_because": None,
        **changed,
    }


def definition(name: str = "stripe_prod", **changed: Any) -> dict[str, Any]:
    return {
        "name": name,
        "ours": False,
        "secret_name": "team/prod",
        "secret_label": "stripe",
        "overridden": False,
        "edited_in_maia": False,
        "components": [],
        "because": ["its secret holds a Stripe key"],
        "secret": secret(),
        "not_seen_because": None,
        **changed,
    }


def host(name: str | None = "shop-production", **changed: Any) -> dict[str, Any]:
    return {
        "host": name,
        "definition": "stripe_prod",
        "ours": False,
        "variables": variables(),
        "refusal": None,
        "error": None,
        "secret_changes": ["ownership"],
        "definition_changes": ["ownership"],
        "warnings": [],
        "same_key": [],
        **changed,
    }


def variables(**changed: Any) -> dict[str, Any]:
    return {
        "authorize_project": "Shop",
        "authorize_environment": "production",
        "authorize_vault": "aws",
        "authorize_definition_name": "stripe_prod",
        "authorize_secret_name": "team/prod",
        "authorize_label": "stripe",
        "authorize_maia": {"region": "eu1"},
        "authorize_aws": {"region": "eu-west-1"},
        **changed,
    }


def result(target: str = "shop-production", **changed: Any) -> dict[str, Any]:
    return {
        "target": target,
        "project": "Shop",
        "environment": "production",
        "vault": "aws",
        "changed": False,
        "definitions": [definition()],
        "components": [],
        "not_seen": [],
        "hosts": [host()],
        "secrets_of_ours": [],
        **changed,
    }


def plan(*results: dict[str, Any]) -> str:
    return str(discovery(list(results))["files"]["discovery.md"])


def test_what_all_hosts_share_stands_once() -> None:
    files = inventory_files(
        {
            "one": variables(),
            "two": variables(authorize_secret_name="two"),
            "three": variables(authorize_vault="azure", authorize_azure={"vault_name": "v"}),
        }
    )
    assert load(files["group_vars/all.yml"])["authorize_maia"] == {"region": "eu1"}
    assert load(files["group_vars/vault_aws.yml"]) == {"authorize_vault": "aws"}
    hosts = load(files["hosts.yml"])["all"]["children"]["vault_aws"]["hosts"]
    assert hosts["two"] == {
        "authorize_project": "Shop",
        "authorize_environment": "production",
        "authorize_definition_name": "stripe_prod",
        "authorize_secret_name": "two",
        "authorize_label": "stripe",
    }


def test_without_a_key_values_stay_as_they_are() -> None:
    text = inventory_files({"one": variables()})["group_vars/all.yml"]
    for name in ("authorize_update_value", "authorize_verify"):
        assert load(text)[name] == "{{ omit if host_has_key | bool else 'never' }}"
    assert "authorize_api_key_file" in load(text)["host_has_key"]


@pytest.mark.parametrize("name", ["{{ lookup('pipe', 'id') }}", "{% x %}", "a\nb: {{ c }}"])
def test_names_that_others_gave_are_data(name: str) -> None:
    text = inventory_files({"one": variables(authorize_environment=name)})["hosts.yml"]
    hosts = load(text)["all"]["children"]["vault_aws"]["hosts"]
    assert hosts["one"]["authorize_environment"] == ("data", name)


def test_the_plan_tells_what_adopting_changes_secret_by_secret() -> None:
    told = plan(result())
    assert "**shop-production** (project 'Shop', environment 'production')" in told
    assert (
        "secret `team/prod` in AWS Secrets Manager: made by others; key_value with other, stripe;"
        " a restricted live key under stripe"
    ) in told
    assert "adopting would change: secret (ownership) and definition (ownership)" in told
    assert "## Hosts of this collection" not in told


def test_a_label_that_is_not_there_is_told() -> None:
    told = plan(result(definitions=[definition(secret_label="gone")]))
    assert "**no label gone**, which the definition names" in told


def test_what_cannot_be_a_host_is_told_and_is_none() -> None:
    found = discovery([result(hosts=[host(None, refusal="It names no secret.")])])
    assert found["hosts"] == found["foreign"] == []
    assert load(found["files"]["hosts.yml"]) == {"all": {"children": {}}}
    assert "authorize_vault" not in load(found["files"]["group_vars/all.yml"])
    assert found["lines"][1] == "No host was found."
    assert (
        "`stripe_prod` (project 'Shop', environment 'production'): It names no secret."
        in (found["files"]["discovery.md"])
    )


def test_secrets_that_nobody_points_at_are_told() -> None:
    used, left = secret(), secret("left")
    told = plan(result(secrets_of_ours=[used, left]))
    assert "* `left` in AWS Secrets Manager (present)" in told
    assert "* `team/prod`" not in told


def test_a_secret_of_the_same_name_elsewhere_is_another() -> None:
    other = secret(place={"region": "us-east-1"})
    assert "* `team/prod` in AWS" in plan(result(secrets_of_ours=[other]))


def test_a_component_without_a_definition_is_told() -> None:
    component = {"component": "Load", "file": "a.orch.yaml", "points_at_before": "gone"}
    told = plan(result(components=[component]))
    assert (
        "component 'Load' in `a.orch.yaml` names `gone`. **There is no such definition.**" in told
    )


def test_what_could_not_be_seen_is_told_and_fails_its_target() -> None:
    failed = {"target": "lost", "changed": False, "failed": True, "msg": "No such project."}
    found = discovery([result(), failed])
    assert found["targets"]["lost"] == {"changed": False, "failed": True, "msg": "No such project."}
    assert found["targets"]["shop-production"] == {"changed": False}
    assert "## Not seen\n\n* lost: No such project." in found["files"]["discovery.md"]


def test_one_line_stays_one_line() -> None:
    told = plan(result(definitions=[definition(secret_name="a\n## Forged")]))
    assert "\n## Forged" not in told


def test_a_key_in_a_name_is_not_written() -> None:
    key = make_key()
    found = discovery([result(definitions=[definition(secret_name=key)])])
    assert key not in str(found)


def test_foreign_hosts_are_named() -> None:
    mine = host("ours", ours=True, secret_changes=[], definition_changes=[])
    found = discovery([result(hosts=[host(), mine])])
    assert (found["hosts"], found["foreign"]) == (["ours", "shop-production"], ["shop-production"])
    assert found["lines"][0] == (
        "1 of 1 environments looked at, 2 hosts found: 1 of this collection, 1 made by others."
    )


def lines(*results: dict[str, Any]) -> list[str]:
    return list(discovery(list(results))["lines"])


def test_a_value_that_was_not_read_is_told_in_the_line_of_its_host() -> None:
    unread = secret(stripe_keys=None, labels=None, format=None)
    found = result(definitions=[definition(secret=unread)])
    assert lines(found)[1] == (
        "shop-production: foreign; value not read; adopting changes secret (ownership) and"
        " definition (ownership)"
    )
    assert "made by others. The value was not read: authorize_prove_values is false\n" in plan(
        found
    )
    refused = {**found, "hosts": [host(refusal="It is unknown.")]}
    assert lines(refused)[1] == (
        "shop-production: foreign; value not read; cannot be adopted, see below"
    )
    own = {**found, "hosts": [host(ours=True)]}
    assert lines(own)[1] == "shop-production: ours"


def test_what_is_known_of_a_secret_is_in_sentences() -> None:
    disabled = secret(
        stripe_keys=None,
        format=None,
        unread_because="The value of a disabled secret cannot be read (SecretDisabled).",
        unreadable_because="It is disabled, so it cannot be read.",
    )
    told = plan(result(definitions=[definition(secret=disabled)]))
    assert (
        "made by others. The value was not read: The value of a disabled secret cannot be read"
        " (SecretDisabled). It is disabled, so it cannot be read\n"
    ) in told


def test_what_is_warned_of_needs_a_look() -> None:
    found = result(hosts=[host(warnings=["It is publishable."])])
    assert lines(found)[1].endswith("definition (ownership); needs a look, see discovery.md")
    assert "  * needs a look: It is publishable." in plan(found)


def test_what_is_odd_about_a_key_is_told() -> None:
    odd = secret(stripe_keys=[key_under("stripe", padded=True)], repeated_labels=["other"])
    assert (
        "a restricted live key with white space around it under stripe;"
        " **more than once** the label other"
    ) in plan(result(definitions=[definition(secret=odd)]))


def test_a_name_that_differs_in_case_only_is_told() -> None:
    gone = secret(state="absent", similar_names=['"team"'])
    assert 'absent; there is "team", in which upper and lower case differ' in plan(
        result(definitions=[definition(secret=gone)])
    )


def test_a_key_in_several_places_is_one_line_with_all_of_them() -> None:
    """Two hosts have one place, and so they do not name each other."""
    shared = {name: [*"cdef"] for name in "ab"}
    others = {name: [each for each in "abcdef" if each != name] for name in "cdef"}
    found = [
        result(
            name,
            definitions=[definition(name, secret_name=place, secret=secret(place))],
            hosts=[host(name, definition=name, same_key=same)],
        )
        for name, same in {**shared, **others}.items()
        for place in ["shared" if name in shared else f"own-{name}"]
    ]
    [told] = plan(*found).split("## One key in several places\n\n")[1].split("\n\n")[0].splitlines()
    where = ", label `stripe` in AWS Secrets Manager in eu-west-1"
    assert told == "* " + "; ".join(
        [f"secret `shared`{where}: a, b", *(f"secret `own-{n}`{where}: {n}" for n in "cdef")]
    )


def test_what_an_earlier_inventory_may_have_had_is_named() -> None:
    groups = {f"group_vars/vault_{vault}.yml" for vault in VAULTS}
    assert set(discovery([result(hosts=[])])["stale"]) == groups
    others = host("other", variables=variables(authorize_vault="azure", authorize_maia={}))
    found = discovery([result(hosts=[host(), others])])
    assert set(found["stale"]) == groups - found["files"].keys()
    assert "group_vars/vault_aws.yml" not in found["stale"]


def test_where_nothing_could_be_looked_at_nothing_is_written() -> None:
    failed = {"target": "shop-production", "failed": True, "msg": "It is down."}
    found = discovery([failed])
    assert (found["files"], found["stale"]) == ({}, [])
    assert discovery([failed, result()])["files"]
