# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQL text to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from .errors import SnowflakeError, compilation_error

Kind = Literal["word", "quoted", "string", "number", "operator", "end"]

_TOKEN = re.compile(
    r"""
      (?P<blank>    \s+ | --[^\n]* | //[^\n]* | /\*.*?\*/ )
    | (?P<string>   '(?:[^'\\]|\\.|'')*' )
    | (?P<dollar>   \$\$.*?\$\$ )
    | (?P<quoted>   "(?:[^"]|"")+" )
    | (?P<word>     [A-Za-z_][A-Za-z0-9_$]* )
    | (?P<number>   \d+(?:\.\d+)? )
    | (?P<operator> [=.,();*?:%] )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"'' | \\([0-7]{1,3}) | \\x([0-9a-fA-F]{2}) | \\u([0-9a-fA-F]{4}) | \\(.)",
    re.VERBOSE | re.DOTALL,
)
_CONTROL = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

# The words that an error message may repeat. Anything else in a statement could be a piece of a
# badly quoted secret.
_KEYWORDS = """
    ALTER AND APPLICATION AS BY COMMENT CREATE DATABASE DELETE DESC DESCRIBE DROP EXISTS FROM GRANT
    IF IN INSERT INTO IS LIKE NOT NULL ON OR REPLACE REVOKE ROLE SCHEMA SECRET SECRETS
    SECRET_STRING SELECT SET SHOW TABLE TAG TO TYPE UNSET UPDATE USE USER VALUES WHERE WITH
"""
KEYWORDS = frozenset(_KEYWORDS.split())


@dataclass(frozen=True)
class Token:
    kind: Kind
    text: str = field(repr=False)  # unquoted; words are upper-cased
    line: int
    position: int

    def shown(self) -> str:
        """What an error message may say about it."""
        if self.kind == "operator" or (self.kind == "word" and self.text in KEYWORDS):
            return self.text
        return {"end": "<EOF>", "string": "<string>", "number": "<number>"}.get(
            self.kind, "<identifier>"
        )


def syntax_error(token: Token) -> SnowflakeError:
    return compilation_error(
        "001003",
        "42000",
        f"syntax error line {token.line} at position {token.position} "
        f"unexpected '{token.shown()}'.",
    )


def tokenize(sql: str, *, fold_quoted: bool = False) -> list[Token]:
    """The tokens of one statement and an "end" token; trailing semicolons are dropped.

    fold_quoted: what is in double quotes becomes upper case, too.
    """
    tokens: list[Token] = []
    offset = 0
    while offset < len(sql):
        line = sql.count("\n", 0, offset) + 1
        position = offset - (sql.rfind("\n", 0, offset) + 1)
        match = _TOKEN.match(sql, offset)
        if match is None:
            raise compilation_error(
                "001003", "42000", f"parse error line {line} at position {position} near '<EOF>'."
            )
        offset = match.end()
        if match.lastgroup != "blank":
            tokens.append(_token(match, line, position, fold_quoted))
    while tokens and tokens[-1].kind == "operator" and tokens[-1].text == ";":
        tokens.pop()
    _refuse_several_statements(tokens)
    lines = sql.split("\n")
    return [*tokens, Token("end", "", len(lines), len(lines[-1]))]


def _token(match: re.Match[str], line: int, position: int, fold_quoted: bool) -> Token:
    text = match.group()
    match match.lastgroup:
        case "string":
            return Token("string", _ESCAPE.sub(_unescape, text[1:-1]), line, position)
        case "dollar":
            return Token("string", text[2:-2], line, position)
        case "quoted":
            name = text[1:-1].replace('""', '"')
            return Token("quoted", name.upper() if fold_quoted else name, line, position)
        case "word":
            return Token("word", text.upper(), line, position)
        case "number":
            return Token("number", text, line, position)
        case _:
            return Token("operator", text, line, position)


def _unescape(match: re.Match[str]) -> str:
    octal, byte, codepoint, other = match.groups()
    if octal:
        return chr(int(octal, 8))
    if byte or codepoint:
        return chr(int(byte or codepoint, 16))
    if other:
        return _CONTROL.get(other, other)
    return "'"


def _refuse_several_statements(tokens: list[Token]) -> None:
    separators = sum(token.kind == "operator" and token.text == ";" for token in tokens)
    if separators:
        raise SnowflakeError(
            "000008",
            "0A000",
            f"Actual statement count {separators + 1} did not match the desired statement count 1.",
        )
