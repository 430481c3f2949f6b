# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service that the sandbox runs: vaults, a tenant and identities with different rights."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sandbox.azure.credentials import issue_certificate
from sandbox.azure.entra import MANAGED, Entra
from sandbox.azure.hosts import DIRECT
from sandbox.azure.rights import RIGHTS
from sandbox.azure.routes import create_app
from sandbox.azure.vault import Secret, Vault, VaultSettings
from sandbox.service import Entry, Journal

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class AzureService(VaultSettings):
    """Its inherited attributes (purge_protection, delete_seconds, ...) may be set at any time.

    Managed identities, which have all rights, are at /msi/token (IDENTITY_ENDPOINT, with
    `identity_header` as IDENTITY_HEADER) and under / (AZURE_POD_IDENTITY_AUTHORITY_HOST).
    """

    name = "azure"
    hosts = ("*.vault.azure.net", "login.microsoftonline.com")

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.clock = journal.clock
        self.lock = threading.RLock()
        self.entra = Entra(name for name in RIGHTS if name not in MANAGED)
        self.vaults: dict[str, Vault] = {}
        for vault in ("demo-vault", "partners-vault", DIRECT):
            self.add_vault(vault)
        self.identities: dict[str, dict[str, str]] = {
            name: {
                "tenant_id": self.entra.tenant_id,
                "client_id": application.client_id,
                "client_secret": application.client_secret,
            }
            for name, application in self.entra.applications.items()
            if name not in MANAGED
        }
        self.app: WSGIApplication = create_app(self)

    @property
    def identity_header(self) -> str:
        return self.entra.identity_header

    @property
    def user_assigned_client_id(self) -> str:
        return self.entra.applications["user-assigned"].client_id

    def add_vault(self, name: str) -> None:
        with self.lock:
            self.vaults.setdefault(name.lower(), Vault(name.lower(), self))

    def certificate(self, identity: str) -> str:
        """A new certificate with its key (PEM) that the identity may log in with."""
        with self.lock:
            return issue_certificate(self.entra.applications[identity])

    def federated_token(self, identity: str, seconds: float = 3600) -> str:
        """A workload's token that the identity may be had for."""
        subject = self.entra.applications[identity].subject
        return self.entra.issuer.token(subject, seconds)

    def reset(self) -> None:
        """Forget every secret; vaults, settings and identities stay."""
        with self.lock:
            for name in self.vaults:
                self.vaults[name] = Vault(name, self)

    def contents(self) -> list[Entry]:
        with self.lock:
            return [entry for vault in self.vaults.values() for entry in self._entries(vault)]

    def _entries(self, vault: Vault) -> Iterable[Entry]:
        for secret in vault.secrets():
            yield self._entry("secret", vault, secret)
        for deleted in vault.deleted_secrets():
            yield self._entry("deleted secret", vault, deleted.secret)

    def _entry(self, kind: str, vault: Vault, secret: Secret) -> Entry:
        latest = secret.latest
        details: dict[str, object] = {
            "vault": vault.name,
            "versions": len(secret.versions),
            "enabled": latest.enabled,
            "tags": dict(latest.tags),
            "content_type": latest.content_type,
            "expires": latest.expires,
        }
        if masked := _masked_key(latest.value):
            details["key"] = masked
        return Entry(self.name, kind, f"{vault.name}/{secret.name}", details)


def _masked_key(value: str) -> str:
    if re.fullmatch(r"(sk|rk|pk)_(live|test)_\w{16,}", value):
        return f"{value[:8]}…{value[-4:]}"
    return ""
