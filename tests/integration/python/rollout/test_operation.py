# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""authorize_targets against the sandbox: results, failures, secrets and requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import Validate
from ansible_collections.maia.stripe_query.plugins.module_utils._flow import target as one_target
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION as DEFINITION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.operation import OPERATION
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.threads import spread
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.faces import run_action, run_module
from unit.keys import make_key, random_text


def options(services: SandboxClient, **more: Any) -> dict[str, Any]:
    """Three environments of a project on AWS, with a key each."""
    return {
        "defaults": {
            "authorize_project": "Shop Analytics",
            "authorize_vault": "aws",
            # Not all of the environments are there.
            "authorize_check_runner": False,
            "authorize_aws": services.reach("aws"),
            "authorize_maia": services.reach("maia"),
        },
        "targets": [target(name) for name in ("test", "staging", "production")],
        **more,
    }


def target(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": f"shop-{name}",
        "authorize_environment": name,
        "authorize_secret_name": f"stripe/{name}",
        "authorize_api_key": make_key(),
        **more,
    }


def run(args: dict[str, Any], **task: Any) -> dict[str, Any]:
    return run_action(OPERATION, args, **task)


def lead(services: SandboxClient, name: str, drift: dict[str, Any]) -> None:
    """What somebody else does to the definition of the target of this name."""
    pointer = {"secret_name": f"stripe/{name}", "secret_label": "api_key", **drift}
    options = {"project": "Shop Analytics", "name": f"stripe_{name}", **pointer}
    result = run_action(DEFINITION, {**services.reach("maia"), **options})
    assert result["changed"], result


def counts(result: dict[str, Any]) -> tuple[int, ...]:
    counted = result["counts"]
    return tuple(counted[name] for name in ("changed", "unchanged", "failed", "not_started"))


def test_a_second_run_changes_nothing(services: SandboxClient) -> None:
    args = options(services)
    predicted = run(args, check_mode=True, diff=True)
    assert services.writes("aws") + services.writes("maia") == 0
    first = run(args, diff=True)
    services.clear()
    second = run(args, diff=True)
    assert (predicted["changed"], first["changed"], second["changed"]) == (True, True, False)
    assert counts(predicted) == counts(first) == (3, 0, 0, 0)
    assert counts(second) == (0, 3, 0, 0)
    assert predicted["diff"] == first["diff"]
    assert len(first["diff"]) == 6
    assert first["diff"][0]["before_header"] == "shop-test (stripe_secret_aws)"
    assert "diff" not in second or second["diff"] == []
    assert services.requests("aws") == {"DescribeSecret": 3}
    assert services.requests("maia") == {"Token": 1, "ListProjects": 1, "ListConnections": 1}


def test_an_audit_compares_everything_and_writes_nothing(services: SandboxClient) -> None:
    args = options(services)
    run(args)
    services.clear()
    args |= {"audit": True}
    first, second, third = args["targets"]
    first |= {"authorize_prove": True, "authorize_verify": "local", "authorize_api_key": None}
    second |= {"authorize_api_key": make_key()}
    third |= {"authorize_secret_name": "stripe/none", "authorize_aws": {"update_value": "never"}}
    third["authorize_aws"] |= args["defaults"]["authorize_aws"]
    result = run(args)
    assert not result["changed"]
    assert counts(result) == (2, 1, 0, 0)
    assert services.writes("aws") + services.writes("maia") == 0
    seen = result["targets"]
    # Without a key nothing is said of the value; with one it is compared, whatever the options.
    assert (seen["shop-test"]["secret_changes"], seen["shop-test"]["api_key"]) == ([], None)
    assert seen["shop-staging"]["secret_changes"] == ["value"]
    assert seen["shop-production"]["secret_changes"] == ["state", "value"]
    assert seen["shop-production"]["definition_changes"] == ["secret_name"]
    assert {each["name"] for each in seen["shop-test"]["definitions"]} == {
        f"stripe_{name}" for name in ("test", "staging", "production")
    }


