# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQL statements that we send. Snowflake takes no bind variables in DDL.

COMMENT comes before SECRET_STRING, so that a log that cuts a statement off cuts off the value.
https://docs.snowflake.com/en/sql-reference/sql/create-secret
"""

from __future__ import annotations

from collections.abc import Iterable

from .grants import Grant
from .identifiers import QualifiedName

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


def literal(text: str) -> str:
    """A string literal; https://docs.snowflake.com/en/sql-reference/data-types-text"""
    return "'" + text.translate(_ESCAPES) + "'"


def show_secret(name: QualifiedName) -> str:
    """Matches other names too (LIKE ignores case and has wildcards): compare afterwards."""
    return f"SHOW SECRETS LIKE {literal(name.name.text)} IN SCHEMA {name.schema_name}"


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


def show_grants(name: QualifiedName) -> str:
    return f"SHOW GRANTS ON SECRET {name}"


def grant(name: QualifiedName, grants: Iterable[Grant]) -> list[str]:
    """One statement per grantee."""
    privileges: dict[str, list[str]] = {}
    for item in sorted(grants):
        privileges.setdefault(item.grantee, []).append(item.privilege)
    return [
        f"GRANT {', '.join(names)} ON SECRET {name} TO {grantee}"
        for grantee, names in privileges.items()
    ]
