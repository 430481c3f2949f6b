# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session parameters: set for the account, a user or a session, each going before the last.

https://docs.snowflake.com/en/sql-reference/parameters
"""

from __future__ import annotations

from collections.abc import Mapping

from .catalog import ADMIN_ROLE, Catalog, Session
from .errors import SnowflakeError, insufficient_privileges
from .names import ACCOUNT
from .results import Result, Work, status
from .statements import AlterAccount, AlterSession, AlterUser


def alter_session(statement: AlterSession, _catalog: Catalog, session: Session) -> Work:
    return _change(session.parameters, statement.parameters)


def alter_user(statement: AlterUser, catalog: Catalog, session: Session) -> Work:
    if statement.user != session.user and session.role != ADMIN_ROLE:
        raise insufficient_privileges("USER", statement.user)
    held = catalog.user_parameters.setdefault(statement.user, {})
    return _change(held, statement.parameters)


def alter_account(statement: AlterAccount, catalog: Catalog, session: Session) -> Work:
    if session.role != ADMIN_ROLE:
        raise insufficient_privileges("ACCOUNT", ACCOUNT.name[0])
    return _change(catalog.account_parameters, statement.parameters)


def _change(held: dict[str, str], changes: Mapping[str, str]) -> Work:
    def work() -> Result:
        for name, value in changes.items():
            held[name] = value.upper()
        return status()

    return work


def folds_quoted(catalog: Catalog, session: Session) -> bool:
    """Whether double-quoted identifiers are stored and resolved as upper case.

    https://docs.snowflake.com/en/sql-reference/parameters#quoted-identifiers-ignore-case
    """
    return _effective(catalog, session, "QUOTED_IDENTIFIERS_IGNORE_CASE", "FALSE") == "TRUE"


def most_rows(catalog: Catalog, session: Session) -> int | None:
    """How many rows a result set has at most.

    https://docs.snowflake.com/en/sql-reference/parameters#rows-per-resultset
    """
    return int(_effective(catalog, session, "ROWS_PER_RESULTSET", "0")) or None


def check_statement_count(catalog: Catalog, session: Session, sent: Mapping[str, object]) -> None:
    """One statement is all that is understood here; 0 stands for any number.

    sent: the parameters that came with the statement.
    https://docs.snowflake.com/en/sql-reference/parameters#multi-statement-count
    """
    inherited = _effective(catalog, session, "MULTI_STATEMENT_COUNT", "1")
    count = str(sent.get("MULTI_STATEMENT_COUNT", inherited))
    if count not in ("0", "1"):
        raise SnowflakeError(
            "000008",
            "0A000",
            f"Actual statement count 1 did not match the desired statement count {count}.",
        )


def _effective(catalog: Catalog, session: Session, name: str, default: str) -> str:
    users = catalog.user_parameters.get(session.user, {})
    for level in (session.parameters, users, catalog.account_parameters):
        if name in level:
            return level[name]
    return default
