# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret definitions over the older secret-references API, which can only create and list.

https://docs.maia.ai/api-reference/secret-references/create-a-secret-reference
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.errors import ConflictError
from ..._secret.marker import MarkedText
from ..model.definition import Definition
from ..projects.projects import Project
from ..reach.client import MaiaClient
from ..reach.shapes import SECRET_REFERENCE
from ..unverified import REFERENCE_AGENT_TYPES
from .api import DefinitionApi, Draft


class SecretReferencesApi(DefinitionApi):
    """Can only create."""

    def __init__(
        self, client: MaiaClient, project: Project, agent_type: str, agent_id: str | None
    ) -> None:
        """agent_type: aws, azure or hosted. agent_id: sent when given."""
        super().__init__(client, project, "secret-references", SECRET_REFERENCE, reference_from)
        self._agent_type = REFERENCE_AGENT_TYPES[agent_type]
        self._agent_id = agent_id

    def check_change(self, name: str, observed: Definition | None) -> None:
        if observed is not None:
            raise ConflictError(
                self._subject(name),
                "the secret-references API cannot change or delete a definition",
                "set api to connections",
            )

    def create(self, draft: Draft) -> None:
        body = {
            "agentType": self._agent_type,
            "agentId": self._agent_id,
            "secretReferenceType": "PASSWORD",
            "secretName": draft.secret_name,
            "secretKey": draft.secret_label,
            "description": draft.description,
        }
        given = {name: value for name, value in body.items() if value is not None}
        self._write("POST", f"{self._path}/{draft.name}", draft.name, "creating it", body=given)


def reference_from(item: Mapping[str, Any]) -> Definition:
    """A secret reference in an answer as a Definition."""
    return Definition(
        name=item["name"],
        description=MarkedText.parse(item.get("description")),
        secret_name=item.get("secretName"),
        secret_label=item.get("secretKey"),
    )
