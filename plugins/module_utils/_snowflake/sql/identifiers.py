# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snowflake identifiers as values, parsed and rendered by one rule.

An unquoted name folds to upper case, a quoted one is taken as it stands; rendering always
quotes. https://docs.snowflake.com/en/sql-reference/identifiers-syntax
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..._core.errors import ConfigurationError

_UNQUOTED = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_QUOTED = re.compile(r'"((?:[^"]|"")+)"')
_MAX_LENGTH = 255


def unquoted(text: str) -> str | None:
    """What stands in double quotes, or None for a text without them."""
    quoted = _QUOTED.fullmatch(text)
    return quoted[1].replace('""', '"') if quoted else None


@dataclass(frozen=True)
class Identifier:
    """One part of a name, as Snowflake stores it."""

    text: str

    @classmethod
    def parse(cls, what: str, given: str) -> Identifier:
        """what: the option's meaning, for the error. Raises ConfigurationError."""
        text = given.upper() if _UNQUOTED.fullmatch(given) else unquoted(given)
        if text is None:
            raise ConfigurationError(
                f"Snowflake {what} '{given[:64]}'",
                "it is not a valid identifier",
                "use letters, digits, _ and $ not starting with a digit, or put it in double"
                " quotes inside the value",
            )
        if len(text) > _MAX_LENGTH or not text.isprintable():
            raise ConfigurationError(
                f"Snowflake {what} '{given[:64]}'",
                "it is too long or contains control characters",
                f"use at most {_MAX_LENGTH} printable characters",
            )
        return cls(text)

    def __str__(self) -> str:
        escaped = self.text.replace('"', '""')
        return f'"{escaped}"'


@dataclass(frozen=True)
class QualifiedName:
    """database.schema.name"""

    database: Identifier
    schema: Identifier
    name: Identifier

    @classmethod
    def parse(cls, database: str, schema: str, name: str) -> QualifiedName:
        """Of a secret, as the options have it. Raises ConfigurationError."""
        return cls(
            Identifier.parse("database", database),
            Identifier.parse("schema", schema),
            Identifier.parse("secret", name),
        )

    @property
    def schema_name(self) -> str:
        return f"{self.database}.{self.schema}"

    @property
    def plain(self) -> str:
        """For people: without quotes."""
        return f"{self.database.text}.{self.schema.text}.{self.name.text}"

    def __str__(self) -> str:
        return f"{self.schema_name}.{self.name}"
