# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets that are to be absent, or are revoked, and what stays, against the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.python.estates import Estate, direct
from integration.python.rollout.test_actions import WAVES, authorized, without_keys, writes
from integration.python.rollout.test_operation import counts, options, run, target
from sandbox.client import SandboxClient
from unit.keys import make_key

OVERRIDES = '{"production": {"secret_name": "stripe/test"}}'


@pytest.mark.parametrize(
    ("keeps", "says"),
    [
        ({"authorize_definition": {"environment_overrides": OVERRIDES}}, "an override names"),
        ({"authorize_secret_name": " stripe/test", "authorize_prove": "ja"}, "they share label"),
        ({"authorize_secret_name": ["stripe/test"]}, "it cannot be decided whether it keeps"),
        ({"authorize_project": None, "authorize_secret_name": "stripe/test"}, "they share label"),
        (None, "it cannot be decided whether it keeps"),
    ],
)
def test_nothing_is_deleted_that_a_target_names_whatever_is_wrong_with_it(
    services: SandboxClient, keeps: dict[str, Any] | None, says: str
) -> None:
    """keeps: None for one of which nothing is known but that it is refused."""
    args = without_keys(authorized(services))
    goes, stays = args["targets"]
    goes["authorize_state"] = "absent"
    stays |= {"authorize_update_value": "never", **(keeps or {})}
    if keeps is None:
        args["targets"][1] = {"name": "stays", "refusal": "It cannot be sent."}
    result = run(args)["targets"][goes["name"]]
    assert bool(result.get("failed")) is bool(says), result
    assert says in result.get("msg", "")


def test_a_revocation_takes_all_away_and_names_what_is_left(
    services: SandboxClient, tmp_path: Path
) -> None:
    components = {"Load": {"type": "stripe-query", "parameters": {"apiKey": "stripe_test"}}}
    file = tmp_path / "load.orch.yaml"
    file.write_text(yaml.safe_dump({"pipeline": {"components": components}}))
    args = without_keys(authorized(services, action="revoke", **WAVES))
    args["targets"][0]["authorize_component"] = {"path": str(file)}
    predicted = run(args, check_mode=True)
    assert counts(predicted) == (2, 0, 0, 0)
    assert writes(services) == 0
    result = run(args)
    assert counts(result) == (2, 0, 0, 0)
    seen = result["targets"]["shop-test"]
    assert (seen["state"], len(seen["components"])) == ("absent", 1)
    assert seen["drift"] == ["Component 'Load' names 'stripe_test', which is not defined any more."]
    # Vaults keep a deleted secret for a while.
    kept = [each for each in services.contents() if each.kind in ("secret", "definition")]
    assert all(each.details.get("deleted") for each in kept)
    args["defaults"]["authorize_replacement_definition"] = "stripe_b"
    missing = run(args)
    assert counts(missing) == (0, 0, 1, 1)
    assert missing["targets"]["shop-test"]["msg"] == (
        "Maia secret definition 'stripe_b' of project 'Shop Analytics': it does not exist, and"
        " authorize_replacement_definition names it; name one that does, or make it first."
    )
    other = target("staging", authorize_definition_name="stripe_b")
    assert counts(run({**options(services), "targets": [other]})) == (1, 0, 0, 0)
    again = run(args)
    assert again["targets"]["shop-test"]["drift"] == []
    assert counts(again) == (1, 1, 0, 0)
    assert "stripe_b" in file.read_text()


@pytest.mark.parametrize("check_mode", [True, False])
def test_nothing_is_revoked_for_a_replacement_that_is_not_there(
    services: SandboxClient, *, check_mode: bool
) -> None:
    args = without_keys(authorized(services, action="revoke"))
    del args["targets"][1]
    args["targets"][0]["authorize_replacement_definition"] = "stripe_producton"
    result = run(args, check_mode=check_mode)
    assert counts(result) == (0, 0, 1, 0)
    msg = result["targets"]["shop-test"]["msg"]
    assert msg.endswith("perhaps stripe_production is meant, or make it first.")
    assert writes(services) == 0


