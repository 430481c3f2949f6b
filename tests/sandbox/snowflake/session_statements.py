# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemas, and the few SELECTs that clients send."""

from __future__ import annotations

from .catalog import Catalog, Session
from .errors import (
    already_exists,
    compilation_error,
)
from .names import ACCOUNT, Securable, quote
from .results import Cell, Result, Work, like_matches, listing, status
from .scopes import in_scope
from .statements import (
    CreateSchema,
    Select,
    ShowSchemas,
)

VERSION = "10.1.0"


def create_schema(statement: CreateSchema, catalog: Catalog, session: Session) -> Work:
    securable = catalog.resolve(session, "SCHEMA", statement.name)
    shown = quote(securable.name[-1])
    catalog.check_privilege(session, "CREATE SCHEMA", Securable("DATABASE", securable.name[:1]))
    if catalog.exists(securable):
        raise already_exists(str(securable))

    def work() -> Result:
        catalog.add_container(securable, session.role)
        catalog.use(session, securable)
        return status(f"Schema {shown} successfully created.")

    return work


def show_schemas(statement: ShowSchemas, catalog: Catalog, session: Session) -> Work:
    within = in_scope(catalog, session, statement.scope)
    rows: list[tuple[Cell, ...]] = []
    for securable, container in catalog.schemas():
        database_name, name = securable.name
        if (
            within(securable.name)
            and like_matches(statement.like, name)
            and catalog.visible(session, securable)
        ):
            current = (session.database, session.schema) == securable.name
            owner = catalog.owner(securable)
            rows.append(
                (
                    container.created_on,
                    name,
                    "N",
                    "Y" if current else "N",
                    database_name,
                    owner,
                    "",
                    "",
                    "1",
                    "ROLE",
                    None,
                )
            )
    return lambda: listing(
        "created_on name is_default is_current database_name owner comment options "
        "retention_time owner_role_type budget",
        rows,
    )


def select(statement: Select, catalog: Catalog, session: Session) -> Work:
    values: dict[str, Cell] = {
        "CURRENT_ACCOUNT": ACCOUNT.name[0],
        "CURRENT_ACCOUNT_NAME": ACCOUNT.name[0],
        "CURRENT_ORGANIZATION_NAME": "SANDBOX",
        "CURRENT_REGION": "AWS_EU_WEST_1",
        "CURRENT_VERSION": VERSION,
        "CURRENT_USER": session.user,
        "CURRENT_ROLE": session.role,
        "CURRENT_DATABASE": session.database,
        "CURRENT_SCHEMA": session.schema,
        "CURRENT_WAREHOUSE": session.warehouse,
        "CURRENT_SESSION": str(session.id),
    }
    row: list[Cell] = []
    for _heading, expression, argument in statement.columns:
        if argument is not None and expression == "IS_ROLE_IN_SESSION":
            row.append(catalog.is_active(session, argument))
        elif expression.isdigit():
            row.append(int(expression))
        elif argument is None and expression in values:
            row.append(values[expression])
        else:
            raise compilation_error("002141", "42601", "Unknown function.")
    headings = tuple(heading for heading, _expression, _argument in statement.columns)
    return lambda: Result(headings, (tuple(row),))
