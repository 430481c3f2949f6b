# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQL text to statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import statements as s
from .errors import compilation_error, invalid_property
from .names import Grantee, Name
from .tokenizer import Token, syntax_error, tokenize

_SECRET_PROPERTIES = """
    TYPE SECRET_STRING COMMENT USERNAME PASSWORD ALGORITHM API_AUTHENTICATION
"""


class Tokens:
    """Reads the tokens of a statement from left to right."""

    def __init__(self, sql: str, *, fold_quoted: bool) -> None:
        self._tokens = tokenize(sql, fold_quoted=fold_quoted)
        self._next = 0

    @property
    def current(self) -> Token:
        return self._tokens[self._next]

    @property
    def finished(self) -> bool:
        return self.current.kind == "end"

    def accept(self, *words: str) -> bool:
        """Step over these words if they come next."""
        ahead = self._tokens[self._next : self._next + len(words)]
        if [token.text for token in ahead if token.kind == "word"] != list(words):
            return False
        self._next += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise syntax_error(self.current)

    def accept_operator(self, operator: str) -> bool:
        if self.current.kind != "operator" or self.current.text != operator:
            return False
        self._next += 1
        return True

    def expect_operator(self, operator: str) -> None:
        if not self.accept_operator(operator):
            raise syntax_error(self.current)

    def take(self, *kinds: str) -> str:
        """The text of the next token, which must be of one of these kinds."""
        token = self.current
        if token.kind not in kinds:
            raise syntax_error(token)
        self._next += 1
        return token.text

    def word(self) -> str:
        return self.take("word")

    def string(self) -> str:
        return self.take("string")

    def identifier(self) -> str:
        return self.take("word", "quoted")

    def name(self, most: int = 3) -> Name:
        parts = [self.identifier()]
        while len(parts) < most and self.accept_operator("."):
            parts.append(self.identifier())
        return tuple(parts)

    def end(self) -> None:
        if not self.finished:
            raise syntax_error(self.current)


def parse(sql: str, *, fold_quoted: bool = False) -> s.Statement:
    tokens = Tokens(sql, fold_quoted=fold_quoted)
    if tokens.finished:
        raise compilation_error("000900", "42000", "Empty SQL statement.")
    first = tokens.current
    parser = _PARSERS.get(tokens.take("word"))
    if parser is None:
        raise syntax_error(first)
    statement = parser(tokens)
    tokens.end()
    return statement


def _create(tokens: Tokens) -> s.Statement:
    or_replace = tokens.accept("OR", "REPLACE")
    if tokens.accept("SECRET"):
        return _create_secret(tokens, or_replace)
    if or_replace:
        raise syntax_error(tokens.current)
    tokens.expect("SCHEMA")
    return s.CreateSchema(tokens.name(2))


def _create_secret(tokens: Tokens, or_replace: bool) -> s.CreateSecret:
    name = tokens.name()
    properties: dict[str, str] = {}
    while not tokens.finished:
        _property(tokens, properties)
    return s.CreateSecret(name, or_replace, properties)


def _property(tokens: Tokens, properties: dict[str, str]) -> None:
    start = tokens.current
    name = tokens.word()
    if name not in _SECRET_PROPERTIES.split():
        raise syntax_error(start)
    if name in properties:
        raise compilation_error("001003", "42000", f"duplicate property '{name}'")
    tokens.expect_operator("=")
    if name in ("TYPE", "ALGORITHM", "API_AUTHENTICATION"):
        properties[name] = tokens.identifier()
    else:
        properties[name] = tokens.string()


def _alter(tokens: Tokens) -> s.Statement:
    if tokens.accept("SESSION"):
        return s.AlterSession(_parameters(tokens))
    if tokens.accept("ACCOUNT"):
        return s.AlterAccount(_parameters(tokens))
    if tokens.accept("USER"):
        return s.AlterUser(tokens.identifier(), _parameters(tokens))
    tokens.expect("SECRET")
    name = tokens.name()
    properties: dict[str, str] = {}
    tokens.expect("SET")
    while not properties or not tokens.finished:
        _property(tokens, properties)
    if "TYPE" in properties:
        raise invalid_property("TYPE", "SECRET")
    return s.AlterSecret(name, properties)


