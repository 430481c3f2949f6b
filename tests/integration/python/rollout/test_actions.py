# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What authorize_targets does but authorize, against the sandbox."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.operation import FLOWS
from ansible_collections.maia.stripe_query.plugins.plugin_utils._audit import Rules, audit
from ansible_collections.maia.stripe_query.plugins.plugin_utils._report import named
from integration.python.rollout.test_operation import counts, options, run, target
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.keys import make_key

WAVES = {"waves": ["1", "100%"], "max_fail_percentage": 0, "threads": 1}


def authorized(services: SandboxClient, **more: Any) -> dict[str, Any]:
    """The options of a rollout that has been done, for another one."""
    args = options(services)
    # Environments that Maia knows.
    args["targets"] = [target("test"), target("production")]
    first = run(args)
    assert counts(first) == (2, 0, 0, 0), first
    services.clear()
    return {**args, **more}


def writes(services: SandboxClient) -> int:
    return services.writes("aws") + services.writes("maia")


def without_keys(args: dict[str, Any]) -> dict[str, Any]:
    for each in args["targets"]:
        del each["authorize_api_key"]
    return args


def test_a_proof_alone_reads_and_says_what_the_role_s_says(services: SandboxClient) -> None:
    args = authorized(services, action="prove")
    args["targets"][1]["authorize_api_key"] = make_key()
    result = run(args)
    assert counts(result) == (0, 1, 1, 0)
    assert not result["changed"]
    assert writes(services) == 0
    proven, contradicted = result["targets"].values()
    assert {link["link"]: link["verdict"] for link in proven["proof"]}["secret"] == "proven"
    assert contradicted["msg"].startswith(
        "Stripe Query in environment 'production' of project 'Shop Analytics': The link 'secret' is"
        " contradicted. It does not hold the given key, according to its value."
    )
    assert contradicted["proof"][0]["verdict"] == "contradicted"


def test_a_proof_of_what_is_to_be_absent_says_whether_it_is_gone(services: SandboxClient) -> None:
    args = without_keys(authorized(services, action="prove"))
    args["defaults"]["authorize_state"] = "absent"
    hosted = target("test", authorize_vault="maia", authorize_definition_name="never_made")
    for name in ("authorize_secret_name", "authorize_api_key"):
        del hosted[name]
    args["targets"].append({**hosted, "name": "hosted"})
    there = run(args)
    assert counts(there) == (0, 1, 2, 0)
    assert there["targets"]["shop-test"]["msg"].endswith(
        "The link 'secret' is contradicted. It is still there. The link 'definition' is"
        " contradicted. It is still there and points at secret 'stripe/test', label 'api_key'."
    )
    run({**args, "action": "authorize"})
    services.clear()
    gone = run(args)
    assert (counts(gone), writes(services)) == ((0, 3, 0, 0), 0)
    for name, each in gone["targets"].items():
        # Maia's API cannot delete the secret that a definition names.
        secret = "unknown" if name == "hosted" else "proven"
        assert [link["verdict"] for link in each["proof"]] == [secret, "proven", "unknown"]


def test_texts_for_dictionaries_are_compared_as_what_becomes_of_them(
    services: SandboxClient,
) -> None:
    args = authorized(services)
    one, other = args["targets"]
    for each, secret in ((one, "stripe/a"), (other, "stripe/b")):
        each["authorize_definition_name"] = "shared"
        overrides = json.dumps({"production": {"secret_name": secret}})
        each["authorize_definition"] = {"environment_overrides": overrides}
        each["authorize_secret_name"] = one["authorize_secret_name"]
        each["authorize_api_key"] = one["authorize_api_key"]
    result = run(args)
    assert counts(result) == (0, 0, 2, 0)
    for each in result["targets"].values():
        assert "but differ in override in environment 'production'" in each["msg"]


def test_targets_that_only_read_do_not_collide(services: SandboxClient) -> None:
    args = authorized(services, action="prove")
    args["targets"].append({**args["targets"][0], "name": "again", "authorize_api_key": make_key()})
    result = run(args)
    assert counts(result) == (0, 2, 1, 0)


