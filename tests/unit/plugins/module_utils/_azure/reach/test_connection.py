# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Key Vault is and who calls it: addresses, clouds, and all kinds of credentials."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    CONNECTION_SPEC,
    AzureConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from unit.keys import random_text

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


# --- logging in ---


@pytest.mark.parametrize(
    "choice", ["InteractiveBrowserCredential", " interactivebrowsercredential"]
)
def test_no_sign_in_in_a_browser_is_waited_for(
    choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", choice)
    with pytest.raises(ConfigurationError, match="sign-in in a browser"):
        connection(vault_name="shop")
    # It is only DefaultAzureCredential that reads it.
    assert connection(vault_name="shop", credential="cli")


def test_a_choice_that_azure_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "something")
    with pytest.raises(ConfigurationError, match="check AZURE_TOKEN_CREDENTIALS"):
        connection(vault_name="shop").client()


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (PRINCIPAL, f"the service principal {PRINCIPAL['client_id']} in tenant"),
        ({"credential": "cli"}, "az login"),
        ({"credential": "managed_identity"}, "the managed identity of this machine"),
        ({"credential": "default"}, "DefaultAzureCredential"),
    ],
)
def test_the_credential_has_a_name(options: dict[str, Any], name: str) -> None:
    assert connection(vault_name="shop", **options).source.startswith(name)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            {"tenant_id": "t", "client_id": "c", "certificate_path": "/nowhere.pem"},
            "the file '/nowhere.pem' cannot be read (No such file or directory)",
        ),
        (
            {**PRINCIPAL, "tenant_id": "not a tenant"},
            "an option of the credential, or the file that it names, has the wrong form",
        ),
    ],
)
def test_a_credential_that_cannot_be_made_says_of_what(
    options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        connection(vault_name="shop", **options).client()
    assert caught.value.reason == reason
