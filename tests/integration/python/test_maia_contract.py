# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract with Maia, and both sides of it: the collection's client and the emulated service.

That the client keeps to it in all that other tests do is checked by maia_world(), at the end of
each of them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import CollectionError
from ansible_collections.maia.stripe_query.plugins.module_utils._maia import unverified
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis import connections_api
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import Draft
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.connections_api import (
    ConnectionsApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.model import definition
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.model.definition import (
    REGIONS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    find_project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach import (
    client,
    connection,
    token,
)
from integration.python.maia_world import MaiaWorld, maia_world
from sandbox.maia import MaiaService
from sandbox.maia import contract as contract_module
from sandbox.maia.contract import Contract, contract
from sandbox.maia.variants import VARIANTS
from sandbox.service import Journal
from unit.fakes import FakeRuntime

DOCUMENT: dict[str, Any] = dict(contract().document)
COMPONENTS = DOCUMENT["components"]
SCHEMAS = COMPONENTS["schemas"]
OPERATIONS = {
    told["operationId"]: told
    for item in DOCUMENT["paths"].values()
    for method, told in item.items()
    if method in ("get", "post", "put", "delete")
}
PARTS = {
    "operation": OPERATIONS,
    **{kind: COMPONENTS[kind] for kind in ("parameters", "responses", "schemas")},
}
# The rights to do it are another test's business.
OPEN = {**DOCUMENT, "security": []}


def test_it_is_openapi() -> None:
    validate(DOCUMENT)


# --- what the client takes for granted ---


def test_the_client_knows_what_the_contract_says() -> None:
    server = DOCUMENT["servers"][0]
    regions = server["variables"]["region"]["enum"]
    assert tuple(regions) == REGIONS
    assert server["url"] == connection.api_url("{region}")
    path = "/oauth/dpc/token"
    assert DOCUMENT["paths"][path]["servers"][0]["url"] + path == connection.TOKEN_URL
    assert SCHEMAS["ClientCredentials"]["properties"]["audience"]["const"] == token.AUDIENCE
    assert DOCUMENT["components"]["parameters"]["Size"]["schema"]["maximum"] == client.PAGE_SIZE
    assert SCHEMAS["Description"]["maxLength"] == definition.MAX_DESCRIPTION
    new = SCHEMAS["NewConnection"]["properties"]
    assert {name: new[name]["const"] for name in connections_api.KIND} == connections_api.KIND


def test_guesses_are_marked_in_the_contract_as_in_the_code() -> None:
    hosted = SCHEMAS["NewSecret"]
    variant = VARIANTS["documented"]
    assert variant.hosted_type == unverified.HOSTED_SECRET_TYPE
    assert variant.hosted_field == unverified.HOSTED_VALUE_FIELD
    assert "{projectId}/" + unverified.HOSTED_SECRETS_PATH in str(list(DOCUMENT["paths"]))
    reference = SCHEMAS["NewSecretReference"]["properties"]
    assert reference["agentType"]["enum"] == list(unverified.REFERENCE_AGENT_TYPES.values())
    clouds = SCHEMAS["Agent"]["properties"]["cloudProvider"]["enum"]
    assert set(unverified.CUSTOMERS_VAULTS) < set(clouds)
    guesses: tuple[dict[str, Any], ...] = (
        hosted,
        SCHEMAS["ConnectionName"],
        SCHEMAS["Agent"]["properties"]["deployment"],
        OPERATIONS["ListSecretReferences"],
        OPERATIONS["DeleteConnection"],
    )
    for guess in guesses:
        assert guess["x-not-verified"]


SOURCES = {"documented", "official code", "third party", "inferred"}


def test_each_point_of_the_contract_names_its_source() -> None:
    named = {f"{kind} {name}": it for kind, its in PARTS.items() for name, it in its.items()}
    assert {name for name, it in named.items() if it.get("x-source") not in SOURCES} == set()
    assert all("externalDocs" in it for it in OPERATIONS.values())


# --- the emulated service ---


@pytest.fixture(scope="module")
def service() -> MaiaService:
    return MaiaService(Journal())


@pytest.fixture(autouse=True)
def _anew(service: MaiaService) -> None:
    service.reset()
    service._gate.refused.clear()


Send = Callable[[Case[Any]], Any]


@pytest.fixture
def send(service: MaiaService) -> Send:
    """Sends a made-up request, which often is about a project that exists."""
    authorization = f"Bearer {service._tokens.issue('full', 3600)}"
    project_ids = list(service._store.projects)

    def send(case: Case[Any]) -> Any:
        if len(str(case.path_parameters.get("projectId", ""))) == len(project_ids[0]):
            case.path_parameters["projectId"] = project_ids[len(str(case.body)) % len(project_ids)]
        return case.call(base_url="http://localhost/dpc", headers={"Authorization": authorization})

    return send


@pytest.fixture(scope="module")
def schema(service: MaiaService) -> Any:
    loaded = schemathesis.openapi.from_dict(OPEN)
    loaded.app = service.app
    return loaded


def made_up(operation_id: str, mode: GenerationMode, schema: Any) -> Any:
    return schema.find_operation_by_id(operation_id).as_strategy(generation_mode=mode)


BOUNDED = settings(
    derandomize=True,
    max_examples=20,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
OF_THE_API = sorted(OPERATIONS.keys() - {"Token"})
ANSWERS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("operation_id", OF_THE_API)
def test_the_service_takes_what_is_valid(
    operation_id: str, service: MaiaService, schema: Any, send: Send
) -> None:
    @BOUNDED
    @given(case=made_up(operation_id, GenerationMode.POSITIVE, schema))
    def run(case: Case[Any]) -> None:
        case.validate_response(send(case), checks=ANSWERS)
        assert service.breaches == []

    run()


# An agent's id may be any text, so that nothing can be wrong with it.
@pytest.mark.parametrize("operation_id", [name for name in OF_THE_API if name != "GetAgent"])
def test_the_service_refuses_what_is_not(
    operation_id: str, service: MaiaService, schema: Any, send: Send
) -> None:
    @BOUNDED
    @given(case=made_up(operation_id, GenerationMode.NEGATIVE, schema))
    def run(case: Case[Any]) -> None:
        case.validate_response(send(case), checks=[*ANSWERS, negative_data_rejection])

    run()
    assert service._gate.broken == []


# --- a correction is made once, and both sides have to follow ---


def rename(document: Any, old: str, new: str) -> Any:
    if isinstance(document, dict):
        return {
            new if key == old else key: rename(value, old, new) for key, value in document.items()
        }
    if isinstance(document, list):
        return [rename(item, old, new) for item in document]
    return new if document == old else document


def use(world: MaiaWorld) -> None:
    with world.client(FakeRuntime()) as session:
        api = ConnectionsApi(session, find_project(session, "Shop Analytics"))
        api.create(Draft("stripe", "", secret_name="s", secret_label="k"))
        api.renew("stripe")


def test_without_a_correction_all_is_well() -> None:
    with maia_world() as world:
        use(world)


@pytest.fixture
def corrected(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MaiaWorld]:
    """A world in which something is called otherwise than we thought."""
    old, new = request.param
    changed = Contract(rename(copy.deepcopy(DOCUMENT), old, new))
    for module in ("operations", "routes"):
        monkeypatch.setattr(f"sandbox.maia.{module}.contract", lambda: changed)
    assert contract_module.contract() is not changed
    with pytest.raises(AssertionError), maia_world() as world:
        yield world


@pytest.mark.parametrize(
    "corrected",
    [
        ("secretName", "vaultSecretName"),
        ("secretKey", "secretLabel"),
        ("connectionProperties", "properties"),
        ("connectionDetails", "details"),
        ("connectionNames", "names"),
        ("results", "items"),
        ("GENERIC_SECRET", "PLAIN_SECRET"),
    ],
    indirect=True,
    ids=lambda names: names[0],
)
def test_whoever_does_not_follow_a_correction_is_found_out(corrected: MaiaWorld) -> None:
    with pytest.raises(CollectionError):
        use(corrected)
    assert corrected.service.breaches


@pytest.mark.parametrize("corrected", [("size", "pageSize")], indirect=True)
def test_where_the_size_of_a_page_is_not_taken_lists_are_read_without(corrected: MaiaWorld) -> None:
    use(corrected)
    assert corrected.service.breaches


def test_a_violation_does_not_quote_what_was_sent() -> None:
    canary = "c4n4ry"
    body = {"name": canary * 30, "connectionDetails": {"connectionProperties": {"secretName": 7}}}
    rule = contract()["CreateConnection"].body
    assert rule is not None
    found = rule.violations({**body, "authProvider": canary}, "body")
    assert 'connectionDetails.connectionProperties.secretName: it is not of type "string"' in found
    assert canary not in json.dumps(found)
