# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Snowflake account holds: objects, roles and grants, and who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .errors import (
    SnowflakeError,
    cannot_be_performed,
    compilation_error,
    does_not_exist,
    insufficient_privileges,
)
from .names import ACCOUNT, Grantee, Name, Securable, database, qualified, role, schema

APPLICATION = "MATILLION_DATA_PRODUCTIVITY_CLOUD"
ADMIN_ROLE = "MAIA_ADMIN"
WRITER_ROLE = "MAIA_WRITER"
READER_ROLE = "MAIA_READER"
EMPTY_ROLE = "MAIA_NOTHING"
RUNNER_ROLE = "RUNNER_ROLE"

# Each role with the roles granted to it, whose privileges it has as well.
ROLES: dict[str, frozenset[str]] = {
    "ACCOUNTADMIN": frozenset({"SYSADMIN"}),
    "SYSADMIN": frozenset({ADMIN_ROLE}),
    ADMIN_ROLE: frozenset(),
    WRITER_ROLE: frozenset(),
    READER_ROLE: frozenset(),
    EMPTY_ROLE: frozenset(),
    RUNNER_ROLE: frozenset(),
    "PUBLIC": frozenset(),
}

PRIVILEGES: dict[str, frozenset[str]] = {
    "DATABASE": frozenset({"USAGE", "MONITOR", "MODIFY", "CREATE SCHEMA", "OWNERSHIP"}),
    "SCHEMA": frozenset({"USAGE", "MONITOR", "MODIFY", "CREATE SECRET", "OWNERSHIP"}),
    "SECRET": frozenset({"USAGE", "READ", "OWNERSHIP"}),
}


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Session:
    id: int
    user: str
    role: str
    assignable_roles: frozenset[str]
    database: str | None = None
    schema: str | None = None
    warehouse: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass
class Container:
    """A database or a schema."""

    created_on: datetime = field(default_factory=now)


@dataclass
class Secret:
    type: str
    properties: dict[str, str] = field(repr=False)
    comment: str | None
    created_on: datetime = field(default_factory=now)
    values_written: int = 1


@dataclass
class Grant:
    privilege: str
    on: Securable
    to: Grantee
    granted_by: str
    grant_option: bool = False
    created_on: datetime = field(default_factory=now)


