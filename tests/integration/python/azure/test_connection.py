# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Key Vault is and who calls it: addresses, clouds, and all kinds of credentials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from unit.keys import random_text
from unit.plugins.module_utils._azure.reach.test_connection import PRINCIPAL, connection

from .conftest import Vault


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
    refused = as_nobody(vault)
    assert refused["error"]["kind"] == "authentication"
    assert "none of the sources that were tried gave a token: Env" in refused["error"]["reason"]
    refused = as_nobody(vault, credential="cli")
    assert refused["error"]["kind"] == "configuration"
    assert "the Azure CLI is not installed" in refused["error"]["reason"]


def test_a_metadata_service_that_is_asked_for_in_vain(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1")
    refused = as_nobody(vault, credential="managed_identity")
    assert refused["error"]["kind"] == "authentication"
    assert "nothing answers for a managed identity" in refused["error"]["reason"]
