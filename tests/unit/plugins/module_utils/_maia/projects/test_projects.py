# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding projects, environments and agents."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConflictError,
    NotFoundError,
    NotVisibleError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import Response
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    Agent,
    Environment,
    Project,
    customers_vaults,
    find_agent,
    find_environment,
    find_project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from unit.fakes import FakeRuntime, ScriptedTransport

ID = str(uuid.uuid4())


def client_of(*bodies: Any) -> MaiaClient:
    answers = [Response(200 if body else 404, content=json.dumps(body).encode()) for body in bodies]
    transport = ScriptedTransport(*answers)
    return MaiaClient(
        transport, FakeRuntime(), api_url="https://a", token_url="https://t", access_token="x"
    )


def page(*items: Mapping[str, object]) -> dict[str, object]:
    return {"page": 0, "size": 100, "total": len(items), "results": list(items)}


PROJECTS = page(
    {"id": "1", "name": "Shop"},
    {"id": "2", "name": "Twin"},
    {"id": "3", "name": "Twin"},
    {"id": "4", "name": "Billing"},
)


def test_an_id_needs_no_call() -> None:
    assert find_project(client_of(), ID) == Project(ID)


def test_by_exact_name() -> None:
    assert find_project(client_of(PROJECTS), "Shop") == Project("1", "Shop")


def test_the_projects_are_listed_once() -> None:
    client = client_of(PROJECTS)
    assert [find_project(client, name).id for name in ("Shop", "Billing")] == ["1", "4"]


def test_a_name_that_two_have_is_refused_with_their_ids() -> None:
    with pytest.raises(ConflictError, match=r"2 projects have this name \(2, 3\)"):
        find_project(client_of(PROJECTS), "Twin")


def test_another_case_is_hinted_at_but_not_taken() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'Billing'"):
        find_project(client_of(PROJECTS), "billing")


def test_no_such_project() -> None:
    with pytest.raises(NotFoundError, match="none of this name, or hides it"):
        find_project(client_of(PROJECTS), "Nowhere")


SHOP = Project("1", "Shop")
ENVIRONMENTS = page(
    {"name": "Production", "defaultAgentId": "a1", "defaultAgentName": "runner"},
    {"name": "bare", "defaultAgentId": None},
)
PRODUCTION = Environment("Production", "a1", "runner")
FACTS = {"agentId": "a1", "name": "runner", "cloudProvider": "aws", "deployment": "fargate"}
OTHER_FACTS = {**FACTS, "agentId": "a2"}
AGENT = Agent("a1", "runner", "aws", "fargate")


def test_an_environment_by_its_name() -> None:
    client = client_of(ENVIRONMENTS)
    assert find_environment(client, SHOP, "Production") == PRODUCTION
    # The same list, which is not asked for again.
    assert find_environment(client, SHOP, "bare") == Environment("bare")


@pytest.mark.parametrize(
    ("name", "text"),
    [("production", "did you mean 'Production'"), ("nowhere", "none of this name")],
)
def test_no_such_environment(name: str, text: str) -> None:
    with pytest.raises(NotFoundError, match=text):
        find_environment(client_of(ENVIRONMENTS), SHOP, name)


@pytest.mark.parametrize(
    ("answers", "agent"),
    [
        pytest.param([page(OTHER_FACTS, FACTS)], AGENT, id="listed"),
        pytest.param([page(OTHER_FACTS), FACTS], AGENT, id="not listed, as hosted ones may be"),
        pytest.param([page(), None], Agent("a1", "runner", None, None), id="nowhere to be found"),
    ],
)
def test_the_agent_of_an_environment(answers: list[Any], agent: Agent) -> None:
    client = client_of(*answers)
    for _turn in range(2):  # the second time from memory
        assert find_agent(client, PRODUCTION, "It") == agent


def test_an_environment_may_have_no_agent() -> None:
    assert find_agent(client_of(), Environment("bare"), "It") is None


