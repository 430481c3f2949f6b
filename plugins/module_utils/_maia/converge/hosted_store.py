# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition in a Full SaaS project and the secret that it names, as a Store.

The value is in Matillion's vault and can never be read back. The secret's name holds its
fingerprint, so that the definition alone tells which value it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ..._core.errors import ConflictError
from ..._secret.marker import MarkedText
from ..._secret.model import (
    VALUE_VERSION,
    Capabilities,
    Change,
    Existence,
    FieldKind,
    NewValue,
    Observed,
)
from ..._secret.store import Store
from ..apis.api import DefinitionApi, Draft, check_case, subject_of
from ..apis.hosted_vault import HostedVault, edited, fingerprint_in, is_edited, name_for, not_hosted
from ..model.definition import Definition, check_description
from ..projects.projects import Project


class HostedDefinitionStore(Store):
    """One definition of a Full SaaS project."""

    capabilities = Capabilities(
        value_readable=False,
        soft_delete=False,
        versions=False,
        stamp_without_write=False,
        look_after_write=False,
        fields={"description": FieldKind.SCALAR, VALUE_VERSION: FieldKind.SCALAR},
    )

    def __init__(
        self,
        api: DefinitionApi,
        vault: HostedVault,
        project: Project,
        name: str,
        *,
        on_edited: str = "fail",
    ) -> None:
        """on_edited: fail or overwrite, if the value was changed in Maia."""
        self._api = api
        self._vault = vault
        self._on_edited = on_edited
        self._project = project
        self._name = name
        self._found: Definition | None = None
        self._secret_name: str | None = None
        self._since: datetime | None = None
        self.subject = subject_of(name, project.name or project.id)
        self.resource = self.lock_name = f"maia:{project.id}:{name}"

    def values(self) -> dict[str, object]:
        return {
            "name": self._name,
            "project_id": self._project.id,
            "id": self._found.id if self._found else None,
            "secret_name": self._secret_name,
        }

    def describe(self) -> Observed:
        """Raises ConflictError for a definition of another kind, or one that was edited in Maia."""
        self._found = self._api.find(self._name)
        if self._found is None:
            self._secret_name = self._since = None
            return Observed(Existence.ABSENT)
        self._secret_name = self._found.secret_name
        fingerprint = fingerprint_in(self._secret_name, self._name)
        known = fingerprint is not None and fingerprint.may_be_of(self.resource)
        if refusal := self._refusal(self._found, known=known):
            raise refusal
        description = self._found.description
        self._since = description.since
        return Observed(
            existence=Existence.LIVE,
            ours=description.ours,
            salt=fingerprint.salt if fingerprint else None,
            fingerprint=fingerprint,
            sole_label=True,
            fields={"description": description.text, VALUE_VERSION: description.value_version},
        )

    def _refusal(self, found: Definition, *, known: bool) -> ConflictError | None:
        """Why to leave a definition alone that is ours; of others' on_foreign decides.

        known: it names a secret that was made for it.
        """
        if found.generic and (known or not found.description.ours or found.secret_name is None):
            return None
        if found.generic and is_edited(found.secret_name, self._project.id, self._name):
            return edited(self.subject) if self._on_edited == "fail" else None
        return not_hosted(
            self.subject, "choose another name, or give secret_name instead of api_key"
        )

    def value_since(self) -> datetime | None:
        """As the description says, which is written when the definition gets another secret."""
        return self._since

    def check(
        self,
        fields: Mapping[str, object],
        observed: Observed,
        value: NewValue | None = None,
    ) -> None:
        """The description has to leave room for our marker, and the name has to be new.

        Which project has such a vault is asked only where a value is to be stored.
        """
        text = _marked({**observed.fields, **fields}, self._since)
        check_description(self._name, text.written_now() if value else text)
        self._api.check_change(self._name, self._found)
        if self._found is None:
            check_case(self._api, self._name, self.subject)
        if value is not None:
            self._vault.check(subject=self.subject)

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        self._store_value(value)
        self._api.create(self._draft(fields, _now()))
        return None

    def update(self, change: Change, observed: Observed) -> str | None:
        if change.value is not None:
            self._store_value(change.value)
        if self._found is not None:  # which describe() saw to
            since = _now() if change.value else self._since
            draft = self._draft({**observed.fields, **change.fields}, since)
            self._api.replace(self._found, draft)
        return None

    def _store_value(self, value: NewValue) -> None:
        """A secret of its own; the definition goes on to name the old one until it is changed."""
        name = name_for(self._name, value.fingerprint)
        self._vault.store(name, value.text, subject=self.subject)
        self._secret_name = name

    def _draft(self, fields: Mapping[str, object], since: datetime | None) -> Draft:
        return Draft(self._name, str(_marked(fields, since)), secret_name=self._secret_name)

    def delete(self) -> None:
        self._api.delete(self._name)


def _now() -> datetime:
    return datetime.now(UTC)


def _marked(fields: Mapping[str, object], since: datetime | None) -> MarkedText:
    """The description as Maia gets it."""
    number = fields.get(VALUE_VERSION)
    return MarkedText(
        str(fields.get("description", "")),
        value_version=number if isinstance(number, int) else None,
        since=since,
    )