def test_what_is_to_be_absent_is_not_rolled_back(services: SandboxClient) -> None:
    args = without_keys(authorized(services, action="rollback"))
    args["targets"][0]["authorize_state"] = "absent"
    result = run(args)
    assert counts(result) == (0, 0, 2, 0)  # the other one has no earlier version
    assert "and a rollback would bring a key back" in result["targets"]["shop-test"]["msg"]
    assert writes(services) == 0


def test_a_rollback_needs_no_key_and_is_done_once(services: SandboxClient) -> None:
    args = authorized(services)
    old = [each["authorize_api_key"] for each in args["targets"]]
    for each in args["targets"]:
        each["authorize_api_key"] = make_key()
    run(args)
    back = without_keys({**args, "action": "rollback"})
    # What would change more than the key is left out.
    back["defaults"]["authorize_aws"] |= {"description": "Another", "tags": {"team": "web"}}
    predicted = run(back, check_mode=True)
    result = run(back)
    assert counts(predicted) == counts(result) == (2, 0, 0, 0)
    assert result["targets"]["shop-test"]["state"] == "present"
    assert result["targets"]["shop-test"]["secret_changes"] == ["value"]
    assert counts(run(back)) == (0, 2, 0, 0)
    for each, key in zip(args["targets"], old, strict=True):
        each["authorize_api_key"] = key
    del args["defaults"]["authorize_aws"]["description"]
    del args["defaults"]["authorize_aws"]["tags"]
    assert counts(run(args)) == (0, 2, 0, 0)


@pytest.mark.parametrize("vault", ["aws", "azure", "maia"])
def test_targets_that_share_everything_take_turns(services: SandboxClient, vault: str) -> None:
    key = make_key()
    args = options(services) | {"threads": 6}
    shared = {"authorize_environment": "test", "authorize_definition_name": "shared"}
    args["defaults"] |= shared | {"authorize_vault": vault}
    if vault == "maia":
        args["defaults"]["authorize_project"] = "Marketing Reports"
    else:
        args["defaults"][f"authorize_{vault}"] = services.reach(vault)
    if not VAULTS[vault].in_definition:
        args["defaults"]["authorize_secret_name"] = "shared"
    args["targets"] = [{"name": f"t{n}", "authorize_api_key": key} for n in range(6)]
    first = run(args)
    said = [each["msg"] for each in first["targets"].values() if each.get("failed")]
    assert (counts(first), said) == ((1, 5, 0, 0), [])
    newer = make_key()
    args["targets"] = [{**each, "authorize_api_key": newer} for each in args["targets"]]
    assert counts(run(args)) == (1, 5, 0, 0)
    if VAULTS[vault].keeps_versions:
        back = without_keys({**args, "action": "rollback"})
        assert counts(run(back)) == (1, 5, 0, 0)


def test_an_old_key_is_shown_nowhere(services: SandboxClient) -> None:
    args = without_keys(authorized(services, action="rollback"))
    key = make_key()
    args["targets"][0] |= {"authorize_vault": "snowflake", "authorize_old_api_key": key}
    args["targets"][0]["authorize_secret_name"] = key
    result = run(args)
    assert "authorize_secret_name" in result["targets"]["shop-test"]["msg"]
    assert key not in str(result)


def test_where_no_version_is_kept_the_old_key_is_asked_for(services: SandboxClient) -> None:
    args = without_keys(authorized(services, action="rollback"))
    args["targets"][0]["authorize_vault"] = "maia"
    assert run(args)["targets"]["shop-test"]["msg"] == (
        "Stripe Query in environment 'test' of project 'Shop Analytics': Matillion's own vault"
        " keeps no earlier version of a secret; give the old key in authorize_old_api_key_file,"
        " authorize_old_api_key_env or authorize_old_api_key."
    )
    assert writes(services) == 0


