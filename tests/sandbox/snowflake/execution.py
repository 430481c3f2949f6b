# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a statement to the work that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import grant_statements, parameters, secret_statements, session_statements
from . import statements as s
from .catalog import Catalog, Session
from .results import Work

_PLANNERS: Mapping[type[s.Statement], Callable[[Any, Catalog, Session], Work]] = {
    s.CreateSecret: secret_statements.create_secret,
    s.AlterSecret: secret_statements.alter_secret,
    s.DropSecret: secret_statements.drop_secret,
    s.ShowSecrets: secret_statements.show_secrets,
    s.GrantPrivileges: grant_statements.grant_privileges,
    s.RevokePrivileges: grant_statements.revoke_privileges,
    s.ShowGrantsOn: grant_statements.show_grants_on,
    s.ShowSchemas: session_statements.show_schemas,
    s.CreateSchema: session_statements.create_schema,
    s.AlterSession: parameters.alter_session,
    s.AlterUser: parameters.alter_user,
    s.AlterAccount: parameters.alter_account,
    s.Select: session_statements.select,
}


def plan(statement: s.Statement, catalog: Catalog, session: Session) -> Work:
    """Check names and rights, raising SnowflakeError; what is returned does the work."""
    return _PLANNERS[type(statement)](statement, catalog, session)
