# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options alone show to be wrong is refused before anything is contacted."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import (
    OPERATION as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach import (
    connection as aws_connection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION as AZURE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach import (
    connection as azure_connection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION as DEFINITION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.environment import (
    OPERATION as ENVIRONMENT,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach import (
    connection as maia_connection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    MAX_VALUE_VERSION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION as SNOWFLAKE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach import (
    connection as snowflake_connection,
)
from unit.fakes import FakeRuntime, forbidden
from unit.keys import make_key, random_text

PASSWORD = random_text()


@pytest.fixture(autouse=True)
def _contact_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_connection.AwsConnection, "open", forbidden)
    monkeypatch.setattr(azure_connection.AzureConnection, "client", forbidden)
    monkeypatch.setattr(snowflake_connection.SnowflakeConnection, "open", forbidden)
    monkeypatch.setattr(maia_connection.MaiaConnection, "open", forbidden)


def execute(operation: Operation, options: dict[str, Any]) -> FakeRuntime:
    validated = validator(operation.spec).validate(options)
    assert not validated.error_messages
    runtime = FakeRuntime()
    operation.perform(validated.validated_parameters, runtime)
    return runtime


GOOD: dict[str, tuple[Operation, dict[str, Any]]] = {
    "aws": (AWS, {"name": "shop", "region": "eu-west-1"}),
    "azure": (
        AZURE,
        {
            "name": "shop",
            "vault_name": "demo-vault",
            "tenant_id": "t",
            "client_id": "c",
            "client_secret": PASSWORD,
        },
    ),
    "snowflake": (
        SNOWFLAKE,
        {"name": "shop", "account": "org-acct", "user": "u", "password": PASSWORD},
    ),
    "hosted": (
        DEFINITION,
        {
            "name": "shop",
            "project": "p",
            "region": "eu1",
            "client_id": "c",
            "client_secret": PASSWORD,
        },
    ),
    "reference": (
        DEFINITION,
        {
            "name": "shop",
            "project": "p",
            "region": "eu1",
            "access_token": PASSWORD,
            "secret_name": "s",
        },
    ),
    "environment": (
        ENVIRONMENT,
        {"project": "p", "environment": "e", "region": "eu1", "access_token": PASSWORD},
    ),
}
WITH_KEY = ("aws", "azure", "snowflake", "hosted")


def options_of(which: str, **changed: Any) -> tuple[Operation, dict[str, Any]]:
    operation, options = GOOD[which]
    key = {"api_key": make_key()} if which in WITH_KEY else {}
    merged = {**options, **key, **changed}
    return operation, {name: value for name, value in merged.items() if value is not None}


@pytest.mark.parametrize("which", GOOD)
def test_good_options_get_as_far_as_the_connection(which: str) -> None:
    with pytest.raises(AssertionError, match="something was contacted"):
        execute(*options_of(which))


@pytest.mark.parametrize("which", WITH_KEY)
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        pytest.param({"api_key": ""}, "it is empty", id="an empty key"),
        pytest.param({"api_key": "whsec_" + random_text()}, "webhook", id="a webhook secret"),
        pytest.param(
            {"api_key": make_key("pk"), "publishable_key": "reject"}, "publishable", id="reject"
        ),
    ],
)
def test_a_bad_key(which: str, changed: dict[str, Any], reason: str) -> None:
    refuse(which, changed, reason)


@pytest.mark.parametrize(
    ("which", "changed", "reason"),
    [
        ("aws", {"name": "a b"}, "name is not one that AWS allows"),
        ("aws", {"name": ""}, "name is not one that AWS allows"),
        ("aws", {"name": "x" * 513}, "name is not one that AWS allows"),
        ("aws", {"name": "shop\n"}, "name is not one that AWS allows"),
        # amazon.aws 1695
        ("aws", {"name": "arn:aws:secretsmanager:eu-west-1:1:secret:x-AbCdEf"}, "name is not one"),
        ("aws", {"description": "x" * 2049}, "description is too long"),
        ("aws", {"recovery_window_days": 6}, "recovery_window_days is 6"),
        ("aws", {"recovery_window_days": 31, "state": "absent"}, "recovery_window_days is 31"),
        ("aws", {"label": ""}, "label is empty"),
        ("aws", {"tags": {f"t{n}": "" for n in range(50)}}, "it has 50 tags"),
        ("aws", {"tags": {"AWS:x": ""}}, "is reserved"),
        ("aws", {"tags": {"maia.stripe_query": ""}}, "is reserved"),
        ("aws", {"tags": {"x" * 129: ""}}, "is empty or too long"),
        ("aws", {"tags": {"x": "y" * 257}}, "is empty or too long"),
        ("aws", {"tags": {"": "y"}}, "is empty or too long"),
        ("aws", {"tags": {"x": "a;b"}}, "has a character that is not allowed"),
        ("aws", {"tags": {"a*b": ""}}, "has a character that is not allowed"),
        ("aws", {"tags": {"x": "a\nb"}}, "has a character that is not allowed"),
        ("aws", {"tags": {"x": "aws:y"}}, "begins with aws:, which is reserved"),
        ("aws", {"tags": {"x": True}}, "the value of the tag 'x' is not a text"),
        ("aws", {"tags": {"x": 1.5}}, "is not a text"),
        ("aws", {"tags": {"x": ["y"]}}, "is not a text"),
        ("azure", {"tags": {"x": False}}, "the value of the tag 'x' is not a text"),
        ("azure", {"tags": {"x": {"y": "z"}}}, "is not a text"),
        ("azure", {"tags": {"": "y"}}, "is empty or too long"),
        ("aws", {"kms_key_id": "a b"}, "is not a KMS key"),
        ("aws", {"replica_regions": ["Ireland"]}, "names no region"),
        ("aws", {"replica_regions": [3]}, "names no region"),
        ("aws", {"replica_regions": [{"region": "us-east-1", "key": "x"}]}, "names no region"),
        ("aws", {"replica_regions": ["us-east-1"] * 2}, "has us-east-1 twice"),
        (
            "aws",
            {"replica_regions": [{"region": "us-east-1", "kms_key_id": "a b"}]},
            "is not a KMS key",
        ),
        ("aws", {"resource_policy": "allow all"}, "resource_policy is not a policy"),
        ("aws", {"resource_policy": {"Version": "2012-10-17"}}, "is not a policy"),
        (
            "aws",
            {"resource_policy": {"Statement": ["x" * 20480]}},
            "resource_policy is too long",
        ),
        ("azure", {"name": "a_b"}, "not one that Key Vault allows"),
        ("azure", {"name": "é"}, "not one that Key Vault allows"),
        ("azure", {"name": "x" * 128}, "not one that Key Vault allows"),
        ("azure", {"content_type": "x" * 256}, "content_type is too long"),
        ("azure", {"tags": {f"t{n}": "" for n in range(15)}}, "it has 15 tags"),
        ("azure", {"tags": {"maia.stripe_query": ""}}, "is reserved"),
        ("azure", {"tags": {"x": "y" * 513}}, "is empty or too long"),
        ("azure", {"vault_name": "a--b"}, "name is not one that Azure allows"),
        ("azure", {"vault_name": "-ab"}, "name is not one that Azure allows"),
        ("azure", {"vault_name": "x" * 25}, "name is not one that Azure allows"),
        ("azure", {"credential": "service_principal", "tenant_id": None}, "needs tenant_id"),
        ("azure", {"credential": "workload_identity"}, "needs federated_token_file"),
        ("azure", {"credential": "certificate"}, "needs certificate_path"),
        ("azure", {"authority_host": "http://login.example"}, "unencrypted"),
        ("azure", {"authority_host": "https://login.example/tenant"}, "not a plain URL"),
        ("azure", {"expires_on": "soon"}, "expires_on is not a moment"),
        ("azure", {"not_before": "9" * 30}, "not_before is not a moment"),
        ("azure", {"expires_on": "2027-01-01", "not_before": "2027-01-01"}, "is not after"),
        ("azure", {"api_key": None, "rolled_back_to": "yesterday"}, "is not a version"),
        *(
            (
                vault,
                {"api_key": None, "rolled_back_to": "previous", "state": "absent"},
                "given with state=absent",
            )
            for vault in ("aws", "azure")
        ),
        (
            "azure",
            {"vault_name": None, "vault_url": "https://demo.vault.azure.net.evil.example"},
            "in none of Key Vault's domains",
        ),
        (
            "azure",
            {"vault_name": None, "vault_url": "http://demo.vault.azure.net"},
            "unencrypted",
        ),
        (
            "azure",
            {"vault_name": None, "vault_url": "https://u@demo.vault.azure.net"},
            "not a plain URL",
        ),
        (
            "azure",
            {"vault_name": None, "vault_url": "https://demo.vault.azure.net/secrets"},
            "not a plain URL",
        ),
        ("snowflake", {"name": "a b"}, "not a valid identifier"),
        ("snowflake", {"database": "a;b"}, "not a valid identifier"),
        ("snowflake", {"schema": ""}, "not a valid identifier"),
        ("snowflake", {"comment": "x" * 1001}, "comment is too long"),
        ("snowflake", {"comment": "two\nlines"}, "comment is too long, has control"),
        ("snowflake", {"comment": "x [maia.stripe_query]"}, "contains our marker"),
        ("snowflake", {"grant_to": [{"type": "role", "name": "a b"}]}, "not a valid identifier"),
        ("snowflake", {"account": None}, "account is missing"),
        ("snowflake", {"account": "evil.example/x"}, "not an account identifier"),
        (
            "snowflake",
            {"account": "Org-Shop.snowflakecomputing.com"},
            "account is the host name 'Org-Shop.snowflakecomputing.com'; set account to Org-Shop",
        ),
        ("snowflake", {"password": None}, "needs password"),
        ("snowflake", {"authenticator": "oauth"}, "needs token"),
        ("snowflake", {"authenticator": "snowflake_jwt"}, "needs private_key_path"),
        ("snowflake", {"protocol": "http", "host": "example.com"}, "unencrypted"),
        ("snowflake", {"protocol": "http"}, "unencrypted"),
        ("hosted", {"name": "a b"}, "not one that Maia allows"),
        ("hosted", {"description": "x" * 250}, "has 250 characters"),
        ("hosted", {"description": "[maia.stripe_query"}, "contains our marker"),
        ("hosted", {"client_secret": None, "client_id": None}, "there are no credentials"),
        ("hosted", {"client_secret": None}, "client_secret is missing; set client_secret or MAIA_"),
        ("hosted", {"client_id": ""}, "client_id is missing; set client_id or MAIA_CLIENT_ID"),
        ("hosted", {"region": None}, "neither region nor api_url"),
        ("hosted", {"api_url": "http://example.com"}, "unencrypted"),
        ("hosted", {"api_url": "https://u:p@example.com"}, "is not a plain URL"),
        ("hosted", {"token_url": "http://example.com"}, "unencrypted"),
        ("hosted", {"api_url": "http://eu1.api.matillion.com"}, "unencrypted"),
        ("hosted", {"api_url": "https://example.com"}, "'example.com' is not in matillion.com"),
        ("hosted", {"api_url": "https://evilmatillion.com/dpc"}, "is not in matillion.com"),
        ("hosted", {"api_url": "https://matillion.com.evil.example"}, "is not in matillion.com"),
        ("hosted", {"token_url": "https://example.com/token"}, "is not in matillion.com"),
        ("hosted", {"requests_per_minute": 9}, "requests_per_minute is 9; give a number from 10"),
        ("hosted", {"requests_per_minute": 100001}, "requests_per_minute is 100001"),
        ("reference", {"secret_name": "  "}, "secret_name is empty"),
        ("reference", {"description": "x" * 250}, "has 250 characters"),
        ("environment", {"access_token": None}, "there are no credentials"),
    ],
)
def test_bad_options(which: str, changed: dict[str, Any], reason: str) -> None:
    refuse(which, changed, reason)


@pytest.mark.parametrize("which", WITH_KEY)
@pytest.mark.parametrize("number", [-1, MAX_VALUE_VERSION + 1])
def test_a_value_version_that_cannot_be_kept(which: str, number: int) -> None:
    text = refuse(which, {"value_version": number}, "value_version")
    assert text == f"Option value_version: it is {number}; give 0 to {MAX_VALUE_VERSION}."


@pytest.mark.parametrize("which", ["aws", "azure", "snowflake"])
@pytest.mark.parametrize(
    ("option", "most", "wrong"),
    [("max_attempts", 10000, (0, -1, 10001)), ("max_seconds", 86400, (0, -1, 86401, 2**63))],
)
def test_a_call_is_tried_once_and_for_a_second_at_least(
    which: str, option: str, most: int, wrong: tuple[int, ...]
) -> None:
    for number in wrong:
        text = refuse(which, {option: number}, option)
        assert text == f"Option {option}: it is {number}; give a number from 1 to {most}."


# As the vendors call a secret; before anything is contacted, its full name is not known.
SUBJECTS = {
    "aws": "AWS secret 'shop'",
    "azure": "Key Vault secret 'shop'",
    "snowflake": "Snowflake secret MATILLION_DATA_PRODUCTIVITY_CLOUD.SECRETS.SHOP",
}


def test_compare_value_is_refused_for_snowflake_before_logging_in() -> None:
    text = refuse("snowflake", {"compare": "value"}, "never be read back")
    assert text.startswith(f"{SUBJECTS['snowflake']}: ")


@pytest.mark.parametrize("which", SUBJECTS)
@pytest.mark.parametrize("update_value", ["on_change", "always"])
def test_a_key_is_needed_unless_the_value_is_left_alone(which: str, update_value: str) -> None:
    text = refuse(which, {"api_key": None, "update_value": update_value}, "no key to store")
    assert text == (
        f"{SUBJECTS[which]}: there is no key to store; give api_key_file, api_key_env or api_key,"
        " or set update_value to never if only metadata are to change."
    )
    for changed in ({"update_value": "never"}, {"state": "absent"}):
        with pytest.raises(AssertionError, match="something was contacted"):
            execute(*options_of(which, api_key=None, **changed))


def test_the_older_api_knows_no_location() -> None:
    changed = {
        "api": "secret_references",
        "agent_type": "aws",
        "secrets_location": {"region": "eu-west-1"},
    }
    refuse("reference", changed, "knows no secrets_location")


@pytest.mark.parametrize(
    ("vault", "changed", "reason"),
    [
        (
            "aws",
            {"api": "secret_references", "agent_type": "azure"},
            "agent_type is azure, and such a runner reads the vault 'azure', and not 'aws'",
        ),
        (
            "azure",
            {"secrets_location": {"type": "AWS_SECRET_MANAGER", "region": "us-east-1"}},
            "secrets_location has the type AWS_SECRET_MANAGER, which is of the vault 'aws', and not"
            " of 'azure'",
        ),
        (
            "azure",
            {"secret_label": "api_key"},
            "secret_label is 'api_key', and secrets in the vault 'azure' have no labels",
        ),
        (
            "azure",
            {"environment_overrides": {"test": {"secret_name": "s", "secret_label": "x"}}},
            "secret_label in environment_overrides for 'test' is 'x', and secrets in the vault"
            " 'azure' have no labels",
        ),
    ],
)
def test_a_pointer_that_contradicts_the_expected_vault(
    vault: str, changed: dict[str, Any], reason: str
) -> None:
    runner = {"environment": "test", "vault": vault}
    text = refuse("reference", {**changed, "expected_runner": runner}, reason)
    assert text.endswith("; correct it, or the vault of expected_runner.")
    # Without an expected runner nothing is known of it, nor of what is to be gone.
    other = {"expected_runner": runner, "state": "absent"}
    for alone in (changed, {**changed, **other}):
        with pytest.raises(AssertionError, match="something was contacted"):
            execute(*options_of("reference", **alone))


def test_where_the_environment_has_an_override_that_counts_and_not_the_definition() -> None:
    changed = {
        "secrets_location": {"type": "AWS_SECRET_MANAGER", "region": "us-east-1"},
        "environment_overrides": {"test": {"secret_name": "s"}},
        "expected_runner": {"environment": "test", "vault": "azure"},
    }
    with pytest.raises(AssertionError, match="something was contacted"):
        execute(*options_of("reference", **changed))


@pytest.mark.parametrize("option", ["agent_type", "agent_id"])
def test_the_newer_api_takes_no_agent(option: str) -> None:
    refuse("reference", {option: "aws"}, f"the connections API takes no {option};")


def refuse(which: str, changed: dict[str, Any], reason: str) -> str:
    operation, options = options_of(which, **changed)
    with pytest.raises(ConfigurationError) as refusal:
        execute(operation, options)
    text = str(refusal.value)
    assert reason in text
    assert text.endswith(".")
    assert not text.endswith("..")
    for secret in (PASSWORD, options.get("api_key")):
        assert not secret or secret not in text
    return text


@pytest.mark.parametrize(
    ("changed", "url"),
    [
        ({"api_url": "https://eu1.api.matillion.com/dpc/"}, "https://eu1.api.matillion.com/dpc"),
        ({"api_url": "https://EU1.API.Matillion.com/dpc"}, "https://eu1.api.matillion.com/dpc"),
        ({"api_url": "http://localhost:8000/dpc/"}, "http://localhost:8000/dpc"),
        (
            {"api_url": "https://example.com/dpc/", "allow_unknown_api_host": True},
            "https://example.com/dpc",
        ),
        ({}, maia_connection.api_url("eu1")),
    ],
)
def test_a_settled_url_is_passed_on_without_its_last_slash(
    changed: dict[str, Any], url: str
) -> None:
    operation, options = options_of("reference", **changed)
    validated = validator(operation.spec).validate(options)
    connection = maia_connection.MaiaConnection.from_params(validated.validated_parameters)
    assert connection.api_url == url
    assert PASSWORD not in repr(connection)


@pytest.mark.parametrize("which", ["aws", "azure", "hosted"])
def test_a_name_like_an_arn_is_warned_of(which: str) -> None:
    operation, options = options_of(which, name="shop-abcdef")
    validated = validator(operation.spec).validate(options)
    runtime = FakeRuntime()
    with pytest.raises(AssertionError, match="something was contacted"):
        operation.perform(validated.validated_parameters, runtime)
    assert any("shop-abcdef" in warning for warning in runtime.warnings)
    assert options["api_key"] in runtime.protected
