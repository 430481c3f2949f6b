# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret that several targets share goes with the last of them, whatever becomes of the others.

In the role as well, whose targets know nothing of each other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.python import nowhere
from integration.python.estates import Estate, direct, labelled
from integration.python.rollout.test_actions import WAVES
from integration.python.rollout.test_operation import counts, options, run, target
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.keys import make_key

KEPT = "Secret 'stripe/shared' was not deleted: secret definition 'stripe_production' of project"
SHARED = {"authorize_secret_name": "stripe/shared"}
LEAVING = {"leaving": {"Shop Analytics": ["stripe_production"]}}
GOING = pytest.mark.parametrize(
    "going", [{"action": "revoke"}, {"defaults": {"authorize_state": "absent"}}]
)


def shared(services: SandboxClient) -> dict[str, Any]:
    """The options of a rollout after which two targets have one secret."""
    own = {**SHARED, "authorize_api_key": make_key()}
    args = options(services, threads=1)
    args["targets"] = [target("test", **own), target("production", **own)]
    assert counts(run(args)) == (2, 0, 0, 0)
    services.clear()
    return args


def goes(args: dict[str, Any], going: dict[str, Any], **more: Any) -> dict[str, Any]:
    defaults = {**args["defaults"], **going.get("defaults", {})}
    return {**args, **going, "defaults": defaults, **more}


def secrets(services: SandboxClient) -> list[str]:
    """The names of those that are there."""
    held = [entry for entry in services.contents("aws") if entry.kind == "secret"]
    return sorted(entry.name for entry in held if not entry.details.get("deleted"))


@GOING
def test_all_that_go_together_take_it_along(services: SandboxClient, going: dict[str, Any]) -> None:
    args = goes(shared(services), going)
    predicted = run(args, check_mode=True)
    told = [each["secret_changes"] for each in predicted["targets"].values()]
    assert told == [["state"]] * 2
    result = run(args)
    assert counts(result) == (2, 0, 0, 0)
    first, last = result["targets"].values()
    assert (first["secret_changes"], last["secret_changes"]) == ([], ["state"])
    assert first["definition_changes"] == last["definition_changes"] == ["state"]
    # What was kept at first is gone by the end.
    assert not first.get("drift")
    assert "warnings" not in result
    assert secrets(services) == []


@GOING
def test_those_of_one_name_in_several_places_go_in_one_run(
    services: SandboxClient, going: dict[str, Any]
) -> None:
    """Of which Maia says nothing but the name."""
    args = shared(services)
    place = {**args["defaults"]["authorize_aws"], "region": "us-east-1"}
    args["targets"] = [
        target("test", authorize_secret_name="one"),
        target("production", authorize_secret_name="one", authorize_aws=place),
    ]
    run(args)
    assert secrets(services) == ["one", "one", "stripe/shared"]
    result = run(goes(args, going))
    assert counts(result) == (2, 0, 0, 0)
    assert [each["secret_changes"] for each in result["targets"].values()] == [["state"]] * 2
    assert secrets(services) == ["stripe/shared"]


@GOING
def test_a_failure_of_one_keeps_it(services: SandboxClient, going: dict[str, Any]) -> None:
    """The definition of the second one cannot be deleted."""
    args = shared(services)
    services.order(Fault("maia", "DeleteConnection", status=403, skip=1))
    result = run(goes(args, going))
    assert counts(result) == (1, 0, 1, 0)
    first = result["targets"]["shop-test"]
    assert [text[: len(KEPT)] for text in first["drift"]] == [KEPT]
    assert result["warnings"] == [f"shop-test: {first['drift'][0]}"]
    assert secrets(services) == ["stripe/shared"]
    # What the other one has is as it was.
    assert counts(run({**args, "targets": args["targets"][1:]})) == (0, 1, 0, 0)
    assert counts(run(goes(args, going)))[2] == 0
    assert secrets(services) == []


def test_a_wave_that_is_never_reached_keeps_it(services: SandboxClient) -> None:
    args = shared(services)
    args["targets"][1]["authorize_component"] = {"path": "/nonexistent"}
    args["targets"].insert(1, target("staging", authorize_component={"path": "/nonexistent"}))
    result = run({**args, "action": "revoke", **WAVES})
    assert counts(result)[0] == 1
    assert secrets(services) == ["stripe/shared"]


@GOING
def test_one_that_is_to_go_elsewhere_keeps_it(
    services: SandboxClient, going: dict[str, Any]
) -> None:
    """In a task for each host, whose inventory says of the other that it is to be absent."""
    args = goes(shared(services), going)
    first, last = args["targets"]
    predicted = run({**args, "targets": [{**first, **LEAVING}]}, check_mode=True)
    assert predicted["targets"]["shop-test"]["secret_changes"] == []
    done = run({**args, "targets": [{**first, **LEAVING}]})
    assert counts(done) == (1, 0, 0, 0)
    assert secrets(services) == ["stripe/shared"]
    assert counts(run({**args, "targets": [last]})) == (1, 0, 0, 0)
    assert secrets(services) == []