@pytest.mark.parametrize(
    ("drift", "link"),
    [
        ({"environment_overrides": {"test": {"secret_name": "elsewhere"}}}, "definition"),
        ({"secrets_location": {"type": "AWS_SECRET_MANAGER", "region": "us-east-1"}}, "location"),
        ({"secrets_location": {"type": "AZURE_KEY_VAULT"}}, "location"),
    ],
)
def test_an_audit_sees_where_somebody_else_led_a_definition(
    services: SandboxClient, drift: dict[str, Any], link: str
) -> None:
    args = options(services)
    run(args)
    lead(services, "test", drift)
    seen = run({**args, "audit": True})["targets"]
    contradicted = {
        name: [each["link"] for each in result["proof"] if each["verdict"] == "contradicted"]
        for name, result in seen.items()
    }
    assert contradicted == {"shop-test": [link], "shop-staging": [], "shop-production": []}
    # Maia shows no environment 'staging' that a definition could lead anywhere in.
    unread = {each["link"] for each in seen["shop-staging"]["proof"] if each["failed"]}
    assert unread == {"definition", "location"}


AT_ODDS: list[tuple[dict[str, Any], str]] = [
    (
        {"api": "secret_references", "agent_type": "azure"},
        "authorize_definition.agent_type is azure, and such a runner reads the vault 'azure', and"
        " not 'aws'; correct it, or authorize_vault.",
    ),
    (
        {"secrets_location": {"type": "AZURE_KEY_VAULT"}},
        "authorize_definition.secrets_location has the type AZURE_KEY_VAULT, which is of the vault"
        " 'azure', and not of 'aws'; correct it, or authorize_vault.",
    ),
    (
        {"secrets_location": {"type": "AWS_SECRET_MANAGER", "region": "us-east-1"}},
        "authorize_definition.secrets_location has the region us-east-1, and authorize_aws leads to"
        " the region eu-west-1; correct one of them.",
    ),
]


@pytest.mark.parametrize(("definition", "says"), AT_ODDS)
@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("guards", [True, False])
def test_a_definition_that_contradicts_its_vault_is_refused_without_a_request(
    services: SandboxClient, definition: dict[str, Any], says: str, check_mode: bool, guards: bool
) -> None:
    args = options(services)
    args["targets"] = [target("test", authorize_definition=definition, authorize_guards=guards)]
    result = run(args, check_mode=check_mode)
    assert result["msg"] == f"Host 'shop-test': {says}"
    assert services.requests("aws") == services.requests("maia") == {}


def test_targets_of_one_project_are_far_apart() -> None:
    given = [{"name": str(n), "authorize_project": p} for n, p in enumerate("aaabbc")]
    order = "".join(target["name"] for target in spread(given))
    assert order == "035142"


def test_one_that_fails_stops_no_other(services: SandboxClient) -> None:
    args = options(services)
    args["targets"][1]["authorize_project"] = "shop analytics"
    result = run(args)
    assert result["failed"]
    assert counts(result) == (2, 0, 1, 0)
    reason = (
        "Maia project 'shop analytics': Maia has none of this exact name;"
        " did you mean 'Shop Analytics'? Upper and lower case matter."
    )
    assert result["msg"] == f"1 of 3 targets failed: shop-staging ({reason.rstrip('.')})."
    failed = result["targets"]["shop-staging"]
    assert failed["msg"] == reason
    assert failed["error"]["kind"] == result["error"]["kind"] == "not_found"
    # The secret comes first, but the definition was looked at before.
    assert not failed["changed"]
    assert "stripe/shop/staging" not in {each.name for each in services.contents("aws")}
    assert result["targets"]["shop-production"]["definition_name"] == "stripe_production"