@pytest.mark.parametrize(
    ("cloud_provider", "deployment", "vault"),
    [
        pytest.param("aws", "fargate", "aws", id="AWS"),
        pytest.param("AZURE", "aks", "azure", id="Azure in capitals"),
        pytest.param("snowflake", "snowflake", "snowflake", id="Snowflake"),
        pytest.param("aws", "matillion_hosted", "maia", id="hosted, on AWS"),
        pytest.param("aws", "Full SaaS", "maia", id="hosted in other words"),
        pytest.param("gcp", "gke", None, id="a cloud without a vault"),
        pytest.param(None, None, None, id="nothing known"),
        pytest.param("aws", None, None, id="no deployment"),
        pytest.param("aws", "k8s", None, id="a deployment that may be Matillion's"),
        pytest.param("aws", "aks", None, id="another cloud's deployment"),
        pytest.param("AWS", "EKS", "aws", id="EKS in capitals"),
        pytest.param("azure", "aci", "azure", id="Azure Container Instances"),
        pytest.param("snowflake", None, "snowflake", id="Snowflake, where Matillion hosts none"),
    ],
)
def test_a_deployment_that_is_not_known_to_be_the_customers_has_no_known_vault(
    cloud_provider: str | None, deployment: str | None, vault: str | None
) -> None:
    assert Agent("1", "runner", cloud_provider, deployment).vault == vault


def test_an_agent_that_is_called_hosted_and_looks_like_a_customers_has_no_known_vault() -> None:
    assert Agent("1", "Matillion Hosted", "aws", "fargate").vault is None


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Bilings", "perhaps Billing is meant"),
        ("Elsewhere", "check the project's name, the region, and the credentials' role"),
    ],
)
def test_what_may_be_hidden_is_not_known_to_be_missing(name: str, hint: str) -> None:
    with pytest.raises(NotVisibleError) as failure:
        find_project(client_of(PROJECTS), name)
    assert failure.value.hint == hint
    with pytest.raises(NotVisibleError):
        find_environment(client_of(page()), Project("1", "Shop"), "production")


def agent_of(id_: str, cloud: str, deployment: str, name: str = "runner") -> dict[str, str]:
    return {"agentId": id_, "name": name, "cloudProvider": cloud, "deployment": deployment}


FARGATE = agent_of("1", "aws", "fargate")


@pytest.mark.parametrize(
    ("agents", "used", "vaults"),
    [
        ([FARGATE], ["1", "1", None], ["aws"]),
        ([FARGATE, agent_of("2", "azure", "aks")], ["1", "2"], ["aws", "azure"]),
        # Any that may be Matillion's own says that it may be Full SaaS.
        ([FARGATE, agent_of("2", "aws", "matillion_hosted")], ["1", "2"], []),
        ([FARGATE, agent_of("2", "aws", "fargate", "Matillion hosted")], ["1", "2"], []),
        ([FARGATE, agent_of("2", "aws", "other")], ["1", "2"], []),
        ([FARGATE], ["1", "2"], []),
        ([FARGATE], [None], []),
    ],
)
def test_a_project_is_hybrid_if_all_of_its_runners_are_a_customers(
    agents: list[dict[str, str]], used: list[str | None], vaults: list[str]
) -> None:
    environments = [{"name": str(number), "defaultAgentId": id_} for number, id_ in enumerate(used)]
    client = client_of(page(*agents), page(*environments))
    assert customers_vaults(client, Project("1"), "Shop") == vaults


def test_what_an_environment_calls_hosted_may_be() -> None:
    environment = {"name": "e", "defaultAgentId": "1", "defaultAgentName": "Matillion Hosted"}
    client = client_of(page(FARGATE), page(environment))
    assert customers_vaults(client, Project("1"), "Shop") == []


def test_what_cannot_be_looked_at_tells_nothing() -> None:
    assert customers_vaults(client_of(page(FARGATE), None), Project("1"), "Shop") == []
