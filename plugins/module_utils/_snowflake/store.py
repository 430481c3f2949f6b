# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A schema-level SECRET object in Snowflake as a Store.

Snowflake never shows a secret's value, so the fingerprint lives in its comment.
https://docs.snowflake.com/en/sql-reference/sql/show-secrets
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import ConflictError
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
from . import sql
from .connection import SnowflakeSession
from .errors import snowflake_errors
from .grants import held_grants
from .identifiers import QualifiedName

# SHOW and DESCRIBE spell the type differently.
_OUR_TYPES = ("GENERIC_STRING", "GENERIC")


class SnowflakeStore:
    """One secret in one schema."""

    capabilities = Capabilities(
        value_readable=False,
        soft_delete=False,
        versions=False,
        stamp_without_write=True,
        fields={
            "comment": FieldKind.SCALAR,
            "grants": FieldKind.MEMBERS,
            VALUE_VERSION: FieldKind.SCALAR,
        },
    )

    def __init__(
        self, session: SnowflakeSession, name: QualifiedName, *, with_grants: bool
    ) -> None:
        """with_grants: whether grants matter, and are worth a statement to look at."""
        self._session = session
        self._name = name
        self._with_grants = with_grants
        self.subject = f"Snowflake secret {name.plain}"
        self.resource = f"snowflake:{name.plain}"

    def values(self) -> dict[str, object]:
        return {
            "name": self._name.name.text,
            "database": self._name.database.text,
            "schema": self._name.schema.text,
            "qualified_name": str(self._name),
        }

    def describe(self) -> Observed:
        rows = self._run(
            sql.show_secret(self._name), "looking for it", "USAGE on the database and schema"
        )
        row = next((row for row in rows if row["name"] == self._name.name.text), None)
        if row is None:
            return Observed(Existence.ABSENT)
        if row["secret_type"] not in _OUR_TYPES:
            raise ConflictError(
                self.subject,
                f"it is a secret of type {row['secret_type']}",
                "choose another name; only generic strings can hold a Stripe key",
            )
        marked = MarkedText.parse(row["comment"])
        fields: dict[str, object] = {
            "comment": marked.text,
            VALUE_VERSION: marked.value_version,
        }
        if self._with_grants:
            grants = self._run(
                sql.show_grants(self._name), "listing its grants", "a privilege on the secret"
            )
            fields["grants"] = held_grants(grants)
        return Observed(
            existence=Existence.LIVE,
            ours=marked.ours,
            salt=marked.fingerprint.salt if marked.fingerprint else None,
            fingerprint=marked.fingerprint,
            sole_label=True,
            fields=fields,
            created=row["created_on"],
        )

    def read_value(self) -> str | None:
        raise NotImplementedError("Snowflake never shows a secret's value")

    def check(self, fields: Mapping[str, object], observed: Observed) -> None:
        """All rules are checked before we come here."""

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        comment = str(_marked(fields, value.fingerprint))
        self._run(
            sql.create_secret(self._name, value=value.text, comment=comment),
            "creating it",
            "CREATE SECRET on the schema",
        )
        self._grant(fields, frozenset())
        return None

    def update(self, change: Change, observed: Observed) -> str | None:
        fingerprint = change.fingerprint or observed.fingerprint
        held = str(_marked(observed.fields, observed.fingerprint, ours=observed.ours))
        comment = str(_marked({**observed.fields, **change.fields}, fingerprint))
        value = change.value.text if change.value else None
        if value is not None or comment != held:
            self._run(
                sql.alter_secret(self._name, comment=comment, value=value),
                "changing it",
                "OWNERSHIP of the secret",
            )
        self._grant(change.fields, observed.fields.get("grants", frozenset()))
        return None

    def _grant(self, fields: Mapping[str, object], held: Any) -> None:
        wanted = fields.get("grants")
        if isinstance(wanted, frozenset):
            for statement in sql.grant(self._name, wanted - held):
                self._run(statement, "granting privileges on it", "OWNERSHIP of the secret")

    def restore(self) -> None:
        raise NotImplementedError("Snowflake does not keep dropped secrets")

    def delete(self) -> None:
        self._run(sql.drop_secret(self._name), "dropping it", "OWNERSHIP of the secret")

    def _run(self, statement: str, attempt: str, privilege: str) -> list[Mapping[str, Any]]:
        with snowflake_errors(self.subject, attempt, privilege):
            return self._session.run(statement)


def _marked(
    fields: Mapping[str, object], fingerprint: Fingerprint | None, *, ours: bool = True
) -> MarkedText:
    """The comment as Snowflake has it."""
    number = fields.get(VALUE_VERSION)
    return MarkedText(
        str(fields.get("comment", "")),
        ours,
        fingerprint,
        number if isinstance(number, int) else None,
    )
