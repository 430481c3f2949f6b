# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An estate that somebody made by hand: secrets, definitions and overrides."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    CONNECTION_SPEC as AWS_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    AwsConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    CONNECTION_SPEC as AZURE_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    AzureConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validated
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import Draft
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.connections_api import (
    ConnectionsApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.hosted_vault import (
    HostedRequest,
    HostedVault,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.overrides_api import (
    OverridesApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.model.override import (
    OverrideChange,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    find_project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    CONNECTION_SPEC as MAIA_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    MaiaConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    CONNECTION_SPEC as SNOWFLAKE_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    SnowflakeConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql import sql
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.identifiers import (
    Identifier,
    QualifiedName,
)
from sandbox.client import SandboxClient
from unit.fakes import FakeRuntime

Families = dict[str, dict[str, Any]]


def direct(services: SandboxClient) -> Families:
    """How the role's variables reach the services without a proxy."""
    found = {
        f"authorize_{name}": services.reach(name) for name in ("maia", "aws", "azure", "snowflake")
    }
    found["authorize_snowflake"]["database"] = "PLATFORM"
    return found


class Estate:
    """Makes things as other people do. families: how the role's variables reach each service."""

    def __init__(self, families: Families) -> None:
        self.families = families

    def _params(self, spec: Any, family: str) -> dict[str, Any]:
        given = {n: v for n, v in self.families[family].items() if n in spec.options}
        return validated("estate", spec, given)

    def aws(self, name: str, value: str, region: str = "eu-west-1") -> None:
        params = {**self._params(AWS_SPEC, "authorize_aws"), "region": region}
        AwsConnection.from_params(params).open().secrets_manager().create_secret(
            Name=name, SecretString=value
        )

    def replace_aws(self, name: str, value: str) -> None:
        params = self._params(AWS_SPEC, "authorize_aws")
        client = AwsConnection.from_params(params).open().secrets_manager()
        client.put_secret_value(SecretId=name, SecretString=value)

    def azure(self, name: str, value: str, **more: Any) -> None:
        with AzureConnection.from_params(self._params(AZURE_SPEC, "authorize_azure")).client() as c:
            c.set_secret(name, value, **more)

    def snowflake(self, name: str, value: str) -> None:
        full = QualifiedName(Identifier("PLATFORM"), Identifier("SECRETS"), Identifier(name))
        params = self._params(SNOWFLAKE_SPEC, "authorize_snowflake")
        with SnowflakeConnection.from_params(params).open() as session:
            session.run(sql.create_secret(full, value=value, comment="by hand"))

    def hosted(self, project: str, definition: str, value: str) -> None:
        """A definition of Full SaaS and the secret that Maia's user interface makes for it."""
        with self._maia() as client:
            found = find_project(client, project)
            name = f"{found.id}-production-{definition}-{uuid.uuid4()}"
            HostedVault(client, found, HostedRequest()).store(name, value, subject="It")
        self.definition(project, definition, name)

    def definition(self, project: str, name: str, secret: str, label: str | None = None) -> None:
        with self._maia() as client:
            api = ConnectionsApi(client, find_project(client, project))
            api.create(Draft(name, "by hand", secret_name=secret, secret_label=label))

    def override(self, project: str, name: str, environment: str, secret: str) -> None:
        with self._maia() as client:
            api = OverridesApi(client, find_project(client, project), name, [environment])
            api.load()
            fields = {"secret_name": secret, "secret_label": None, "secrets_location": None}
            api.apply(OverrideChange(environment, None, fields))

    @contextmanager
    def _maia(self) -> Iterator[MaiaClient]:
        params = self._params(MAIA_SPEC, "authorize_maia")
        with MaiaConnection.from_params(params).open(FakeRuntime()) as client:
            yield client


def labelled(**labels: str) -> str:
    """As the console of AWS stores pairs."""
    return json.dumps(labels)
