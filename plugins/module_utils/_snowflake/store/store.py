# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A schema-level SECRET object in Snowflake as a Store.

Snowflake never shows a secret's value, so the fingerprint lives in its comment.
https://docs.snowflake.com/en/sql-reference/sql/show-secrets
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from ..._core.deadline import current
from ..._core.errors import ConflictError, NotFoundError
from ..._secret.fingerprint import Fingerprint
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
from ..errors.errors import snowflake_errors
from ..reach.connection import SnowflakeSession
from ..sql import sql
from ..sql.grants import DATABASE, SCHEMA, SECRET, Grant, GrantPolicy, can_be_revoked, held_grants
from ..sql.identifiers import Identifier, QualifiedName
from .ownership import Ownership

# SHOW and DESCRIBE spell the type differently.
_OUR_TYPES = ("GENERIC_STRING", "GENERIC")

# What is being done when privileges are granted, and the right that it takes.
_GRANTING = {
    SECRET: ("granting privileges on it", "OWNERSHIP of the secret"),
    DATABASE: ("granting USAGE on its database", "OWNERSHIP of the database"),
    SCHEMA: ("granting USAGE on its schema", "OWNERSHIP of the schema"),
}


class SnowflakeStore(Store):
    """One secret in one schema."""

    place_names = ("database", "schema", "qualified_name")
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
        self,
        session: SnowflakeSession,
        name: QualifiedName,
        *,
        grants: GrantPolicy | None = None,
        create_schema: bool = False,
        account: str = "",
    ) -> None:
        """account: tells apart secrets of the same name.

        grants: None if they do not matter, and are not worth a statement to look at.

        create_schema: whether a missing schema is to be made with the secret.
        """
        self._session = session
        self._name = name
        self._policy = grants
        self._create_schema = create_schema
        self._schema_is_missing = False
        self._extra: frozenset[Grant] = frozenset()
        self._similar: tuple[str, ...] = ()
        self._since: datetime | None = None
        self.subject = f"Snowflake secret {name.plain}"
        self._ownership = Ownership(self.subject, self._run)
        self.resource = f"snowflake:{name.plain}"
        self.lock_name = f"{self.resource} {account}"
        if grants is not None and grants.purge:
            # What is not asked for goes: the members that are wanted are all of them.
            fields = {**self.capabilities.fields, "grants": FieldKind.SCALAR}
            self.capabilities = replace(self.capabilities, fields=fields)

    def values(self) -> dict[str, object]:
        values: dict[str, object] = {
            "name": self._name.name.text,
            "label": None,
            "database": self._name.database.text,
            "schema": self._name.schema.text,
            "qualified_name": str(self._name),
            "schema_created": self._schema_is_missing,
        }
        if self._policy is not None:
            values["extra_grants"] = list(self.extra_grants())
        return values

    def extra_grants(self) -> tuple[str, ...]:
        """Those on the secret that are there and not wanted, in words."""
        return tuple(sorted(map(str, self._extra)))

    def look(self) -> Observed:
        row = self._look()
        if row is None:
            return Observed(Existence.ABSENT)
        self._ownership.note_secret(row)
        marked = MarkedText.parse(row["comment"])
        note, self._since = marked.fingerprint, marked.since
        fields: dict[str, object] = {
            "comment": marked.text,
            VALUE_VERSION: marked.value_version,
        }
        if self._policy is not None:
            fields["grants"] = self._held(self._policy)
        return Observed(
            existence=Existence.LIVE,
            # No value can be read to tell who wrote it: a secret of others whose comment was
            # copied, or a clone of ours, is taken over only with consent.
            ours=marked.ours and (note is None or note.may_be_of(self.resource)),
            salt=note.salt if note else None,
            fingerprint=note,
            sole_label=True,
            fields=fields,
            created=row["created_on"],
            refusal=self._of_another_type(row),
        )

    def _of_another_type(self, row: Mapping[str, Any]) -> ConflictError | None:
        if row["secret_type"] in _OUR_TYPES:
            return None
        return ConflictError(
            self.subject,
            f"it is a secret of type {row['secret_type']}",
            "choose another name; only generic strings can hold a Stripe key",
        )

    def _look(self) -> Mapping[str, Any] | None:
        """The secret's row in SHOW SECRETS; LIKE finds others as well."""
        try:
            rows = self._run(
                sql.show_secret(self._name), "looking for it", "USAGE on the database and schema"
            )
        except NotFoundError:
            if not self._create_schema or self._schema_is_visible():
                raise
            self._schema_is_missing = True
            return None
        wanted = self._name.name.text
        names = (str(row["name"]) for row in rows if row["name"] != wanted)
        self._similar = tuple(str(Identifier(n)) for n in names if n.upper() == wanted.upper())
        return next((row for row in rows if row["name"] == wanted), None)

    def similar_names(self) -> tuple[str, ...]:
        """As they have to be given."""
        return self._similar

    def _schema_is_visible(self) -> bool:
        rows = self._run(
            sql.show_schema(self._name), "looking for its schema", "USAGE on the database"
        )
        return any(row["name"] == self._name.schema.text for row in rows)

    def _held(self, policy: GrantPolicy) -> frozenset[Grant]:
        """The grants on the secret, and those wanted ones on what it lies in."""
        rows = self._run(
            sql.show_grants(self._name), "listing its grants", "a privilege on the secret"
        )
        self._ownership.note_grants(SECRET, rows)
        on_secret = held_grants(rows)
        self._extra = on_secret - policy.wanted
        held = {grant for grant in on_secret if grant in policy.wanted or can_be_revoked(grant)}
        if policy.purge:
            self._extra -= held
        for place in policy.places():
            rows = self._run(
                sql.show_grants(self._name, place),
                f"listing the grants on its {place.lower()}",
                f"a privilege on the {place.lower()}",
            )
            self._ownership.note_grants(place, rows)
            held |= held_grants(rows, place) & policy.wanted
        return frozenset(held)

    def value_since(self) -> datetime | None:
        """As the comment says, which is written together with the value."""
        return self._since

    def check(
        self,
        fields: Mapping[str, object],
        observed: Observed,
        value: NewValue | None = None,  # noqa: ARG002 - of no known limit
    ) -> None:
        """Refuse what only the owner may do, before any of it is done."""
        if observed.existence is not Existence.LIVE:
            return
        if fields.keys() != {"grants"}:
            self._ownership.check_secret()
        wanted, held = fields.get("grants"), observed.fields.get("grants")
        if isinstance(wanted, frozenset) and isinstance(held, frozenset):
            self._ownership.check_grants(sorted({grant.on for grant in wanted ^ held}))

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        if self._schema_is_missing:
            self._run(
                sql.create_schema(self._name),
                "creating its schema",
                "CREATE SCHEMA on the database",
            )
        comment = str(_marked(fields, value.fingerprint).written_now())
        try:
            self._run(
                sql.create_secret(self._name, value=value.text, comment=comment),
                "creating it",
                "CREATE SECRET on the schema",
            )
        except ConflictError:
            # It may be ours, of a statement that was repeated after a lost answer: nobody else's
            # fingerprint has this salt.
            row = self._look()
            if row is None or row["comment"] != comment:
                raise
            current().confirmed()
        # A new secret can have grants already, those on future secrets of the schema.
        self._grant(fields, self._held(self._policy) if self._policy else frozenset())
        return None

    def update(self, change: Change, observed: Observed) -> str | None:
        fingerprint = change.fingerprint or observed.fingerprint
        held = _marked(observed.fields, observed.fingerprint, self._since, ours=observed.ours)
        wanted = _marked({**observed.fields, **change.fields}, fingerprint, self._since)
        comment = str(wanted.written_now() if change.value else wanted)
        if change.value is not None or comment != str(held):
            # A fingerprint belongs to its value, which may have been changed in the meantime.
            value = change.value or change.held_value
            self._run(
                sql.alter_secret(self._name, comment=comment, value=value.text if value else None),
                "changing it",
                "OWNERSHIP of the secret",
            )
        self._grant(change.fields, observed.fields.get("grants", frozenset()))
        return None

    def _grant(self, fields: Mapping[str, object], held: Any) -> None:
        """Grant what is wanted and not held; on request revoke what is held and not wanted."""
        wanted = fields.get("grants")
        if not isinstance(wanted, frozenset):
            return
        for place, (attempt, privilege) in _GRANTING.items():
            missing = sorted(grant for grant in wanted - held if grant.on == place)
            for to, its in groupby(missing, lambda grant: grant.grantee(self._name.database)):
                for statement in sql.grant(self._name, its):
                    # Snowflake does not say whether it is the grantee that does not exist.
                    self._run(statement, f"{attempt} to {to}", privilege)
        purges = self._policy is not None and self._policy.purge
        for statement in sql.revoke(self._name, held - wanted if purges else ()):
            self._run(statement, "revoking privileges on it", "OWNERSHIP of the secret")

    def delete(self) -> None:
        try:
            self._run(sql.drop_secret(self._name), "dropping it", "OWNERSHIP of the secret")
        except NotFoundError:
            # Already dropped: by another session, or by our repeated statement.
            if self._look() is not None:
                raise

    def _run(self, statement: str, attempt: str, privilege: str) -> list[Mapping[str, Any]]:
        with snowflake_errors(self.subject, attempt, privilege):
            return self._session.run(statement)


def _marked(
    fields: Mapping[str, object],
    fingerprint: Fingerprint | None,
    since: datetime | None = None,
    *,
    ours: bool = True,
) -> MarkedText:
    """The comment as Snowflake has it."""
    number = fields.get(VALUE_VERSION)
    return MarkedText(
        str(fields.get("comment", "")),
        ours,
        fingerprint,
        number if isinstance(number, int) else None,
        since,
    )