def _parameters(tokens: Tokens) -> dict[str, str]:
    """What SET does to parameters."""
    changes: dict[str, str] = {}
    tokens.expect("SET")
    while not changes or not tokens.finished:
        name = tokens.word()
        tokens.expect_operator("=")
        changes[name] = tokens.take("word", "string", "number")
        tokens.accept_operator(",")
    return changes


def _drop(tokens: Tokens) -> s.DropSecret:
    tokens.expect("SECRET")
    return s.DropSecret(tokens.name())


def _show(tokens: Tokens) -> s.Statement:
    if tokens.accept("GRANTS", "ON"):
        return s.ShowGrantsOn(*_securable(tokens))
    if tokens.accept("SECRETS"):
        return s.ShowSecrets(_like(tokens), _scope(tokens))
    tokens.expect("SCHEMAS")
    return s.ShowSchemas(_like(tokens), _scope(tokens))


def _like(tokens: Tokens) -> str | None:
    return tokens.string() if tokens.accept("LIKE") else None


def _scope(tokens: Tokens) -> s.Scope | None:
    if not tokens.accept("IN"):
        return None
    if tokens.accept("DATABASE"):
        return s.Scope("DATABASE", tokens.name(1))
    tokens.expect("SCHEMA")
    return s.Scope("SCHEMA", tokens.name(2))


def _securable(tokens: Tokens) -> tuple[str, Name]:
    for kind, most in (("SECRET", 3), ("SCHEMA", 2), ("DATABASE", 1)):
        if tokens.accept(kind):
            return kind, tokens.name(most)
    raise syntax_error(tokens.current)


def _grantee(tokens: Tokens) -> Grantee:
    if tokens.accept("DATABASE", "ROLE"):
        return Grantee("DATABASE_ROLE", tokens.name(2))
    if tokens.accept("APPLICATION"):
        return Grantee("APPLICATION", tokens.name(1))
    tokens.accept("ROLE")
    return Grantee("ROLE", tokens.name(1))


def _privileges(tokens: Tokens) -> tuple[str, ...]:
    """Up to and including ON."""
    found: list[str] = []
    words: list[str] = []
    while not tokens.accept("ON"):
        if words and tokens.accept_operator(","):
            found.append(" ".join(words))
            words = []
        words.append(tokens.word())
    if not words:
        raise syntax_error(tokens.current)
    found.append(" ".join(words))
    return tuple(found)


def _grant(tokens: Tokens) -> s.GrantPrivileges:
    privileges = _privileges(tokens)
    kind, name = _securable(tokens)
    tokens.expect("TO")
    grantee = _grantee(tokens)
    if privileges == ("OWNERSHIP",):
        tokens.accept("COPY", "CURRENT", "GRANTS")
    return s.GrantPrivileges(privileges, kind, name, grantee)


def _revoke(tokens: Tokens) -> s.RevokePrivileges:
    privileges = _privileges(tokens)
    kind, name = _securable(tokens)
    tokens.expect("FROM")
    return s.RevokePrivileges(privileges, kind, name, _grantee(tokens))


def _select(tokens: Tokens) -> s.Select:
    columns: list[tuple[str, str, str | None]] = []
    while True:
        argument = None
        if tokens.current.kind == "number":
            expression = heading = tokens.take("number")
        else:
            expression = tokens.word()
            heading = f"{expression}()"
            tokens.expect_operator("(")
            if tokens.current.kind == "string":
                argument = tokens.string()
            tokens.expect_operator(")")
        if tokens.accept("AS"):
            heading = tokens.identifier()
        columns.append((heading, expression, argument))
        if not tokens.accept_operator(","):
            return s.Select(tuple(columns))


_PARSERS: Mapping[str, Callable[[Tokens], s.Statement]] = {
    "CREATE": _create,
    "ALTER": _alter,
    "DROP": _drop,
    "SHOW": _show,
    "GRANT": _grant,
    "REVOKE": _revoke,
    "SELECT": _select,
}
