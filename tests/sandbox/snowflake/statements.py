# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements that the emulated Snowflake understands, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from .names import Grantee, Name


@dataclass(frozen=True)
class Statement:
    operation: ClassVar[str] = ""
    write: ClassVar[bool] = False


@dataclass(frozen=True)
class Scope:
    """What follows IN."""

    kind: str  # DATABASE, SCHEMA
    name: Name


@dataclass(frozen=True)
class CreateSecret(Statement):
    operation = "CREATE SECRET"
    write = True
    name: Name
    or_replace: bool
    properties: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class AlterSecret(Statement):
    operation = "ALTER SECRET"
    write = True
    name: Name
    properties: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class DropSecret(Statement):
    operation = "DROP SECRET"
    write = True
    name: Name


@dataclass(frozen=True)
class ShowSecrets(Statement):
    operation = "SHOW SECRETS"
    like: str | None
    scope: Scope | None


@dataclass(frozen=True)
class GrantPrivileges(Statement):
    operation = "GRANT"
    write = True
    privileges: tuple[str, ...]
    kind: str
    name: Name
    grantee: Grantee


@dataclass(frozen=True)
class RevokePrivileges(Statement):
    operation = "REVOKE"
    write = True
    privileges: tuple[str, ...]
    kind: str
    name: Name
    grantee: Grantee


@dataclass(frozen=True)
class ShowGrantsOn(Statement):
    operation = "SHOW GRANTS"
    kind: str
    name: Name


@dataclass(frozen=True)
class ShowSchemas(Statement):
    operation = "SHOW SCHEMAS"
    like: str | None
    scope: Scope | None


@dataclass(frozen=True)
class CreateSchema(Statement):
    operation = "CREATE SCHEMA"
    write = True
    name: Name


@dataclass(frozen=True)
class AlterSession(Statement):
    operation = "ALTER SESSION"
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class AlterUser(Statement):
    operation = "ALTER USER"
    user: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class AlterAccount(Statement):
    operation = "ALTER ACCOUNT"
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Select(Statement):
    operation = "SELECT"
    # (heading, an integer or the name of a function, the function's argument)
    columns: tuple[tuple[str, str, str | None], ...]
