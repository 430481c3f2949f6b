# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' own clients read what we wrote, and we know what they wrote for theirs."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient

from referees.test_peers import Secret
from sandbox.client import SandboxClient

_PYTHON = "MINISTACK_PYTHON"  # awscli is installed beside MiniStack
ADOPT = {"options": {"on_foreign": "adopt"}}


def outcome(secret: Secret, **step: Any) -> dict[str, Any]:
    result = secret.task(step)
    assert not result.get("failed"), result
    return result


def refused(secret: Secret) -> None:
    assert secret.task({})["error"]["kind"] == "foreign_object"


@pytest.fixture
def aws(services: SandboxClient, tmp_path: Path) -> Any:
    """awscli, as a command of a shell; its answer in JSON."""
    identity = services.identity("aws")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": identity["access_key"],
        "AWS_SECRET_ACCESS_KEY": identity["secret_key"],
        "AWS_CA_BUNDLE": services.state.ca,
        "AWS_ENDPOINT_URL": services.url("aws"),
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    program = Path(os.environ[_PYTHON]).with_name("aws")

    def run(command: str, *arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            [program, "secretsmanager", command, "--output", "json", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    return run


@pytest.mark.skipif(_PYTHON not in os.environ, reason="make referees installs awscli")
def test_awscli(services: SandboxClient, aws: Any) -> None:
    secret = Secret("aws", services)
    one, two = secret.keys.values()
    name = secret.vendor.secret
    made = outcome(secret)
    read = aws("get-secret-value", "--secret-id", name)
    assert json.loads(read["SecretString"]) == {"api_key": one}
    assert read["VersionId"] == made["version"]
    held = {each["Key"] for each in aws("describe-secret", "--secret-id", name)["Tags"]}
    assert any("maia" in key for key in held)
    aws("put-secret-value", "--secret-id", name, "--secret-string", json.dumps({"api_key": two}))
    assert outcome(secret, check=True)["changes"] == ["value"]
    theirs = Secret("aws", services)
    text = json.dumps({"api_key": theirs.keys["one"]})
    aws("create-secret", "--name", theirs.vendor.secret, "--secret-string", text)
    refused(theirs)
    assert "value" not in outcome(theirs, **ADOPT)["changes"]


@pytest.fixture
def key_vault(services: SandboxClient) -> Iterator[SecretClient]:
    identity, url = services.identity("azure"), services.url("azure")
    credential = ClientSecretCredential(
        **identity,
        authority=url,
        disable_instance_discovery=True,
        connection_verify=services.state.ca,
    )
    with SecretClient(
        url,
        credential,
        verify_challenge_resource=False,
        connection_verify=services.state.ca,
    ) as client:
        yield client


def test_azure_keyvault_secrets(services: SandboxClient, key_vault: SecretClient) -> None:
    secret = Secret("azure", services)
    one, _two = secret.keys.values()
    made = outcome(secret)
    read = key_vault.get_secret(secret.vendor.secret)
    assert read.value == one
    assert read.properties.version == made["version"]
    theirs = Secret("azure", services)
    key_vault.set_secret(theirs.vendor.secret, theirs.keys["one"])
    refused(theirs)
    assert "value" not in outcome(theirs, **ADOPT)["changes"]


@pytest.fixture
def cursor(services: SandboxClient) -> Iterator[Any]:
    place = {"database": "PLATFORM", "schema": "SECRETS"}
    with snowflake.connector.connect(**services.reach("snowflake"), **place) as connection:
        yield connection.cursor(snowflake.connector.DictCursor)


def test_snowflake_connector(services: SandboxClient, cursor: Any) -> None:
    secret = Secret("snowflake", services)
    outcome(secret, options={"comment": "For the shop"})
    [shown] = cursor.execute(f"SHOW SECRETS LIKE '{secret.vendor.secret}'").fetchall()
    assert shown["secret_type"] == "GENERIC_STRING"
    assert shown["comment"].startswith("For the shop")
    theirs = Secret("snowflake", services)
    name, key = theirs.vendor.secret, theirs.keys["one"]
    cursor.execute(f"CREATE SECRET \"{name}\" TYPE = GENERIC_STRING SECRET_STRING = '{key}'")
    refused(theirs)
    outcome(theirs, **ADOPT)
    assert not outcome(theirs)["changed"]