def test_an_override_of_one_that_is_to_go_keeps_it(services: SandboxClient) -> None:
    args = shared(services)
    first, last = args["targets"]
    override = {"test": {"secret_name": "stripe/shared", "secret_label": "api_key"}}
    last |= {"authorize_secret_name": "stripe/production", "authorize_api_key": make_key()}
    last["authorize_definition"] = {"environment_overrides": override}
    assert counts(run({**args, "targets": [last]})) == (1, 0, 0, 0)
    done = run({**args, "action": "revoke", "targets": [{**first, **LEAVING}]})
    assert "the override for environment 'test' in secret definition" in str(done["warnings"])
    assert secrets(services) == ["stripe/production", "stripe/shared"]


def test_the_last_label_is_not_removed_from_what_something_names(services: SandboxClient) -> None:
    """With it the secret would go as a whole."""
    key = make_key()
    args = options(services)
    args["targets"] = [
        target(name, **SHARED, authorize_label=name, authorize_api_key=key)
        for name in ("test", "production")
    ]
    assert counts(run(args)) == (2, 0, 0, 0)
    # Somebody replaces the value.
    Estate(direct(services)).replace_aws("stripe/shared", labelled(test=key))
    gone = run({**args, "targets": [{**args["targets"][0], "authorize_state": "absent"}]})
    assert "still named it in Maia ('stripe/shared', label 'production')" in str(gone["warnings"])
    assert secrets(services) == ["stripe/shared"]


def test_a_failure_of_the_second_try_tells_what_the_first_one_did(services: SandboxClient) -> None:
    args = shared(services)
    place = {**args["defaults"]["authorize_aws"], "region": "us-east-1"}
    first, last = args["targets"]
    args["targets"] = [first, {**last, "authorize_aws": place}]
    assert counts(run(args))[2] == 0
    services.order(Fault("aws", "DeleteSecret", status=403, skip=1))
    result = run({**args, "action": "revoke"})
    assert counts(result) == (1, 0, 1, 0)
    failed = result["targets"]["shop-test"]
    assert (failed["state"], failed["definition_changes"]) == ("absent", ["state"])
    assert failed["changed"]
    assert not failed.get("drift")
    assert counts(run({**args, "action": "revoke"})) == (1, 1, 0, 0)


def test_what_is_kept_keeps_its_grants(services: SandboxClient) -> None:
    """Those of Snowflake, which a revocation takes away before the secret is deleted."""
    args = options(services, threads=1)
    runner = {"type": "application", "name": "MATILLION_DATA_PRODUCTIVITY_CLOUD"}
    args["defaults"] |= {
        "authorize_project": "Finance Warehouse",
        "authorize_vault": "snowflake",
        "authorize_snowflake": {**services.reach("snowflake"), "grant_to": [runner]},
        # It cannot be read.
        "authorize_on_unknown": "keep",
    }
    own = {"authorize_secret_name": "STRIPE_SHARED", "authorize_api_key": make_key()}
    args["targets"] = [target("test", **own), target("production", **own)]
    assert counts(run(args)) == (2, 0, 0, 0)
    leaving = {"Finance Warehouse": ["stripe_production"]}
    first = {**args["targets"][0], "leaving": leaving}
    revoked = run({**args, "action": "revoke", "targets": [first]})
    assert counts(revoked) == (1, 0, 0, 0)
    assert counts(run({**args, "targets": args["targets"][1:]})) == (0, 1, 0, 0)


def test_it_is_kept_if_maia_does_not_say_who_else_names_it(services: SandboxClient) -> None:
    args = goes(shared(services), {"action": "revoke"})
    # The first listing was before anything was deleted.
    services.order(Fault("maia", "ListOverrides", status=403, skip=2, times=9))
    result = run(args)
    assert counts(result) == (0, 0, 2, 0)
    assert secrets(services) == ["stripe/shared"]


def test_an_audit_tells_of_a_secret_that_is_there_whatever_keeps_it(
    services: SandboxClient,
) -> None:
    args = goes(shared(services), {"defaults": {"authorize_state": "absent"}}, action="audit")
    first = {**args["targets"][0], **LEAVING}
    audited = run({**args, "targets": [first]})["targets"]["shop-test"]
    assert (audited["secret_changes"], audited.get("secret_kept")) == (["state"], None)