def test_the_only_target_s_failure_is_the_task_s(services: SandboxClient) -> None:
    args = options(services)
    args["targets"] = [target("a", authorize_state="gone")]
    result = run(args)
    assert result["failed"]
    assert result["msg"] == result["targets"]["shop-a"]["msg"]
    assert result["msg"].startswith("Host 'shop-a': in the variable authorize_state 'gone' is none")
    assert result["error"]["kind"] == "configuration"


@pytest.mark.parametrize("action", ["authorize", "audit", "preflight"])
def test_targets_that_would_undo_each_other_are_refused_and_named(
    services: SandboxClient, action: str
) -> None:
    args = options(services, action=action)
    shared = {"authorize_secret_name": "stripe/shared"}
    args["targets"] = [target("test", **shared), target("production", **shared)]
    result = run(args)
    assert counts(result) == (0, 0, 2, 0)
    for each in result["targets"].values():
        assert each["msg"].startswith(
            "Targets shop-test, shop-production: they share label 'api_key'"
        )
        assert each["error"]["kind"] == "configuration"
    assert services.requests("aws") == services.requests("maia") == {}
    assert not any(each["authorize_api_key"] in json.dumps(result) for each in args["targets"])


def test_maia_is_asked_for_the_vaults_that_decide_whether_targets_collide(
    services: SandboxClient,
) -> None:
    args = options(services)
    args["defaults"] |= {"authorize_vault": "auto", "authorize_secret_name": "shared"}
    args["defaults"]["authorize_azure"] = {"vault_url": services.url("azure")}
    # The one's runner reads AWS, the other's Azure.
    args["targets"] = [
        target("production", authorize_secret_name=None),
        target(
            "b",
            authorize_secret_name=None,
            authorize_project="Billing Insights",
            authorize_environment="production",
        ),
    ]
    alone = {**args, "collisions_only": True}
    assert run(alone)["targets"] == {}
    assert services.requests("aws") == services.requests("azure") == {}
    args["targets"][1]["authorize_project"] = "Shop Analytics"
    args["targets"][1]["authorize_environment"] = "test"
    assert list(run(alone)["targets"]) == ["shop-production", "shop-b"]
    services.order(Fault("maia", "ListEnvironments", status=403, times=9))
    result = run(alone)
    assert list(result["targets"]) == ["shop-production", "shop-b"]
    assert not result.get("failed")
    assert counts(result) == (0, 0, 2, 0)


def test_components_name_the_definition_as_well(services: SandboxClient, tmp_path: Path) -> None:
    components = {"Load": {"type": "stripe-query", "parameters": {"apiKey": "old"}}}
    file = tmp_path / "load.orch.yaml"
    file.write_text(yaml.safe_dump({"pipeline": {"components": components}}))
    args = options(services)
    args["targets"] = [target("test", authorize_component={"path": str(file)})]
    result = run(args, diff=True)
    assert not result.get("failed"), result["msg"]
    assert "stripe_test" in file.read_text()
    assert len(result["targets"]["shop-test"]["components"]) == 1
    assert len(result["diff"]) == 3
    again = run(args)
    assert not again["changed"]


def proof_of(result: dict[str, Any], name: str) -> dict[str, str]:
    return {link["link"]: link["verdict"] for link in result["targets"][name]["proof"]}


def test_each_target_is_proven_if_that_is_asked_for(services: SandboxClient) -> None:
    args = options(services)
    args["defaults"] |= {"authorize_prove": True, "authorize_publishable_key": "reject"}
    del args["targets"][1]  # an environment that Maia does not know
    # What says when to write is no matter for a proof.
    args["targets"][0]["authorize_aws"] = {
        **args["defaults"]["authorize_aws"],
        "update_value": "always",
    }
    predicted = run(args, check_mode=True)
    assert [each["proof"] for each in predicted["targets"].values()] == [None] * 2
    first = run(args)
    assert counts(first) == (2, 0, 0, 0)
    for name in first["targets"]:
        assert proof_of(first, name) == {
            "secret": "proven",
            "vault": "proven",
            "location": "unknown",
            "definition": "proven",
            "component": "unknown",
        }
    writes = services.writes("aws"), services.writes("maia")
    assert counts(run(args)) == (1, 1, 0, 0)
    assert (services.writes("aws"), services.writes("maia")) == (writes[0] + 1, writes[1])
    args["defaults"]["authorize_state"] = "absent"
    assert run(args)["targets"]["shop-test"]["proof"] is None


