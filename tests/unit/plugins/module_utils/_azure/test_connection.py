# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Key Vault is and who calls it: addresses, clouds, and all kinds of credentials."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.connection import (
    CONNECTION_SPEC,
    AzureConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from unit.keys import random_text

from .conftest import Vault

PRINCIPAL = {"tenant_id": "t", "client_id": "c", "client_secret": random_text()}


def connection(**options: Any) -> AzureConnection:
    validated = validator(CONNECTION_SPEC).validate(options)
    assert not validated.error_messages
    return AzureConnection.from_params(validated.validated_parameters)


@pytest.mark.parametrize(
    ("options", "url", "authority"),
    [
        (
            {"vault_name": "Shop"},
            "https://shop.vault.azure.net",
            "https://login.microsoftonline.com",
        ),
        (
            {"vault_name": "shop", "cloud": "china"},
            "https://shop.vault.azure.cn",
            "https://login.chinacloudapi.cn",
        ),
        (
            {"vault_name": "shop", "cloud": "usgovernment"},
            "https://shop.vault.usgovcloudapi.net",
            "https://login.microsoftonline.us",
        ),
        # The URL tells the cloud.
        (
            {"vault_url": "https://shop.vault.azure.cn/"},
            "https://shop.vault.azure.cn",
            "https://login.chinacloudapi.cn",
        ),
        (
            {"vault_url": "https://Shop.vault.usgovcloudapi.net"},
            "https://shop.vault.usgovcloudapi.net",
            "https://login.microsoftonline.us",
        ),
        (
            {
                "vault_url": "https://vault.example:8443",
                "allow_unknown_vault_host": True,
                "cloud": "china",
            },
            "https://vault.example:8443",
            "https://login.chinacloudapi.cn",
        ),
    ],
)
def test_a_cloud_has_its_own_hosts(options: dict[str, Any], url: str, authority: str) -> None:
    made = connection(**PRINCIPAL, **options)
    assert (made.vault_url, made.authority_host) == (url, authority)
    assert made.known_host is ("example" not in url)
    assert PRINCIPAL["client_secret"] not in repr(made)


@pytest.mark.parametrize(
    "given",
    ["https://login.microsoftonline.us/", "login.microsoftonline.us"],
)
def test_an_authority_as_the_environment_has_it(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", given)
    made = connection(vault_name="shop", **PRINCIPAL)
    assert made.authority_host == "https://login.microsoftonline.us"


def test_a_principal_as_awx_has_it_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    secret, other = random_text(), random_text()
    monkeypatch.setenv("AZURE_CLIENT_ID", "c")
    monkeypatch.setenv("AZURE_TENANT", "t")
    monkeypatch.setenv("AZURE_SECRET", secret)
    made = connection(vault_name="shop")
    assert (made.tenant_id, made.client_secret) == ("t", secret)
    assert made.credential == "service_principal"
    # Azure's own names come first.
    monkeypatch.setenv("AZURE_TENANT_ID", "u")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", other)
    made = connection(vault_name="shop")
    assert (made.tenant_id, made.client_secret) == ("u", other)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        (PRINCIPAL, "service_principal"),
        ({**PRINCIPAL, "certificate_path": "/c.pem"}, "service_principal"),
        ({"tenant_id": "t", "client_id": "c", "certificate_path": "/c.pem"}, "certificate"),
        ({"tenant_id": "t", "client_id": "c", "federated_token_file": "/t"}, "workload_identity"),
        ({"client_id": "c"}, "default"),
        ({}, "default"),
        ({**PRINCIPAL, "credential": "cli"}, "cli"),
    ],
)
def test_auto_takes_what_there_is(options: dict[str, Any], kind: str) -> None:
    assert connection(vault_name="shop", **options).credential == kind


# --- logging in ---


def as_nobody(vault: Vault, **options: Any) -> dict[str, Any]:
    """A task without the service principal's secret."""
    return vault.run(check=True, tenant_id=None, client_id=None, client_secret=None, **options)