@pytest.mark.parametrize(("of", "failed"), [(0, 1), (1, 2)], ids=["its own", "the other's"])
def test_what_is_revoked_replaces_nothing(services: SandboxClient, of: int, failed: int) -> None:
    args = without_keys(authorized(services, action="revoke"))
    gone = ("stripe_test", "stripe_production")[of]
    args["targets"][0]["authorize_replacement_definition"] = gone
    result = run(args)
    assert counts(result) == (2 - failed, 0, failed, 0)
    told = (
        f"authorize_replacement_definition names secret definition '{gone}' of project 'Shop"
        " Analytics', which is to be deleted; name another definition, or leave it out."
        if gone == "stripe_test"
        else f"they share secret definition '{gone}'"
    )
    assert told in result["targets"]["shop-test"]["msg"]


@pytest.mark.parametrize("how", [{"action": "revoke"}, {"defaults": {"authorize_state": "absent"}}])
def test_a_secret_that_must_not_be_deleted_keeps_its_definition(
    services: SandboxClient, how: dict[str, Any]
) -> None:
    args = authorized(services)
    args |= {**how, "defaults": {**args["defaults"], **how.get("defaults", {})}}
    Estate(direct(services)).replace_aws("stripe/test", make_key())
    services.clear()
    result = run(args)
    assert counts(result) == (1, 0, 1, 0)
    refused = result["targets"]["shop-test"]
    assert "on_foreign" in refused["msg"]
    assert not refused["changed"]
    # Those of the other target alone.
    assert (services.writes("aws"), services.writes("maia")) == (1, 1)


@pytest.mark.parametrize("how", [{"action": "revoke"}, {"defaults": {"authorize_state": "absent"}}])
@pytest.mark.parametrize(
    "named",
    [{"authorize_secret_name": "stripe/tset"}, {"authorize_label": "kye"}],
    ids=["another secret", "another label"],
)
def test_a_definition_that_points_elsewhere_is_not_deleted(
    services: SandboxClient, how: dict[str, Any], named: dict[str, Any]
) -> None:
    args = authorized(services)
    args |= {**how, "defaults": {**args["defaults"], **how.get("defaults", {})}}
    args["targets"] = [{**args["targets"][0], **named}]
    result = run(args)
    assert counts(result) == (0, 0, 1, 0)
    assert "and points at label 'api_key' of secret 'stripe/test'" in str(result["targets"])
    assert "correct authorize_secret_name" in str(result["targets"])
    assert writes(services) == 0


def test_overrides_and_a_location_do_not_stand_in_the_way_of_a_deletion(
    services: SandboxClient,
) -> None:
    args = authorized(services, action="revoke")
    location = {"type": "AWS_SECRET_MANAGER", "region": "eu-west-1"}
    more = {"environment_overrides": {"qa": {"secret_name": "more"}}, "secrets_location": location}
    args["targets"] = [{**args["targets"][0], "authorize_definition": more}]
    assert counts(run(args)) == (1, 0, 0, 0)


@pytest.mark.parametrize("action", ["authorize", "revoke"])
@pytest.mark.parametrize("how", ["definition", "override"])
def test_nothing_is_deleted_that_maia_still_names_whatever_variables_say_by_now(
    services: SandboxClient, action: str, how: str
) -> None:
    args = without_keys(authorized(services, action=action))
    goes, stays = args["targets"]
    if how == "override":
        override = {"test": {"secret_name": "stripe/test", "secret_label": "api_key"}}
        stays["authorize_definition"] = {"environment_overrides": override}
    else:
        stays["authorize_secret_name"] = "stripe/test"
    for each in (goes, stays):
        each["authorize_update_value"] = "never"
    shared = run({**args, "action": "authorize"})
    assert counts(shared)[2] == 0, shared
    services.clear()
    # What its variables say of it by now was not authorized yet.
    goes["authorize_state"] = "absent"
    refused = run({**args, "targets": [goes]})["targets"]["shop-test"]
    assert "stripe_production" in refused.get("msg", ""), refused
    assert "still names it in Maia ('stripe/test', label 'api_key')" in refused["msg"]
    assert writes(services) == 0


@pytest.mark.parametrize("action", ["authorize", "revoke"])
def test_a_definition_that_points_elsewhere_is_not_one_of_matillion_s_own_vault(
    services: SandboxClient, action: str
) -> None:
    args = without_keys(authorized(services, action=action))
    gone = {**args["targets"][0], "authorize_vault": "maia", "authorize_state": "absent"}
    del gone["authorize_secret_name"]
    for check_mode in (True, False):
        refused = run({**args, "targets": [gone]}, check_mode=check_mode)["targets"]["shop-test"]
        assert "does not name a secret that was made for it" in refused.get("msg", ""), refused
    assert writes(services) == 0