def test_a_rollout_that_stopped_tries_nothing_again(services: SandboxClient) -> None:
    """What was kept for another place's sake, which has let go of the name."""
    args = shared(services)
    place = {**args["defaults"]["authorize_aws"], "region": "us-east-1"}
    first, last = args["targets"]
    wrong = target("staging", authorize_component={"path": "/nonexistent"})
    args["targets"] = [first, {**last, "authorize_aws": place}]
    assert counts(run(args))[2] == 0
    args["targets"] += [wrong, target("qa")]
    waves = {**WAVES, "waves": ["2", "1", "1"]}
    stopped = run({**args, "action": "revoke", **waves})
    assert counts(stopped) == (2, 0, 1, 1)
    assert stopped["targets"]["shop-test"]["secret_kept"]
    assert secrets(services) == ["stripe/shared"]


def test_hosts_of_other_projects_share_it_too(services: SandboxClient) -> None:
    args = options(services, threads=1)
    other = {"authorize_project": "Billing Insights", "authorize_definition_name": "stripe_other"}
    own = {**SHARED, "authorize_api_key": make_key()}
    args["targets"] = [target("test", **own), target("production", **own, **other)]
    assert counts(run(args)) == (2, 0, 0, 0)
    services.order(Fault("maia", "DeleteConnection", status=403, skip=1))
    revoking = {**args, "action": "revoke"}
    assert counts(run(revoking)) == (1, 0, 1, 0)
    assert secrets(services) == ["stripe/shared"]
    assert counts(run(revoking)) == (1, 1, 0, 0)
    assert secrets(services) == []


def test_a_condition_that_the_first_host_does_not_meet_leaves_the_guards_on(
    services: SandboxClient, tmp_path: Path
) -> None:
    """The task that looks for collisions runs once, for the first host, and is skipped for all."""
    args = shared(services)
    variables = {**args["defaults"], "authorize_api_key": args["targets"][0]["authorize_api_key"]}
    inventory, book = tmp_path / "inventory.yml", tmp_path / "book.yml"
    hosts: dict[str, dict[str, Any]] = {each.pop("name"): each for each in args["targets"]}
    hosts["shop-test"]["authorize_state"] = "absent"
    first = {"a-first": {**SHARED, "authorize_environment": "test"}}
    role = {"role": "maia.stripe_query.authorize", "when": "inventory_hostname != 'a-first'"}
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "roles": [role]}
    book.write_text(yaml.safe_dump([play]))
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {**first, **hosts}, "vars": variables}}))
    done = nowhere.play(str(book), inventory)
    assert "they share" in done.stdout
    assert done.returncode == 2
    assert secrets(services) == ["stripe/shared"]


@pytest.mark.parametrize("ignores", [True, False])
def test_a_refusal_for_all_hosts_cannot_be_ignored(
    services: SandboxClient, tmp_path: Path, *, ignores: bool
) -> None:
    args = shared(services)
    inventory, book = tmp_path / "inventory.yml", tmp_path / "book.yml"
    hosts = {each.pop("name"): each for each in args["targets"]}
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": args["defaults"]}}))
    role = {"role": "maia.stripe_query.authorize", "ignore_errors": ignores}
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "roles": [role]}
    book.write_text(yaml.safe_dump([play]))
    done = nowhere.play(str(book), inventory, "--extra-vars", "authorize_state=absent")
    assert "it would delete the secret and the definition of every host" in done.stdout
    # Not for what nobody has found out.
    assert ("TASK [maia.stripe_query.authorize : Refuse this host]" in done.stdout) is ignores
    assert services.writes("maia") == services.writes("aws") == 0


def test_a_project_that_cannot_be_asked_keeps_it(services: SandboxClient) -> None:
    args = goes(shared(services), {"action": "revoke"})
    first, last = args["targets"]
    args["targets"] = [first, {**last, "authorize_project": "Gone Project"}]
    told = run(args)["targets"]["shop-test"]["msg"]
    assert "an absent host of another project may share it, and what names it there cannot" in told
    assert "Gone Project" in told
    assert "a host that is done with can be taken out of the inventory" in told
    assert secrets(services) == ["stripe/shared"]


def test_in_the_role_one_that_is_left_out_keeps_it(services: SandboxClient, tmp_path: Path) -> None:
    args = shared(services)
    hosts = {each.pop("name"): each for each in args["targets"]}
    variables = {**args["defaults"], "authorize_state": "absent"}
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": variables}}))
    book = tmp_path / "book.yml"
    role = {
        "ansible.builtin.include_role": {"name": "maia.stripe_query.authorize"},
        "when": "inventory_hostname in chosen",
    }
    tasks = [role, {"ansible.builtin.debug": {"var": "authorize_result.drift"}}]
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "tasks": tasks}
    book.write_text(yaml.safe_dump([play]))

    def played(*chosen: str) -> str:
        given = yaml.safe_dump({"chosen": list(chosen)}, default_flow_style=True)
        done = nowhere.play(str(book), inventory, "--extra-vars", given)
        assert done.returncode == 0, done.stdout
        return done.stdout

    assert KEPT in played("shop-test")
    assert secrets(services) == ["stripe/shared"]
    assert KEPT not in played("shop-test", "shop-production")
    assert secrets(services) == []
