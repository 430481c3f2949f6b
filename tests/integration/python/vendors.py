# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every store that there is, ready for the contract suite: how to open it, and how to cheat."""

from __future__ import annotations

import secrets
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    CONNECTION_SPEC as AWS_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    AwsConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.store.settings import Settings
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.store.store import AwsStore
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    CONNECTION_SPEC as AZURE_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    AzureConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.store.store import AzureStore
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import (
    Fetch,
    LocalState,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import Draft
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.connections_api import (
    ConnectionsApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.hosted_vault import (
    HostedRequest,
    HostedVault,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.converge.hosted_store import (
    HostedDefinitionStore,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    find_project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    CONNECTION_SPEC as MAIA_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    MaiaConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.store import Store
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    CONNECTION_SPEC as SNOWFLAKE_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    SnowflakeConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql import sql
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.grants import (
    Grant,
    GrantPolicy,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.identifiers import (
    Identifier,
    QualifiedName,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.store.store import (
    SnowflakeStore,
)
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.fakes import LIKE_AZURE, FakeRuntime, FakeStore, Held


class Vendor(ABC):
    """One kind of vault. lacks_...: the right that a refusal names."""

    name: str
    text_field: str  # a metadata field that is one text
    more_fields: Mapping[str, object]  # another one, which holds several things
    lacks_create: str
    lacks_describe: str
    lacks_read: str = ""  # empty: nobody can read
    identities: tuple[str, ...] = ("full", "metadata", "none")
    fingerprint_key = ""  # of the task that opens the store

    @abstractmethod
    def open(self, identity: str = "full") -> Any:
        """A context manager that gives a Store; "wrong" has a wrong password."""

    @abstractmethod
    def make_foreign(self, value: str) -> None:
        """Somebody else makes the secret."""

    def write_over(self, value: str) -> None:
        """Somebody else writes the value of the secret that is there."""
        raise NotImplementedError

    @abstractmethod
    def fail(self, times: int, /) -> None:
        """The next requests are answered with 503."""

    def next_moment(self) -> None:  # noqa: B027 - most need not wait
        """What is written now is surely later than what was written before."""

    @abstractmethod
    def reads_of_values(self) -> int:
        """How often a value was read."""


class FakeVendor(Vendor):
    name = "fake"
    text_field = "description"
    more_fields: Mapping[str, object] = {"tags": {"team": "data"}}
    lacks_create, lacks_describe, lacks_read = "create", "describe", "read_value"
    identities = ("full", "metadata", "none", "writer")
    _RIGHTS: Mapping[str, frozenset[str]] = {
        "full": frozenset({"describe", "read_value", "create", "update", "restore", "delete"}),
        "metadata": frozenset({"describe"}),
        "writer": frozenset({"describe", "create", "update", "restore", "delete"}),
        "none": frozenset(),
    }

    def __init__(self) -> None:
        self._store = FakeStore(LIKE_AZURE)

    @contextmanager
    def open(self, identity: str = "full") -> Iterator[Store]:
        if identity == "wrong":
            raise AuthenticationError(FakeStore.subject, "who are you", "say so")
        self._store.rights = self._RIGHTS[identity]
        yield self._store

    def make_foreign(self, value: str) -> None:
        self._store.held = Held(value, fields={"description": "", "tags": {}})

    def write_over(self, value: str) -> None:
        held = self._store.held
        assert held is not None
        self._store.held = replace(held, text=value, fingerprint=None, version=held.version + 1)

    def fail(self, _times: int) -> None:
        self._store.fail_once_at = "describe"

    def reads_of_values(self) -> int:
        return self._store.calls["read_value"]


class SandboxVendor(Vendor):
    """A real store over its real SDK; each test has a secret of its own."""

    service: str
    read_operation = ""
    spec: Any

    def __init__(self, services: SandboxClient) -> None:
        self.services = services
        self.secret = f"shop-{secrets.token_hex(4)}x"

    def params(self, identity: str, **options: object) -> dict[str, Any]:
        given = self.services.reach(self.service, "full" if identity == "wrong" else identity)
        if identity == "wrong":
            hidden = next(n for n in ("secret_key", "client_secret", "password") if n in given)
            given[hidden] = secrets.token_urlsafe(24)
        validated = validator(self.spec).validate({**given, **options})
        assert not validated.error_messages
        return dict(validated.validated_parameters)

    def fail(self, times: int) -> None:
        self.services.order(Fault(self.service, status=503, times=times))

    def reads_of_values(self) -> int:
        return self.services.requests(self.service).get(self.read_operation, 0)


class AwsVendor(SandboxVendor):
    name = service = "aws"
    spec = AWS_SPEC
    text_field = "description"
    more_fields: Mapping[str, object] = {"tags": {"team": "data"}}
    lacks_create = "secretsmanager:CreateSecret"
    lacks_describe = "secretsmanager:DescribeSecret"
    lacks_read = "secretsmanager:GetSecretValue"
    read_operation = "GetSecretValue"
    identities = ("full", "metadata", "none", "writer")

    def client(self, identity: str) -> Any:
        return AwsConnection.from_params(self.params(identity)).open().secrets_manager()

    @contextmanager
    def open(self, identity: str = "full") -> Iterator[Store]:
        yield AwsStore(
            self.client(identity),
            self.secret,
            label=None,
            settings=Settings(),
            fingerprint_key=self.fingerprint_key,
        )

    def make_foreign(self, value: str) -> None:
        self.client("full").create_secret(Name=self.secret, SecretString=value)

    def write_over(self, value: str) -> None:
        self.client("full").put_secret_value(SecretId=self.secret, SecretString=value)


class AzureVendor(SandboxVendor):
    name = service = "azure"
    spec = AZURE_SPEC
    text_field = "content_type"
    more_fields: Mapping[str, object] = {"tags": {"team": "data"}}
    lacks_create, lacks_describe, lacks_read = "set", "list", "get"
    read_operation = "GetSecret"
    identities = ("full", "metadata", "none", "writer")

    def next_moment(self) -> None:
        self.services.next_second()

    def client(self, identity: str) -> Any:
        return AzureConnection.from_params(self.params(identity)).client()

    @contextmanager
    def open(self, identity: str = "full") -> Iterator[Store]:
        with self.client(identity) as client:
            yield AzureStore(client, self.secret)

    def make_foreign(self, value: str) -> None:
        with self.client("full") as client:
            client.set_secret(self.secret, value)

    def write_over(self, value: str) -> None:
        self.next_moment()
        self.make_foreign(value)


class SnowflakeVendor(SandboxVendor):
    name = service = "snowflake"
    spec = SNOWFLAKE_SPEC
    text_field = "comment"
    more_fields: Mapping[str, object] = {
        "grants": frozenset({Grant("APPLICATION", "MATILLION_DATA_PRODUCTIVITY_CLOUD", "READ")})
    }
    lacks_create = "CREATE SECRET on the schema"
    lacks_describe = "USAGE on the database and schema"

    def _session(self, identity: str) -> Any:
        # Giving up is quick in time as well, since the connector's clock cannot be replaced.
        params = self.params(identity, max_attempts=3, max_seconds=30)
        return SnowflakeConnection.from_params(params).open()

    def _name(self) -> QualifiedName:
        return QualifiedName(Identifier("PLATFORM"), Identifier("SECRETS"), Identifier(self.secret))

    @contextmanager
    def open(self, identity: str = "full") -> Iterator[Store]:
        with self._session(identity) as session:
            yield SnowflakeStore(session, self._name(), grants=GrantPolicy(frozenset()))

    def make_foreign(self, value: str) -> None:
        with self._session("full") as session:
            session.run(sql.create_secret(self._name(), value=value, comment="by hand"))


class Forgetful(LocalState):
    """Remembers tokens only, so that each reading asks Maia as the first one of a run does."""

    def recall(self, name: str, fetch: Fetch) -> Any:
        return super().recall(name, fetch) if name.endswith(" token") else fetch()[0]


class HostedVendor(SandboxVendor):
    name = "hosted"
    service = "maia"
    spec = MAIA_SPEC
    text_field = "description"
    more_fields: Mapping[str, object] = {}
    lacks_create = lacks_describe = "lack the right"

    def _connection(self, identity: str) -> MaiaConnection:
        return MaiaConnection.from_params(self.params(identity))

    @contextmanager
    def open(self, identity: str = "full") -> Iterator[Store]:
        with self._connection("full").open(FakeRuntime()) as client:
            project = find_project(client, "Marketing Reports")
        with self._connection(identity).open(FakeRuntime(shared=Forgetful())) as client:
            vault = HostedVault(client, project, HostedRequest())
            api = ConnectionsApi(client, project)
            yield HostedDefinitionStore(api, vault, project, self.secret)

    def make_foreign(self, value: str) -> None:
        with self._connection("full").open(FakeRuntime()) as client:
            project = find_project(client, "Marketing Reports")
            # As Maia's user interface names it.
            name = f"{project.id}-production-{self.secret}-{uuid.uuid4()}"
            HostedVault(client, project, HostedRequest()).store(name, value, subject="It")
            ConnectionsApi(client, project).create(Draft(self.secret, "by hand", secret_name=name))


def reach(vault: str, services: SandboxClient, identity: str = "full") -> dict[str, Any]:
    """The connection options of a vault's module."""
    endpoints = [name for name in AWS_SPEC.options if name.endswith("endpoint_url")]
    more = dict.fromkeys(endpoints if vault == "aws" else (), services.url(vault))
    return {**services.reach(vault, identity), **more}


VENDORS = ("fake", "aws", "azure", "snowflake", "hosted")


def vendor_of(name: str, services: SandboxClient) -> Vendor:
    if name == "fake":
        return FakeVendor()
    kinds = (AwsVendor, AzureVendor, SnowflakeVendor, HostedVendor)
    return next(kind for kind in kinds if kind.name == name)(services)
