# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GRANT, REVOKE and SHOW GRANTS."""

from __future__ import annotations

from .catalog import Catalog, Grant, Session, check_privilege_names
from .errors import insufficient_privileges
from .names import Grantee, Securable, quote
from .results import Cell, Result, Work, listing, status
from .statements import GrantPrivileges, RevokePrivileges, ShowGrantsOn

_COLUMNS = "created_on privilege granted_on name granted_to grantee_name grant_option granted_by"


def grant_privileges(statement: GrantPrivileges, catalog: Catalog, session: Session) -> Work:
    securable, to = _check(catalog, session, statement)

    def work() -> Result:
        if statement.privileges == ("OWNERSHIP",):
            catalog.remove_grants(securable, privilege="OWNERSHIP")
            catalog.add_grant("OWNERSHIP", securable, to, str(to), grant_option=True)
            return status()
        for privilege in statement.privileges:
            catalog.add_grant(privilege, securable, to, session.role)
        return status()

    return work


def revoke_privileges(statement: RevokePrivileges, catalog: Catalog, session: Session) -> Work:
    securable, to = _check(catalog, session, statement)

    def work() -> Result:
        for privilege in statement.privileges:
            catalog.remove_grants(securable, to, privilege)
        return status()

    return work


def _check(
    catalog: Catalog, session: Session, statement: GrantPrivileges | RevokePrivileges
) -> tuple[Securable, Grantee]:
    check_privilege_names(statement.kind, statement.privileges)
    securable = catalog.resolve(session, statement.kind, statement.name)
    catalog.check_visible(session, securable)
    catalog.check_grantee(statement.grantee)
    for privilege in statement.privileges:
        if not catalog.may_grant(session, privilege, securable):
            raise insufficient_privileges(securable.kind, quote(securable.name[-1]))
    return securable, statement.grantee


def show_grants_on(statement: ShowGrantsOn, catalog: Catalog, session: Session) -> Work:
    securable = catalog.resolve(session, statement.kind, statement.name)
    catalog.check_visible(session, securable)
    rows = [(*_row(grant), "ROLE") for grant in catalog.grants if grant.on == securable]
    return lambda: listing(f"{_COLUMNS} granted_by_role_type", rows)


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
