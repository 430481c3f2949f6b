# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users of other tools for Key Vault complain of, each tried here by its number."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from azure.identity import DefaultAzureCredential

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.store import store
from unit.keys import make_key

from .conftest import Vault

PACKAGE = Path(str(store.__file__)).parents[1]
ROOT = PACKAGE.parents[2]


def test_azure_1351_no_result_holds_a_value(vault: Vault) -> None:
    """It returned the old value, which may still be good, in plain text."""
    old, new = vault.key, make_key()
    results = [vault.done(), vault.done(), vault.done(api_key=new)]
    results += [vault.done(compare="value", api_key=new), vault.done(state="absent", api_key=None)]
    for result in results:
        assert old not in json.dumps(result)
        assert new not in json.dumps(result)


def test_azure_no_log_does_not_star_the_secrets_id(vault: Vault) -> None:
    """The vault's URI and the dates were no_log, so that the id came back starred."""
    result = vault.done(expires_on="2030-01-01")
    assert result["id"] == f"{vault.services.url('azure')}/secrets/{vault.name}"
    hidden = set(OPERATION.spec.secret_options())
    assert hidden == {"api_key", "fingerprint_key", "client_secret", "certificate_password"}


def test_ansible_82889_the_value_is_stored_as_it_is(vault: Vault) -> None:
    """A dictionary was stored as Python writes it; one is refused here, since no key is one."""
    vault.done()
    assert vault.held.latest.value == vault.key
    refused = vault.refused(api_key={"api_key": vault.key})
    assert refused["error"]["kind"] == "configuration"
    assert len(vault.held.versions) == 1


@pytest.mark.parametrize("number", [1809, 1145, 1237])
def test_azure_1809_1145_1237_a_soft_deleted_name_gets_the_desired_value(
    vault: Vault, number: int
) -> None:
    """It was recovered with its old value, or purged and not made, or its name blocked."""
    vault.done()
    vault.done(state="absent", api_key=None)
    vault.key = make_key()
    wanted = {"tags": {"issue": str(number)}}
    assert vault.done(**wanted)["changes"] == ["state", "value", "tags"]
    assert vault.held.latest.value == vault.key
    vault.settled(**wanted)


def test_pulumi_1174_a_deleted_name_can_be_used_at_once(vault: Vault) -> None:
    """Deletion did not purge, and the name was blocked for days."""
    vault.done()
    vault.done(state="absent", api_key=None, purge=True)
    created = vault.done()
    assert created["diff"]["before"]["state"] == "absent"
    assert len(vault.held.versions) == 1


def test_r_4_metadata_change_without_the_key(vault: Vault) -> None:
    """community.aws needs a value for that; no tool for Key Vault leaves it out."""
    without: dict[str, Any] = {"api_key": None, "update_value": "never"}
    assert vault.refused(**without)["error"]["kind"] == "not_found"
    version = vault.done()["version"]
    wanted = {"tags": {"team": "a"}, "content_type": "a", "enabled": False}
    changed = vault.done(**without, **wanted, identity="writer")
    assert changed["changes"] == ["content_type", "enabled", "tags"]
    assert changed["version"] == version
    vault.settled(**without, **wanted)
    # No key can be taken off a version that has a date.
    vault.done(**without, expires_on="2030-01-01")
    assert "give api_key" in vault.refused(**without, expires_on="")["msg"]


def test_azurekeyvault_17_a_new_version_keeps_tags_and_content_type(vault: Vault) -> None:
    vault.done(content_type="a", tags={"team": "a"}, expires_on="2030-01-01", enabled=True)
    before = vault.held.latest
    vault.next_second()
    vault.done(api_key=make_key())
    after = vault.held.latest
    assert after.version != before.version
    for name in ("content_type", "expires", "not_before", "enabled"):
        assert getattr(after, name) == getattr(before, name)
    assert after.tags["team"] == "a"


@pytest.mark.parametrize("number", [390, 379, 293, 1353])
def test_azure_preview_390_379_293_azure_1353_nobody_waits_for_a_metadata_service(
    vault: Vault, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside Azure nothing answers at 169.254.169.254, for minutes."""
    made: list[DefaultAzureCredential] = []

    def note(**options: object) -> DefaultAzureCredential:
        made.append(DefaultAzureCredential(**options))
        return made[-1]

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", note)
    nobody = {"tenant_id": None, "client_id": None, "client_secret": None}
    refused = vault.refused(name=f"issue-{number}", **nobody)
    assert refused["error"]["kind"] == "authentication"
    tried = [type(credential).__name__ for credential in made[0].credentials]
    assert "AzureCliCredential" in tried
    assert "ManagedIdentityCredential" not in tried


def test_azure_1568_federated_login(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(vault.service.federated_token("full"))
    task = {
        "credential": "workload_identity",
        "client_secret": None,
        "federated_token_file": str(path),
    }
    vault.done(**task)
    vault.settled(**task)


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


def test_azure_988_no_other_azure_package_is_loaded() -> None:
    program = (
        "import sys\n"
        f"sys.path[:0] = {sys.path!r}\n"
        f"import {OPERATION.execute.__module__}\n"
        "print([name for name in sys.modules if name.startswith('azure.')])\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    names = ast.literal_eval(loaded)
    assert "azure.keyvault.secrets" in names
    assert all(
        f"{name}.".startswith((*(f"{s}." for s in SDK), "azure.keyvault.")) for name in names
    )
