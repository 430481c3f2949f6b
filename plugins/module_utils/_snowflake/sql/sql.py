# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQL statements that we send. Snowflake takes no bind variables in DDL.

COMMENT comes before SECRET_STRING, so that a log that cuts a statement off cuts off the value.
https://docs.snowflake.com/en/sql-reference/sql/create-secret
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .grants import DATABASE, SCHEMA, SECRET, Grant
from .identifiers import Identifier, QualifiedName

_ESCAPES = str.maketrans(
    {
        "\\": "\\\\",
        "'": "''",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\b": "\\b",
        "\f": "\\f",
        # Not \\0, which takes digits that follow as its own.
        "\0": "\\u0000",
    }
)


# MANAGE GRANTS is a privilege on the account.
SHOW_GRANTS_ON_ACCOUNT = "SHOW GRANTS ON ACCOUNT"


def literal(text: str) -> str:
    """A string literal; https://docs.snowflake.com/en/sql-reference/data-types-text"""
    return "'" + text.translate(_ESCAPES) + "'"


def alter_session(parameters: Mapping[str, str]) -> str:
    """Sets all of them, or fails; https://docs.snowflake.com/en/sql-reference/sql/alter-session"""
    return " ".join(["ALTER SESSION SET", *(f"{name} = {parameters[name]}" for name in parameters)])


def show_secret(name: QualifiedName) -> str:
    """Matches other names too (LIKE ignores case and has wildcards): compare afterwards."""
    return f"SHOW SECRETS LIKE {_pattern(name.name)} IN SCHEMA {name.schema_name}"


def show_secrets(database: Identifier, schema: Identifier) -> str:
    """All of a schema."""
    return f"SHOW SECRETS IN SCHEMA {database}.{schema}"


def create_secret(name: QualifiedName, *, value: str, comment: str) -> str:
    """Without OR REPLACE, which would drop the grants on an existing secret."""
    return (
        f"CREATE SECRET {name} TYPE = GENERIC_STRING COMMENT = {literal(comment)}"
        f" SECRET_STRING = {literal(value)}"
    )


def alter_secret(name: QualifiedName, *, comment: str, value: str | None = None) -> str:
    """Value and comment change together or not at all."""
    statement = f"ALTER SECRET {name} SET COMMENT = {literal(comment)}"
    return statement if value is None else f"{statement} SECRET_STRING = {literal(value)}"


def drop_secret(name: QualifiedName) -> str:
    return f"DROP SECRET {name}"


def show_schema(name: QualifiedName) -> str:
    """Like show_secret(), matches other names too."""
    return f"SHOW SCHEMAS LIKE {_pattern(name.schema)} IN DATABASE {name.database}"


def _pattern(name: Identifier) -> str:
    """Matches this name among others; a backslash, which would escape, as any character."""
    return literal(name.text.replace("\\", "_"))


def create_schema(name: QualifiedName) -> str:
    return f"CREATE SCHEMA {name.schema_name}"


def role_in_session(role: str) -> str:
    """Whether the session acts with this role or with one that has it; needs no warehouse.

    https://docs.snowflake.com/en/sql-reference/functions/is_role_in_session
    """
    return (
        f"SELECT CURRENT_ROLE() AS CURRENT_ROLE, IS_ROLE_IN_SESSION({literal(role)}) AS IN_SESSION"
    )


def show_grants(name: QualifiedName, on: str = SECRET) -> str:
    return f"SHOW GRANTS ON {on} {_object(name, on)}"


def grant(name: QualifiedName, grants: Iterable[Grant]) -> list[str]:
    """One statement for each object and grantee."""
    return [f"GRANT {what} TO {grantee}" for what, grantee in _by_grantee(name, grants)]


def revoke(name: QualifiedName, grants: Iterable[Grant]) -> list[str]:
    """One statement for each object and grantee."""
    return [f"REVOKE {what} FROM {grantee}" for what, grantee in _by_grantee(name, grants)]


def _object(name: QualifiedName, on: str) -> str:
    return {SECRET: str(name), SCHEMA: name.schema_name, DATABASE: str(name.database)}[on]


def _by_grantee(name: QualifiedName, grants: Iterable[Grant]) -> list[tuple[str, str]]:
    """Privileges and what they are on, and the grantee."""
    privileges: dict[tuple[str, str], list[str]] = {}
    for item in sorted(grants):
        privileges.setdefault((item.on, item.grantee(name.database)), []).append(item.privilege)
    return [
        (f"{', '.join(names)} ON {on} {_object(name, on)}", grantee)
        for (on, grantee), names in privileges.items()
    ]
