# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users of other tools for Key Vault complain of, each tried here by its number."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import yaml
from azure.identity import DefaultAzureCredential

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.store import store

from .conftest import Vault

PACKAGE = Path(str(store.__file__)).parents[1]
ROOT = PACKAGE.parents[2]


def test_azure_no_log_does_not_star_the_secrets_id(vault: Vault) -> None:
    """The vault's URI and the dates were no_log, so that the id came back starred."""
    result = vault.done(expires_on="2030-01-01")
    assert result["id"] == f"{vault.services.url('azure')}/secrets/{vault.name}"
    hidden = set(OPERATION.spec.secret_options)
    assert hidden == {"api_key", "fingerprint_key", "client_secret", "certificate_password"}


def test_azure_preview_390_379_293_azure_1353_nobody_waits_for_a_metadata_service(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside Azure nothing answers at 169.254.169.254, for minutes."""
    made: list[DefaultAzureCredential] = []

    def note(**options: object) -> DefaultAzureCredential:
        made.append(DefaultAzureCredential(**options))
        return made[-1]

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", note)
    nobody = {"tenant_id": None, "client_id": None, "client_secret": None}
    refused = vault.refused(**nobody)
    assert refused["error"]["kind"] == "authentication"
    tried = [type(credential).__name__ for credential in made[0].credentials]
    assert "AzureCliCredential" in tried
    assert "ManagedIdentityCredential" not in tried


# --- azure 988, 742, 477, 2063, 1739: seventy pinned packages, or nothing works ---

# azure.core itself needs the last two.
SDK = ("azure.core", "azure.identity", "azure.keyvault.secrets", "requests", "urllib3")


def test_azure_988_742_477_2063_1739_two_packages_without_pins_are_all_we_need() -> None:
    """azure-core comes with both of them."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [str(node.module)]
            for name in names:
                known = name.split(".", maxsplit=1)[0] in {*sys.stdlib_module_names, "ansible"}
                assert known or name.startswith(SDK), f"{path.name} imports {name}"
    required = (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    azure = [line for line in required if line.startswith("azure")]
    assert [line.partition(">=")[0] for line in azure] == [
        "azure-identity",
        "azure-keyvault-secrets",
    ]
    assert not any("==" in line for line in azure)
    fragment = (ROOT / "plugins" / "doc_fragments" / "azure.py").read_text(encoding="utf-8")
    documented = yaml.safe_load(fragment.split('"""')[-2])
    assert documented["requirements"] == ["azure-identity", "azure-keyvault-secrets"]
