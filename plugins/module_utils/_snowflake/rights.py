# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the session's role may make or change a secret, by the grants that Snowflake shows.

https://docs.snowflake.com/en/sql-reference/sql/create-secret
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._core.errors import CollectionError
from .._core.operation import Operation, Outcome, Params, Runtime
from .._core.rights import EXISTS_SPEC, Right, outcome_of
from .errors.errors import snowflake_errors
from .modules.secret import OPERATION as SECRET
from .reach.connection import SnowflakeConnection, SnowflakeSession
from .sql import sql
from .sql.grants import SCHEMA
from .sql.grants import SECRET as SECRET_GRANTS
from .sql.identifiers import QualifiedName

_CREATE = "CREATE SECRET on the schema"
_OWN = "OWNERSHIP of the secret"


def ask(params: Params, runtime: Runtime) -> Outcome:
    """CREATE SECRET for a new one, and its OWNERSHIP to change or drop it.

    Raises ConfigurationError.
    """
    exists = params["exists"]
    if params["state"] == "absent" and not exists:
        return outcome_of([])
    needed = _OWN if exists else _CREATE
    name = QualifiedName.parse(params["database"], params["schema"], params["name"])
    connection = SnowflakeConnection.from_params(params)
    try:
        with (
            connection.lease(runtime) as session,
            snowflake_errors(f"Snowflake secret {name.plain}", "listing its grants", ""),
        ):
            rows = session.run(sql.show_grants(name, SECRET_GRANTS if exists else SCHEMA))
            return outcome_of([_right(needed, session, rows)])
    except CollectionError as error:
        return outcome_of([Right(needed, None, error.reason)])


def _right(needed: str, session: SnowflakeSession, rows: Iterable[Mapping[str, Any]]) -> Right:
    """By roles of the account. Whether another grantee is a part of the session is not known."""
    granted = [
        (row["granted_to"], row["grantee_name"])
        for row in rows
        if row["privilege"] in ("CREATE SECRET", "OWNERSHIP")
    ]
    roles = sorted(name for kind, name in granted if kind == "ROLE")
    for role in roles:
        (row,) = session.run(sql.role_in_session(role))
        if row["in_session"]:
            return Right(needed, held=True)
    if roles and len(roles) == len(granted):
        return Right(needed, held=False)
    return Right(needed, None, "Snowflake shows others than roles of the account that have it")


RIGHTS = Operation(SECRET.name, SECRET.spec.merge(EXISTS_SPEC), ask, SECRET.requirements)