def with_certificate(vault: Vault, path: Path, **options: Any) -> dict[str, Any]:
    return vault.run(check=True, client_secret=None, certificate_path=str(path), **options)


@pytest.fixture
def pem(vault: Vault, tmp_path: Path) -> Path:
    path = tmp_path / "full.pem"
    path.write_text(vault.service.certificate("full"))
    return path


def test_a_certificate(vault: Vault, pem: Path) -> None:
    for credential in ("auto", "certificate"):
        assert with_certificate(vault, pem, credential=credential)["changed"]


def test_a_certificate_with_a_password(vault: Vault, pem: Path, tmp_path: Path) -> None:
    content, password = pem.read_bytes(), random_text()
    key = serialization.load_pem_private_key(content, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    certificate = x509.load_pem_x509_certificate(content[content.index(b"-----BEGIN CERT") :])
    path = tmp_path / "full.pfx"
    encryption = serialization.BestAvailableEncryption(password.encode())
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(None, key, certificate, None, encryption)
    )
    assert with_certificate(vault, path, certificate_password=password)["changed"]
    wrong = random_text()
    refused = with_certificate(vault, path, certificate_password=wrong)
    assert refused["error"]["kind"] == "configuration"
    assert "certificate_password" in refused["msg"]
    assert wrong not in repr(refused)


def test_a_certificate_that_is_none(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "broken.pem"
    path.write_text(vault.key)
    for given in (path, tmp_path / "missing.pem"):
        refused = with_certificate(vault, given)
        assert refused["error"]["kind"] == "configuration"
        assert vault.key not in repr(refused)


def test_workload_identity(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(vault.service.federated_token("full"))
    options: dict[str, Any] = {"client_secret": None, "federated_token_file": str(path)}
    assert vault.run(check=True, **options)["changed"]
    path.write_text(vault.service.federated_token("reader"))
    assert vault.run(check=True, **options)["error"]["kind"] == "authentication"


@pytest.fixture
def managed(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine has managed identities, as in App Service."""
    plain = vault.services.state.services["azure"].plain_url
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{plain}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", vault.service.identity_header)


@pytest.mark.usefixtures("managed")
def test_a_managed_identity_of_the_system_or_of_a_user(vault: Vault) -> None:
    assigned = vault.service.user_assigned_client_id
    stranger = vault.services.identity("azure")["client_id"]
    options: dict[str, Any] = {
        "tenant_id": None,
        "client_secret": None,
        "credential": "managed_identity",
    }
    assert vault.run(check=True, client_id=None, **options)["changed"]
    assert vault.run(check=True, client_id=assigned, **options)["changed"]
    refused = vault.run(check=True, client_id=stranger, **options)
    assert refused["error"]["kind"] == "authentication"


@pytest.mark.usefixtures("managed")
def test_the_default_chain_uses_a_managed_identity_that_is_announced(vault: Vault) -> None:
    assert as_nobody(vault)["changed"]
    assigned = vault.service.user_assigned_client_id
    named = vault.run(check=True, tenant_id=None, client_secret=None, client_id=assigned)
    assert named["changed"]


def test_no_credentials_at_all(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for options in ({}, {"credential": "cli"}):
        refused = as_nobody(vault, **options)
        assert refused["error"]["kind"] == "authentication"
        assert refused["error"]["reason"] == "no Azure credentials were found"


def test_a_metadata_service_that_is_asked_for_in_vain(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1")
    begun = time.monotonic()
    refused = as_nobody(vault, credential="managed_identity")
    assert refused["error"]["kind"] == "authentication"
    assert time.monotonic() - begun < 3


def test_a_certificate_is_looked_at_before_anything_is_contacted() -> None:
    made = connection(
        vault_name="shop", tenant_id="t", client_id="c", certificate_path="/nowhere/c.pem"
    )
    with pytest.raises(ConfigurationError, match="certificate_path"):
        made.client()
