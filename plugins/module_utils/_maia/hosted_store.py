# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition that carries its value to Matillion's own vault (Full SaaS), as a Store.

The value can never be read back, so the fingerprint lives in the description.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._core.errors import ConflictError
from .._secret.fingerprint import Fingerprint
from .._secret.marker import MarkedText
from .._secret.model import (
    VALUE_VERSION,
    Capabilities,
    Change,
    Existence,
    FieldKind,
    NewValue,
    Observed,
)
from .._secret.value import StoredValue
from .api import DefinitionApi, Draft, check_case, subject_of
from .definition import LONGEST_FINGERPRINT, Definition, check_description
from .projects import Project


class HostedDefinitionStore:
    """One definition of a Full SaaS project."""

    capabilities = Capabilities(
        value_readable=False,
        soft_delete=False,
        versions=False,
        stamp_without_write=False,
        replaces_whole=True,
        look_after_write=False,
        fields={"description": FieldKind.SCALAR, VALUE_VERSION: FieldKind.SCALAR},
    )

    def __init__(self, api: DefinitionApi, project: Project, name: str) -> None:
        self._api = api
        self._project = project
        self._name = name
        self._found: Definition | None = None
        self.subject = subject_of(name, project.name or project.id)
        self.resource = self.lock_name = f"maia:{project.id}:{name}"

    def values(self) -> dict[str, object]:
        return {
            "name": self._name,
            "project_id": self._project.id,
            "id": self._found.id if self._found else None,
        }

    def describe(self) -> Observed:
        self._found = self._api.find(self._name)
        if self._found is None:
            return Observed(Existence.ABSENT)
        if not self._found.generic or self._found.secret_name is not None:
            raise ConflictError(
                self.subject,
                "it exists and is not one that holds its own value",
                "choose another name, or give secret_name instead of api_key",
            )
        description = self._found.description
        return Observed(
            existence=Existence.LIVE,
            ours=description.ours,
            salt=description.fingerprint.salt if description.fingerprint else None,
            fingerprint=description.fingerprint,
            sole_label=True,
            fields={"description": description.text, VALUE_VERSION: description.value_version},
        )

    def read_value(self, version: str | None = None) -> StoredValue:
        raise NotImplementedError("Maia never shows a value")

    def check(self, fields: Mapping[str, object], observed: Observed) -> None:
        """The description has to leave room for our fingerprint, and the name has to be new."""
        check_description(self._name, _marked({**observed.fields, **fields}, LONGEST_FINGERPRINT))
        if refusal := self._api.refusal(self._name, self._found, None):
            raise refusal
        if self._found is None:
            check_case(self._api, self._name, self.subject)

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        self._api.create(self._draft(value, fields))
        return None

    def update(self, change: Change, observed: Observed) -> str | None:
        # Capabilities.replaces_whole promises a value, and describe() found the definition.
        if self._found is not None and change.value is not None:
            self._api.replace(
                self._found, self._draft(change.value, {**observed.fields, **change.fields})
            )
        return None

    def _draft(self, value: NewValue, fields: Mapping[str, object]) -> Draft:
        return Draft(self._name, str(_marked(fields, value.fingerprint)), value=value.text)

    def restore(self) -> None:
        raise NotImplementedError("Maia does not keep deleted definitions")

    def delete(self) -> None:
        self._api.delete(self._name)


def _marked(fields: Mapping[str, object], fingerprint: Fingerprint) -> MarkedText:
    """The description as Maia gets it."""
    number = fields.get(VALUE_VERSION)
    return MarkedText(
        str(fields.get("description", "")),
        True,
        fingerprint,
        number if isinstance(number, int) else None,
    )