def test_a_probe_runs_at_the_end_of_a_proof_and_only_there(services: SandboxClient) -> None:
    args = options(services)
    args["targets"] = [
        target("test", authorize_prove=True, authorize_probe_pipeline="Stripe probe"),
        target("production", authorize_probe_pipeline="Stripe probe"),
    ]
    run(args, check_mode=True)
    assert "RunPipeline" not in services.requests("maia")
    assert counts(run(args)) == (2, 0, 0, 0)
    assert services.requests("maia")["RunPipeline"] == 1
    again = run(args)
    assert not again["changed"]
    assert proof_of(again, "shop-test")["pipeline"] == "proven"


def test_a_probe_that_fails_lets_the_target_fail(services: SandboxClient) -> None:
    args = options(services)
    probe = {"authorize_prove": True, "authorize_probe_pipeline": "Broken probe"}
    args["targets"] = [target("test", **probe)]
    failed = run(args)["targets"]["shop-test"]
    assert failed["failed"]
    assert "The link 'pipeline' is contradicted. Maia pipeline 'Broken probe'" in failed["msg"]
    # The key was stored before, which the table and the advice on the old key need to know.
    assert (failed["changed"], failed["secret_changes"]) == (True, ["state", "value"])
    # Nothing is run for what is wrong already.
    services.clear()
    elsewhere = {"environment_overrides": {"test": {"secret_name": "stripe/elsewhere"}}}
    args["targets"] = [target("test", **probe, authorize_definition=elsewhere)]
    assert proof_of(run(args), "shop-test")["pipeline"] == "unknown"
    assert "RunPipeline" not in services.requests("maia")


def test_the_definition_of_a_plain_text_secret_has_no_label(services: SandboxClient) -> None:
    args = options(services)
    args["targets"] = [target("test", authorize_prove=True)]
    args["defaults"]["authorize_aws"] |= {"format": "plaintext"}
    first = run(args)
    [definition] = services.contents("maia")
    assert definition.details.get("secret_key") is None
    assert proof_of(first, "shop-test")["definition"] == "proven"
    assert counts(run(args)) == (0, 1, 0, 0)


def test_an_unexpected_error_is_one_target_s(
    services: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_name: str, given: Any, _validated: Validate) -> None:
        raise KeyError(given["authorize_api_key"])

    monkeypatch.setattr(one_target, "check_variables", crash)
    args = options(services)
    result = run(args)
    assert counts(result) == (0, 0, 3, 0)
    assert "Unexpected KeyError" in result["targets"]["shop-test"]["msg"]
    for each in args["targets"]:
        assert each["authorize_api_key"] not in json.dumps(result)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"threads": 0},
            "Option threads (authorize_threads): it is 0; give a number from 1 to 64.",
        ),
        (
            {"threads": 65},
            "Option threads (authorize_threads): it is 65; give a number from 1 to 64.",
        ),
        (
            {"max_fail_percentage": 101},
            "Option max_fail_percentage (authorize_max_fail_percentage): it is 101; give a number"
            " from 0 to 100.",
        ),
        (
            {"targets": [target("a"), target("a")]},
            "Option targets: more than one is called 'shop-a'; give each target a name of its own.",
        ),
    ],
)
def test_what_is_wrong_with_the_whole_is_refused_at_once(
    services: SandboxClient, wrong: dict[str, Any], message: str
) -> None:
    assert run(options(services, **wrong))["msg"] == message
    assert services.requests("maia") == {}


