# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GRANT, REVOKE and SHOW GRANTS."""

from __future__ import annotations

from .catalog import PRIVILEGES, Catalog, Grant, Session, check_privilege_names
from .errors import insufficient_privileges
from .names import Grantee, Name, Securable, quote
from .results import Cell, Result, Work, listing, status
from .statements import GrantPrivileges, RevokePrivileges, ShowGrantsOn, ShowGrantsTo

_COLUMNS = "created_on privilege granted_on name granted_to grantee_name grant_option granted_by"


def grant_privileges(statement: GrantPrivileges, catalog: Catalog, session: Session) -> Work:
    securable, to = _check(catalog, session, statement)
    privileges = _expand(statement.kind, statement.privileges)

    def work() -> Result:
        if privileges == ("OWNERSHIP",):
            catalog.remove_grants(securable, privilege="OWNERSHIP")
            if statement.revoke_current_grants:
                catalog.remove_grants(securable)
            catalog.add_grant("OWNERSHIP", securable, to, str(to), grant_option=True)
            return status()
        for privilege in privileges:
            catalog.add_grant(
                privilege,
                securable,
                to,
                session.role,
                grant_option=statement.with_grant_option,
            )
        return status()

    return work


def revoke_privileges(statement: RevokePrivileges, catalog: Catalog, session: Session) -> Work:
    securable, to = _check(catalog, session, statement)
    privileges = _expand(statement.kind, statement.privileges)

    def work() -> Result:
        for privilege in privileges:
            if statement.only_grant_option:
                for grant in catalog.grants:
                    if (grant.privilege, grant.on, grant.to) == (privilege, securable, to):
                        grant.grant_option = False
            else:
                catalog.remove_grants(securable, to, privilege)
        return status()

    return work


def _check(
    catalog: Catalog, session: Session, statement: GrantPrivileges | RevokePrivileges
) -> tuple[Securable, Grantee]:
    check_privilege_names(statement.kind, statement.privileges)
    securable = catalog.resolve(session, statement.kind, statement.name)
    catalog.check_visible(session, securable)
    grantee = _complete(session, statement.grantee)
    catalog.check_grantee(grantee)
    for privilege in _expand(statement.kind, statement.privileges):
        if not catalog.may_grant(session, privilege, securable):
            raise insufficient_privileges(securable.kind, quote(securable.name[-1]))
    return securable, grantee


def _complete(session: Session, grantee: Grantee) -> Grantee:
    """A database role may be named without its database."""
    if grantee.kind == "DATABASE_ROLE" and len(grantee.name) == 1:
        return Grantee(grantee.kind, (session.database or "", *grantee.name))
    return grantee


def _expand(kind: str, privileges: tuple[str, ...]) -> tuple[str, ...]:
    if "ALL" not in privileges:
        return privileges
    return tuple(sorted(PRIVILEGES[kind] - {"OWNERSHIP"}))


def show_grants_on(statement: ShowGrantsOn, catalog: Catalog, session: Session) -> Work:
    securable = catalog.resolve(session, statement.kind, statement.name)
    catalog.check_visible(session, securable)
    rows = [(*_row(grant), "ROLE") for grant in catalog.grants if grant.on == securable]
    return lambda: listing(f"{_COLUMNS} granted_by_role_type", rows)


def show_grants_to(statement: ShowGrantsTo, catalog: Catalog, session: Session) -> Work:
    grantee = _complete(session, statement.grantee)
    if grantee.kind == "USER":
        return lambda: _roles_of(session, grantee.name)
    catalog.check_grantee(grantee)
    rows = [_row(grant) for grant in catalog.grants if grant.to == grantee]
    return lambda: listing(_COLUMNS, rows)


def _roles_of(session: Session, user: Name) -> Result:
    """A user sees only the roles of their own."""
    names = sorted(session.assignable_roles) if user == (session.user,) else []
    rows: list[tuple[Cell, ...]] = [
        (None, name, "USER", session.user, "ACCOUNTADMIN") for name in names
    ]
    return listing("created_on role granted_to grantee_name granted_by", rows)


def _row(grant: Grant) -> tuple[Cell, ...]:
    return (
        grant.created_on,
        grant.privilege,
        grant.on.kind,
        str(grant.on),
        grant.to.kind,
        str(grant.to),
        str(grant.grant_option).lower(),
        grant.granted_by,
    )
