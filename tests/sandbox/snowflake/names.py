# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of objects and of those who are granted something."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import cannot_be_performed
from .tokenizer import tokenize

Name = tuple[str, ...]  # database, schema, object: as stored, without quotes

_PLAIN = re.compile(r"[A-Z_][A-Z0-9_$]*")


def quote(identifier: str) -> str:
    """An identifier as a listing shows it: quoted only where it has to be."""
    if _PLAIN.fullmatch(identifier):
        return identifier
    return '"' + identifier.replace('"', '""') + '"'


def qualified(name: Name) -> str:
    return ".".join(quote(part) for part in name)


def read_identifier(text: str) -> str:
    """An identifier that is not in a statement, such as the role in a login request."""
    tokens = tokenize(text)
    if len(tokens) != 2 or tokens[0].kind not in ("word", "quoted"):
        raise cannot_be_performed()
    return tokens[0].text


@dataclass(frozen=True)
class Securable:
    """Something that privileges are granted on."""

    kind: str  # ACCOUNT, DATABASE, SCHEMA, SECRET
    name: Name

    def __str__(self) -> str:
        return qualified(self.name)

    @property
    def parent(self) -> Securable | None:
        if self.kind == "SECRET":
            return Securable("SCHEMA", self.name[:2])
        if self.kind == "SCHEMA":
            return Securable("DATABASE", self.name[:1])
        return None


@dataclass(frozen=True)
class Grantee:
    kind: str  # ROLE, DATABASE_ROLE, APPLICATION, USER
    name: Name

    def __str__(self) -> str:
        return qualified(self.name)


ACCOUNT = Securable("ACCOUNT", ("DEMO",))


def role(name: str) -> Grantee:
    return Grantee("ROLE", (name,))


def database(name: str) -> Securable:
    return Securable("DATABASE", (name,))


def schema(database_name: str, name: str) -> Securable:
    return Securable("SCHEMA", (database_name, name))
