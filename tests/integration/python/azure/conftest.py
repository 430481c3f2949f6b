# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One key vault in the sandbox, and tasks on a secret of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from azure.keyvault.secrets import SecretClient

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    AzureConnection,
)
from integration.python.sandboxes import emptied
from sandbox.azure.service import AzureService
from sandbox.client import SandboxClient
from sandbox.sandbox import Sandbox
from unit.faces import run_action
from unit.keys import make_key, random_text


class Vault:
    """Runs tasks of stripe_secret_azure. service: the sandbox's own, with its settings."""

    def __init__(self, services: SandboxClient, service: AzureService) -> None:
        self.services = services
        self.service = service
        self.name = f"shop{random_text(10)}"
        self.key = make_key()

    def run(self, *, identity: str = "full", check: bool = False, **options: Any) -> dict[str, Any]:
        """The result of a task; api_key is this vault's key unless given, None for none."""
        given = {
            "name": self.name,
            "api_key": self.key,
            **self.services.reach("azure", identity),
            **options,
        }
        args = {name: value for name, value in given.items() if value is not None}
        return run_action(OPERATION, args, check_mode=check, diff=True)

    def done(self, **options: Any) -> dict[str, Any]:
        """The result of a task that has to succeed, which check mode has to have predicted."""
        predicted = self.run(**{"check": True, **options})
        result = self.run(**options)
        assert not result.get("failed"), result["msg"]
        if not options.get("check"):
            assert predicted["changes"] == result["changes"]
            assert predicted["diff"] == result["diff"]
        assert self.key not in repr(result)
        return result

    def refused(self, **options: Any) -> dict[str, Any]:
        result = self.run(**options)
        assert result.get("failed"), result
        assert self.key not in repr(result)
        return result

    def settled(self, **options: Any) -> None:
        """The same task changes nothing any more."""
        again = self.run(**options)
        assert not again.get("failed"), again
        assert again["changed"] is False, again

    @property
    def held(self) -> Any:
        """The secret as the service holds it."""
        return self.service.vaults["direct"].secret(self.name)

    @property
    def exists(self) -> bool:
        return any(s.name == self.name for s in self.service.vaults["direct"].secrets())

    @property
    def soft_deleted(self) -> bool:
        deleted = self.service.vaults["direct"].deleted_secrets()
        return any(d.secret.name == self.name for d in deleted)

    def calls(self) -> dict[str, int]:
        return self.services.requests("azure")

    def forget_calls(self) -> None:
        self.services.clear()

    def next_second(self) -> None:
        self.services.next_second()

    @contextmanager
    def one_second(self) -> Iterator[None]:
        """All that is written in here has the same time, however long it takes."""
        self.next_second()
        now = self.service.clock()
        with mock.patch.object(self.service, "clock", return_value=now):
            yield

    def somebody_else(self) -> SecretClient:
        """A client without our module."""
        identity: dict[str, Any] = self.services.identity("azure")
        connection = AzureConnection(
            vault_url=self.services.url("azure"),
            known_host=False,
            credential="service_principal",
            authority_host=self.services.url("azure"),
            ca_bundle=self.services.state.ca,
            **identity,
        )
        return connection.client()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """In this process: the tests look, and reach, into the service."""
    with Sandbox(tmp_path_factory.mktemp("azure"), ["azure"]) as running:
        yield running


@pytest.fixture
def services(sandbox: Sandbox) -> Iterator[SandboxClient]:
    yield from emptied(sandbox.state)


@pytest.fixture
def vault(services: SandboxClient, sandbox: Sandbox) -> Vault:
    return Vault(services, sandbox._services["azure"])
