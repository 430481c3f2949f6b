# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Azure's tokens come from, whoever has set it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)

from .test_connection import PRINCIPAL, connection


@pytest.mark.parametrize(
    ("authority", "reason"),
    [
        ("https://login.example", "not one of Microsoft's"),
        ("login.microsoftonline.com.example", "not one of Microsoft's"),
        ("https://127.0.0.2\\.login.microsoftonline.com", "not a plain URL"),
        ("http://login.microsoftonline.com", "unencrypted"),
        ("http://localhost", "not an https URL"),
    ],
)
def test_1_3_a_client_secret_is_not_sent_to_any_authority(
    authority: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        connection(vault_name="shop", authority_host=authority, **PRINCIPAL)
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", authority)
    with pytest.raises(ConfigurationError, match=reason):
        connection(vault_name="shop", **PRINCIPAL)


def test_1_2_a_vault_s_host_is_what_the_sdk_reads() -> None:
    with pytest.raises(ConfigurationError, match="not a plain URL"):
        connection(vault_url="https://127.0.0.2\\.vault.azure.net", **PRINCIPAL)


@pytest.mark.parametrize(
    "name", ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"]
)
@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("http://localhost:42356/msi/token", True),
        ("http://169.254.129.3:8081/msi/token/?", True),
        ("http://169.254.169.254", True),
        ("http://identity.example/token", False),
        ("http://169.254.169.254.example", False),
        ("http://169.254.169.254\\@identity.example", False),
        ("http://169.254.169.254@identity.example", False),
    ],
)
def test_1_3_a_managed_identity_is_asked_for_here(
    name: str, url: str, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, url)
    options: dict[str, Any] = {"vault_name": "shop", "credential": "managed_identity"}
    if good:
        assert connection(**options)
    else:
        with pytest.raises(ConfigurationError, match=f"Environment variable {name}"):
            connection(**options)