class Catalog:
    """Not thread-safe: its owner holds a lock."""

    def __init__(self) -> None:
        self.containers: dict[Securable, Container] = {}
        self.secrets: dict[Name, Secret] = {}
        self.grants: list[Grant] = []
        self.applications = {APPLICATION}
        self.database_roles: set[Name] = {("PLATFORM", "SECRETS_READER")}
        self.account_parameters: dict[str, str] = {}
        self.user_parameters: dict[str, dict[str, str]] = {}
        self._fill()

    def _fill(self) -> None:
        for database_name, schema_names in (
            (APPLICATION, ("SECRETS",)),
            ("PLATFORM", ("SECRETS", "PUBLIC")),
        ):
            self.add_container(database(database_name), ADMIN_ROLE)
            for schema_name in schema_names:
                self.add_container(schema(database_name, schema_name), ADMIN_ROLE)
            secrets = schema(database_name, "SECRETS")
            for name in (WRITER_ROLE, READER_ROLE, RUNNER_ROLE):
                self.add_grant("USAGE", database(database_name), role(name), ADMIN_ROLE)
                self.add_grant("USAGE", secrets, role(name), ADMIN_ROLE)
            self.add_grant("CREATE SECRET", secrets, role(WRITER_ROLE), ADMIN_ROLE)
        # Snowflake does this when a database role is made.
        for database_role in self.database_roles:
            reader = Grantee("DATABASE_ROLE", database_role)
            self.add_grant("USAGE", database(database_role[0]), reader, ADMIN_ROLE)

    # --- objects ---

    def add_container(self, securable: Securable, owner: str) -> None:
        self.containers[securable] = Container()
        self._own(securable, owner)

    def put_secret(self, securable: Securable, secret: Secret, owner: str) -> None:
        """Create it, or replace it by a new object that has lost all grants."""
        self.remove_grants(securable)
        self.secrets[securable.name] = secret
        self._own(securable, owner)
        # As if GRANT USAGE ON FUTURE SECRETS had been run for the role that only looks.
        if securable.name[1] == "SECRETS":
            self.add_grant("USAGE", securable, role(READER_ROLE), owner)

    def remove_secret(self, securable: Securable) -> None:
        del self.secrets[securable.name]
        self.remove_grants(securable)

    def exists(self, securable: Securable) -> bool:
        if securable.kind == "SECRET":
            return securable.name in self.secrets
        return securable in self.containers

    def schemas(self) -> Iterator[tuple[Securable, Container]]:
        for securable, container in sorted(self.containers.items(), key=lambda item: item[0].name):
            if securable.kind == "SCHEMA":
                yield securable, container

    # --- grants ---

    def add_grant(
        self,
        privilege: str,
        on: Securable,
        to: Grantee,
        granted_by: str,
        *,
        grant_option: bool = False,
    ) -> None:
        for grant in self.grants:
            if (grant.privilege, grant.on, grant.to) == (privilege, on, to):
                grant.grant_option = grant.grant_option or grant_option
                return
        self.grants.append(Grant(privilege, on, to, granted_by, grant_option))

    def remove_grants(
        self, on: Securable, to: Grantee | None = None, privilege: str | None = None
    ) -> None:
        """All grants on an object, or only those to a grantee, or only one privilege."""
        self.grants = [
            grant
            for grant in self.grants
            if grant.on != on
            or to not in (None, grant.to)
            or privilege not in (None, grant.privilege)
        ]

    def _own(self, securable: Securable, owner: str) -> None:
        self.add_grant("OWNERSHIP", securable, role(owner), owner, grant_option=True)

    def owner(self, securable: Securable) -> str:
        for grant in self.grants:
            if grant.on == securable and grant.privilege == "OWNERSHIP":
                return str(grant.to)
        return ""

    # --- rights ---

    def _active(self, role_name: str) -> frozenset[Grantee]:
        """The role, those granted to it, and PUBLIC."""
        found = {"PUBLIC"}
        waiting = [role_name]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(ROLES.get(name, ()))
        return frozenset(map(role, found))

    def is_active(self, session: Session, role_name: str) -> bool:
        """What IS_ROLE_IN_SESSION answers."""
        return role(role_name) in self._active(session.role)

    def held(self, session: Session, securable: Securable) -> list[Grant]:
        active = self._active(session.role)
        return [grant for grant in self.grants if grant.on == securable and grant.to in active]

    def may(self, session: Session, privilege: str, securable: Securable) -> bool:
        return any(
            grant.privilege in (privilege, "OWNERSHIP") for grant in self.held(session, securable)
        )

    def may_grant(self, session: Session, privilege: str, securable: Securable) -> bool:
        manages = self.may(session, "MANAGE GRANTS", ACCOUNT)
        return manages or any(
            grant.privilege == "OWNERSHIP" or (grant.privilege == privilege and grant.grant_option)
            for grant in self.held(session, securable)
        )

    def visible(self, session: Session, securable: Securable) -> bool:
        """Any privilege on it and on what it lies in is enough to see it."""
        if not self.exists(securable) or not self.held(session, securable):
            return False
        return securable.parent is None or self.visible(session, securable.parent)

    def check_visible(self, session: Session, securable: Securable) -> None:
        if securable.parent is not None:
            self.check_visible(session, securable.parent)
        if not self.visible(session, securable):
            raise does_not_exist(securable.kind, str(securable))

    def check_privilege(self, session: Session, privilege: str, securable: Securable) -> None:
        if securable.kind != "ACCOUNT":
            self.check_visible(session, securable)
        if not self.may(session, privilege, securable):
            raise insufficient_privileges(securable.kind, qualified(securable.name[-1:]))

    def check_grantee(self, grantee: Grantee) -> None:
        known = {
            "ROLE": grantee.name[0] in ROLES,
            "APPLICATION": grantee.name[0] in self.applications,
            "DATABASE_ROLE": grantee.name in self.database_roles,
        }
        if not known.get(grantee.kind, False):
            raise does_not_exist(grantee.kind.replace("_", " "), str(grantee))

    # --- names ---

    def resolve(self, session: Session, kind: str, name: Name) -> Securable:
        """Complete a name with the session's current database and schema."""
        missing = {"SECRET": 3, "SCHEMA": 2, "DATABASE": 1}[kind] - len(name)
        if missing and session.database is None:
            raise _no_current("database", "090105")
        if missing == 2 and session.schema is None:
            raise _no_current("schema", "090106")
        current = (session.database or "", session.schema or "")
        return Securable(kind, current[:missing] + name)

    def use(self, session: Session, securable: Securable) -> None:
        """Make a database or schema the current one."""
        if not self.visible(session, securable):
            raise cannot_be_performed()
        session.database = securable.name[0]
        if securable.kind == "SCHEMA":
            session.schema = securable.name[1]
        else:
            public = schema(securable.name[0], "PUBLIC")
            session.schema = "PUBLIC" if self.visible(session, public) else None


def _no_current(kind: str, code: str) -> SnowflakeError:
    return SnowflakeError(
        code,
        "22000",
        f"Cannot perform operation. This session does not have a current {kind}. "
        f"Call 'USE {kind.upper()}', or use a qualified name.",
    )


def check_privilege_names(kind: str, privileges: tuple[str, ...]) -> None:
    for privilege in privileges:
        if privilege not in PRIVILEGES[kind]:
            raise compilation_error("003008", "42601", f"Invalid privilege for object type {kind}.")