def test_a_wave_that_fails_is_the_last_one(services: SandboxClient) -> None:
    args = without_keys(authorized(services, action="revoke", **WAVES))
    services.order(Fault("aws", "DeleteSecret", status=403, times=9))
    result = run(args)
    assert counts(result) == (0, 0, 1, 1)
    assert result["targets"]["shop-production"]["skipped"]
    assert result["targets"]["shop-production"]["project"] == "Shop Analytics"


def test_a_rotation_checks_all_keys_before_it_writes_one(services: SandboxClient) -> None:
    args = authorized(services, action="rotate", **WAVES)
    args["targets"][0]["authorize_api_key"] = make_key()
    args["targets"][1]["authorize_api_key"] = None
    result = run(args)
    assert counts(result) == (0, 0, 1, 1)
    assert writes(services) == 0
    msg = "Host 'shop-production': there is no key to store; give "
    assert result["targets"]["shop-production"]["msg"].startswith(msg)
    args["targets"][1]["authorize_api_key"] = make_key()
    assert counts(run(args)) == (2, 0, 0, 0)
    assert counts(run(args)) == (0, 2, 0, 0)


def test_a_rotation_stores_a_key_where_none_was(services: SandboxClient) -> None:
    """Whoever makes environments in Maia decides where keys go next: docs/awx.md says so."""
    args = {**options(services), "action": "rotate", **WAVES}
    args["targets"] = [target("test"), target("production")]
    assert not [each for each in services.contents("aws") if each.kind == "secret"]
    assert counts(run(args)) == (2, 0, 0, 0)
    assert len([each for each in services.contents("aws") if each.kind == "secret"]) == 2


def test_hosts_may_be_left_to_fail_by_themselves(services: SandboxClient) -> None:
    args = authorized(services, per_host=True)
    args["targets"][0]["authorize_api_key"] = make_key()
    args["targets"][1]["authorize_project"] = "Nowhere"
    result = run(args, diff=True)
    assert counts(result) == (1, 0, 1, 0)
    assert (result["changed"], result.get("failed", False), "diff" in result) == (False,) * 3
    [diff] = result["diffs"]["shop-test"]
    assert diff["before_header"] == "shop-test (stripe_secret_aws)"
    assert "diffs" not in run(args)


@pytest.mark.parametrize("action", ["prove", "rollback", "revoke", "rotate"])
def test_the_older_name_of_an_audit_goes_with_no_other_action(
    services: SandboxClient, action: str
) -> None:
    result = run(options(services, action=action, audit=True))
    assert result["msg"] == (
        f"Option audit: it is given with action={action}; leave it out; action=audit does the same."
    )
    assert "audit" in FLOWS


def test_a_target_that_cannot_be_audited_names_its_definition(services: SandboxClient) -> None:
    """Otherwise it would be taken for one that nobody names."""
    args = authorized(services, action="audit")
    services.order(Fault("aws", "DescribeSecret", status=403, times=9))
    found = run(args)["targets"]["shop-test"]
    assert found["failed"]
    assert found["definition_name"] == "stripe_test"


def test_an_audit_says_that_it_could_not_look_for_overrides(services: SandboxClient) -> None:
    args = authorized(services, action="audit")
    services.order(Fault("maia", "ListOverrides", status=403, times=9))
    results = run(args)["targets"]
    findings = audit(named(results), Rules(time="2026-03-31T12:00:00Z"))["findings"]
    texts = {each["target"]: each["text"] for each in findings if each["kind"] == "failed"}
    assert set(texts) == set(results)
    assert "listing overrides failed: the API credentials lack the right" in texts["shop-test"]


def test_check_mode_says_that_the_probe_is_not_run(services: SandboxClient) -> None:
    args = authorized(services, action="prove")
    for each in args["targets"]:
        each["authorize_probe_pipeline"] = "Stripe probe"
    found = run(args, check_mode=True)["targets"]["shop-test"]
    last = found["proof"][-1]
    assert (last["link"], last["verdict"]) == ("pipeline", "unknown")
    assert last["reason"] == "Pipeline 'Stripe probe' is not run in check mode."
    assert not found.get("failed")
    assert "RunPipeline" not in services.requests("maia")
