# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a first run would meet, against the sandbox. Nothing is written; what is wrong is named."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.steps import ASK_RIGHTS
from integration.python.rollout.test_operation import (
    AT_ODDS,
    counts,
    lead,
    options,
    run,
    target,
)
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.keys import make_key


def preflight(services: SandboxClient, **changed: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """The result of one target, and its verdicts by check."""
    args = options(services, action="preflight")
    args["defaults"]["authorize_stripe"] = {
        "api_url": services.url("stripe"),
        "ca_bundle": services.state.ca,
    }
    key = services.key("shop-analytics-test")
    for service in ("sts", "iam"):
        args["defaults"]["authorize_aws"][f"{service}_endpoint_url"] = services.url("aws")
    args["targets"] = [target("test", **{"authorize_api_key": key, **changed})]
    result = run(args)
    assert not result["changed"]
    assert services.writes("aws") + services.writes("maia") == 0
    [found] = result["targets"].values()
    verdicts = {link["link"]: link["verdict"] for link in found.get("proof", [])}
    assert bool(found.get("failed")) == (counts(result) == (0, 0, 1, 0))
    return found, verdicts


def reason(found: dict[str, Any], check: str) -> str:
    return str(next(link["reason"] for link in found["proof"] if link["link"] == check))


def test_of_a_vault_that_tells_of_no_rights_that_is_said(
    services: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ASK_RIGHTS, "aws")
    found, verdicts = preflight(services)
    assert verdicts["rights"] == "unknown"
    assert reason(found, "rights").startswith("This collection cannot ask AWS Secrets Manager")


def test_a_target_that_can_be_authorized(services: SandboxClient) -> None:
    found, verdicts = preflight(services)
    assert not found.get("failed"), found
    assert verdicts == {
        "key": "proven",
        "runner": "proven",
        "vault": "proven",
        "secret": "proven",
        "rights": "proven",
        "definition": "proven",
        "location": "unknown",
        "maia_rights": "unknown",
        "components": "unknown",
    }
    assert reason(found, "location").startswith("Maia's API does not expose the account and region")
    assert reason(found, "secret") == "It would be made."
    assert "state" in found["secret_changes"]
    assert "state" in found["definition_changes"]


def test_what_is_there_already_is_told(services: SandboxClient) -> None:
    args = options(services)
    key = services.key("shop-analytics-test")
    args["targets"] = [target("test", authorize_api_key=key)]
    run(args)
    services.clear()
    found, _verdicts = preflight(services)
    assert reason(found, "secret") == reason(found, "definition") == ("It is as it should be.")


HOSTED = {"authorize_project": "Marketing Reports", "authorize_vault": "maia"}


@pytest.mark.parametrize(
    ("place", "deleted"),
    [
        ({}, {"secret": "It would be deleted.", "definition": "It would be deleted."}),
        (
            {**HOSTED, "authorize_secret_name": None},
            {
                "secret": "Its definition would be deleted, which Maia's API cannot do to the"
                " secret."
            },
        ),
    ],
    ids=["aws", "maia"],
)
def test_of_what_is_to_be_gone_a_deletion_is_told(
    services: SandboxClient, place: dict[str, Any], deleted: dict[str, str]
) -> None:
    """As authorize predicts it."""
    gone = {"authorize_state": "absent", **place}

    def told() -> dict[str, str]:
        found, _verdicts = preflight(services, **gone)
        args = {**options(services), "targets": [target("test", **gone)]}
        [predicted] = run(args, check_mode=True)["targets"].values()
        for name in ("state", "secret_changes", "definition_changes"):
            assert found[name] == predicted[name]
        assert not {link["link"] for link in found["proof"]} & {"key", "runner", "components"}
        return {check: reason(found, check) for check in deleted}

    assert told() == dict.fromkeys(deleted, "It is not there, as it should be.")
    key = services.key("shop-analytics-test")
    made = run({**options(services), "targets": [target("test", authorize_api_key=key, **place)]})
    assert counts(made) == (1, 0, 0, 0), made
    services.clear()
    assert told() == deleted


def test_a_region_that_the_definition_does_not_name(services: SandboxClient) -> None:
    args = options(services)
    named = {"secrets_location": {"type": "AWS_SECRET_MANAGER", "region": "us-east-1"}}
    key = services.key("shop-analytics-test")
    args["targets"] = [target("test", authorize_api_key=key)]
    run(args)
    lead(services, "test", named)
    services.clear()
    elsewhere = "names the region us-east-1, but the key is in eu-west-1."
    found, verdicts = preflight(services)
    assert verdicts["location"] == "contradicted"
    assert reason(found, "location").endswith(elsewhere)
    # A run would set it right.
    named["secrets_location"]["region"] = "eu-west-1"
    found, verdicts = preflight(services, authorize_definition=named)
    assert verdicts["location"] == "unknown"
    assert "A run would change the definition" in reason(found, "location")


@pytest.mark.parametrize(("definition", "says"), AT_ODDS)
def test_a_definition_that_contradicts_its_vault_would_be_refused(
    services: SandboxClient, definition: dict[str, Any], says: str
) -> None:
    found, verdicts = preflight(services, authorize_definition=definition)
    assert verdicts["definition"] == "contradicted"
    assert reason(found, "definition") == f"Host 'shop-test': {says}"
    assert found["failed"]


@pytest.mark.parametrize(
    ("changed", "check", "says"),
    [
        ({"authorize_api_key": make_key()}, "key", "Stripe does not know it"),
        ({"authorize_project": "shop analytics"}, "runner", "Maia has none of this exact name"),
        ({"authorize_environment": "Test"}, "runner", "Maia has none of this exact name"),
        ({"authorize_vault": "azure"}, "vault", "The environment's runner reads AWS"),
        ({"authorize_secret_name": "a b"}, "secret", "name"),
    ],
)
def test_what_is_wrong_is_named_and_fails(
    services: SandboxClient, changed: dict[str, Any], check: str, says: str
) -> None:
    found, verdicts = preflight(services, **changed)
    assert found["failed"]
    assert verdicts[check] == "contradicted"
    assert says in reason(found, check)
    # What several checks have in common is said once.
    assert re.search(rf"\b{check}(, \w+)*: ", found["msg"])
    assert found["msg"].count(says) == 1


@pytest.mark.parametrize("identity", ["lister", "metadata"])
def test_rights_that_are_lacking_or_cannot_be_asked_for_are_not_green(
    services: SandboxClient, identity: str
) -> None:
    urls = {f"{name}endpoint_url": services.url("aws") for name in ("", "sts_", "iam_")}
    aws = {"region": "eu-west-1", "ca_bundle": services.state.ca, **urls}
    found, verdicts = preflight(
        services, authorize_aws={**aws, **services.identity("aws", identity)}
    )
    lacking = identity == "lister"
    assert verdicts["rights"] == ("contradicted" if lacking else "unknown")
    assert bool(found.get("failed")) is lacking
    assert "secretsmanager:CreateSecret" in reason(found, "rights")


def test_a_vault_that_nobody_names_is_where_a_run_would_stop(services: SandboxClient) -> None:
    services.behave("agents forbidden")
    found, verdicts = preflight(services, authorize_vault="auto")
    assert found["failed"]
    assert verdicts["vault"] == "contradicted"
    assert "; set authorize_vault." in reason(found, "vault")
    assert verdicts["rights"] == verdicts["secret"] == "unknown"


def test_an_override_that_leads_elsewhere_is_named(services: SandboxClient) -> None:
    args = options(services)
    key = services.key("shop-analytics-test")
    elsewhere = {"environment_overrides": {"test": {"secret_name": "stripe/elsewhere"}}}
    args["targets"] = [target("test", authorize_api_key=key, authorize_definition=elsewhere)]
    run(args)
    services.clear()
    found, verdicts = preflight(services)
    assert found["failed"]
    assert verdicts["definition"] == "contradicted"
    assert "is overridden in this environment" in reason(found, "definition")


def test_what_could_not_be_asked_is_unknown_and_not_green(services: SandboxClient) -> None:
    services.order(Fault("maia", "ListProjects", status=503, times=99))
    found, verdicts = preflight(services)
    assert found["failed"]
    assert verdicts["runner"] == "unknown"