def test_a_module_knows_no_hosts(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_module(OPERATION, {"hosts": ["a"]}, capsys)
    assert result["msg"].startswith("Option hosts: only the controller knows the variables")


def secrets_of(args: dict[str, Any]) -> list[str]:
    common = args["defaults"]
    return [
        *(each["authorize_api_key"] for each in args["targets"]),
        common["authorize_aws"]["secret_key"],
        common["authorize_maia"]["client_secret"],
    ]


# AnsibleModule quotes what it refuses, and may show all options with it.
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"threads": "many"}, id="an option"),
        pytest.param({"defaults": {"authorize_colour": "red"}}, id="a variable"),
    ],
)
def test_no_secret_is_shown_whatever_is_wrong(
    services: SandboxClient,
    capsys: pytest.CaptureFixture[str],
    wrong: dict[str, Any],
) -> None:
    args = options(services)
    for name, value in wrong.items():
        args[name] = {**args[name], **value} if isinstance(value, dict) else value
    module = run_module(OPERATION, args, capsys, diff=True, invocation=True)
    shown = json.dumps([module, run(args, diff=True)])
    assert "authorize_aws" in json.dumps(module["invocation"])
    for secret in secrets_of(args):
        assert secret not in shown


def test_no_innocent_word_is_taken_for_a_secret(
    services: SandboxClient, capsys: pytest.CaptureFixture[str]
) -> None:
    args = options(services)
    args["defaults"]["authorize_aws"] |= services.identity("aws", "none")
    result = run_module(OPERATION, args, capsys, invocation=True)
    assert "AWS secret 'stripe/test' in eu-west-1" in result["msg"]
    assert result["invocation"]["module_args"]["defaults"]["authorize_aws"]["region"] == "eu-west-1"


def test_both_faces_tell_the_same(
    services: SandboxClient, capsys: pytest.CaptureFixture[str]
) -> None:
    args = options(services)
    args["targets"].append(target("x", authorize_on_unknown=random_text(4)))
    predicted = [run_module(OPERATION, args, capsys, check_mode=True, diff=True)]
    predicted.append(run(args, check_mode=True, diff=True))
    assert predicted[0] == predicted[1]
    run(args)
    again = [run_module(OPERATION, args, capsys), run(args)]
    assert again[0] == again[1]
    assert counts(again[0]) == (0, 3, 1, 0)


@pytest.mark.parametrize("where", ["variable", "family"])
def test_what_is_expected_of_a_key_is_checked_even_if_nothing_else_is(
    services: SandboxClient, where: str
) -> None:
    args = options(services)
    families: dict[str, dict[str, Any]] = {
        "variable": {"authorize_expected_mode": "test"},
        "family": {"authorize_stripe": {"expected_mode": "test"}},
    }
    expected = families[where]
    live = services.key("shop-analytics-production")
    args["targets"] = [target("test", authorize_api_key=live, authorize_verify="never", **expected)]
    assert counts(run(args)) == (0, 0, 1, 0)
    assert services.writes("aws") == 0


@pytest.mark.parametrize(
    "variable",
    [
        {"authorize_project": "shop analytics"},
        {"authorize_component": {"path": "/nonexistent"}},
    ],
    ids=["project", "components"],
)
def test_what_is_refused_after_the_secret_is_refused_before_it(
    services: SandboxClient, variable: dict[str, Any]
) -> None:
    args = options(services)
    args["targets"] = [target("test", **variable)]
    result = run(args)
    assert counts(result) == (0, 0, 1, 0), result
    assert services.writes("aws") == 0


def test_a_revocation_looks_at_components_before_it_deletes(services: SandboxClient) -> None:
    args = options(services)
    args["targets"] = [target("test")]
    run(args)
    services.clear()
    args["targets"] = [target("test", authorize_component={"path": "/nonexistent"})]
    result = run({**args, "action": "revoke"})
    assert counts(result) == (0, 0, 1, 0), result
    assert services.writes("maia") + services.writes("aws") == 0
