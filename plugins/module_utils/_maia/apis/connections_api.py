# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret definitions over the Connections API.

https://docs.maia.ai/api-reference/connections/create-a-new-project-connection
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..._core.errors import NotFoundError
from ..._secret.marker import MarkedText
from ..model.definition import Definition
from ..model.override import Fields
from ..projects.projects import Project
from ..reach.client import MaiaClient
from ..reach.shapes import CONNECTION
from .api import DefinitionApi, Draft

# What makes a connection a plain secret definition.
KIND = {
    "platformConnectionType": "COMPONENT_BASIC",
    "authProvider": "NONE",
    "authType": "GENERIC_SECRET",
}


class ConnectionsApi(DefinitionApi):
    """Can do everything."""

    def __init__(self, client: MaiaClient, project: Project) -> None:
        super().__init__(
            *(client, project, "connections", CONNECTION, definition_from),
            names_parameter="connectionNames",
        )

    def create(self, draft: Draft) -> None:
        body = {"name": draft.name, **KIND, "connectionDetails": details_of(draft, {})}
        self._write("POST", self._path, draft.name, "creating it", body=body)

    def replace(self, observed: Definition, draft: Draft) -> None:
        body = {
            "authType": KIND["authType"],
            "platformConnectionType": KIND["platformConnectionType"],
            "connectionDetails": details_of(draft, observed.details),
        }
        params = {"connectionName": draft.name}
        self._write("PUT", self._path, draft.name, "changing it", params=params, body=body)

    def delete(self, name: str) -> None:
        # Already deleted by another client, or by our own request, repeated after a lost response.
        with suppress(NotFoundError):
            params = {"connectionName": name}
            self._write("DELETE", self._path, name, "deleting it", params=params)


def definition_from(item: Mapping[str, Any]) -> Definition:
    """A connection in an answer as a Definition."""
    details = item.get("connectionDetails") or {}
    return Definition(
        name=item["name"],
        description=MarkedText.parse(details.get("description")),
        **fields_from(details),
        generic=all(item.get(name) == value for name, value in KIND.items()),
        id=item.get("id"),
        details=details,
    )


def details_of(draft: Draft, held: Mapping[str, Any]) -> dict[str, Any]:
    """connectionDetails for a request: the draft over what the server holds."""
    return with_fields({**held, "description": draft.description}, vars(draft))


def fields_from(details: Mapping[str, Any]) -> Fields:
    """What a definition's details, or an override's, point at."""
    properties = details.get("connectionProperties") or {}
    return {
        "secret_name": properties.get("secretName"),
        "secret_label": properties.get("secretKey"),
        "secrets_location": details.get("secretsLocation"),
    }


def with_fields(held: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The reverse, over what the server holds.

    A replacement unsets whatever it leaves out, so properties that we do not know are sent
    back as they came.
    """
    properties = {
        **(held.get("connectionProperties") or {}),
        "secretName": fields["secret_name"],
        "secretKey": fields["secret_label"],
    }
    details = {
        **held,
        "connectionProperties": _without_none(properties),
        "secretsLocation": fields["secrets_location"],
    }
    return _without_none(details)


def _without_none(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}
