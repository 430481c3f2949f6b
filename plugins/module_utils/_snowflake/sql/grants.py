# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Privileges on a secret and on what it lies in, and who holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.errors import ConfigurationError
from .identifiers import Identifier, QualifiedName, unquoted

GRANTEE_TYPES = ("application", "role", "database_role")
# https://docs.snowflake.com/en/user-guide/security-access-control-privileges#secret-privileges
PRIVILEGES = ("USAGE", "READ")

SECRET, SCHEMA, DATABASE = "SECRET", "SCHEMA", "DATABASE"

_DATABASE_ROLE = re.compile(
    r'(?:(?P<database>[^".]+|"(?:[^"]|"")+")\.)?(?P<role>[^".]+|"(?:[^"]|"")+")'
)


@dataclass(frozen=True, order=True)
class Grant:
    """One privilege for one grantee.

    grantee_type: APPLICATION, ROLE or DATABASE_ROLE (one of the secret's database).
    on: SECRET, or SCHEMA or DATABASE for those that the secret lies in.
    """

    grantee_type: str
    grantee_name: str
    privilege: str
    on: str = SECRET

    def grantee(self, database: Identifier) -> str:
        """As SQL names it."""
        name = str(Identifier(self.grantee_name))
        if self.grantee_type == "DATABASE_ROLE":
            name = f"{database}.{name}"
        return f"{self.grantee_type.replace('_', ' ')} {name}"

    def __str__(self) -> str:
        place = "" if self.on == SECRET else f" on the {self.on.lower()}"
        kind = self.grantee_type.replace("_", " ").lower()
        return f"{self.privilege}{place} to {kind} {self.grantee_name}"


@dataclass(frozen=True)
class GrantPolicy:
    """What the user wants of grants. purge: whether other grants on the secret are removed."""

    wanted: frozenset[Grant]
    purge: bool = False

    def places(self) -> list[str]:
        """What the secret lies in, as far as grants on it matter."""
        return sorted({grant.on for grant in self.wanted} - {SECRET})


def grant_policy(
    grant_to: list[dict[str, Any]] | None,
    name: QualifiedName,
    *,
    usage_on_schema: bool = False,
    purge: bool = False,
) -> GrantPolicy | None:
    """What the options ask for; None if nothing. Raises ConfigurationError.

    usage_on_schema: ask for USAGE on database and schema as well, without which privileges on the
    secret are of no use.
    """
    if grant_to is None:
        return None
    wanted: set[Grant] = set()
    for item in grant_to:
        kind, grantee = item["type"].upper(), _grantee_name(item, name.database)
        wanted.update(Grant(kind, grantee, privilege) for privilege in item["privileges"])
        if usage_on_schema:
            places = _places_without_usage(kind, grantee, name)
            wanted.update(Grant(kind, grantee, "USAGE", place) for place in places)
    return GrantPolicy(frozenset(wanted), purge)


def _places_without_usage(kind: str, grantee: str, name: QualifiedName) -> tuple[str, ...]:
    """An application has USAGE on all that is its own, a database role on its database.

    https://docs.snowflake.com/en/sql-reference/sql/create-database-role
    """
    if kind == "APPLICATION" and grantee == name.database.text:
        return ()
    return (SCHEMA,) if kind == "DATABASE_ROLE" else (DATABASE, SCHEMA)


def _grantee_name(item: Mapping[str, Any], database: Identifier) -> str:
    """The grantee's name as Snowflake stores it; a database role's without its database."""
    kind, given = item["type"], item["name"]
    what = kind.replace("_", " ")
    parts = _DATABASE_ROLE.fullmatch(given) if kind == "database_role" else None
    if parts is None:
        return Identifier.parse(what, given).text
    if parts["database"] and Identifier.parse("database", parts["database"]) != database:
        raise ConfigurationError(
            f"Snowflake {what} '{given[:64]}'",
            "it is not in the secret's database, beyond which a database role has no privileges",
            "use a role of the account, or a database role of the secret's database",
        )
    return Identifier.parse(what, parts["role"]).text


def held_grants(rows: Iterable[Mapping[str, Any]], on: str = SECRET) -> frozenset[Grant]:
    """The privileges in the answer to SHOW GRANTS ON, ownership left out."""
    return frozenset(
        Grant(kind, _shown_name(kind, row["grantee_name"]), row["privilege"], on)
        for row in rows
        if row["privilege"] in PRIVILEGES
        for kind in [_shown_type(row["granted_to"])]
    )


def _shown_type(text: str) -> str:
    """Some views spell the types in other ways than SHOW GRANTS."""
    kind = text.upper().replace(" ", "_")
    return "ROLE" if kind == "ACCOUNT_ROLE" else kind


def _shown_name(kind: str, text: str) -> str:
    """Names may be shown quoted where SQL needs that, and database roles with their database."""
    if kind == "DATABASE_ROLE" and (parts := _DATABASE_ROLE.fullmatch(text)):
        text = parts["role"]
    return unquoted(text) or text


def can_be_revoked(grant: Grant) -> bool:
    """Whether it is of a kind that we know how to write in SQL."""
    return grant.grantee_type.lower() in GRANTEE_TYPES
