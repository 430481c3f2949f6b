# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements, read back by the sandbox's tokenizer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql import sql
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.grants import Grant
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.identifiers import (
    Identifier,
    QualifiedName,
)
from sandbox.snowflake.results import like_matches
from sandbox.snowflake.tokenizer import tokenize

HOSTILE = ["'; DROP SECRET x; --", '"', "\\", "\\'", "''", "$$", "/* */", "--", "%s", "\n"]
TEXTS = st.text() | st.sampled_from(HOSTILE) | st.lists(st.sampled_from(HOSTILE)).map("".join)
# What execute() lets through: no control characters.
USABLE = TEXTS.filter(str.isprintable)
NAMES = st.builds(
    QualifiedName, *[(TEXTS.filter(str.isprintable).filter(bool)).map(Identifier)] * 3
)


def read(statement: str) -> list[str]:
    """Words, names and texts of one statement; punctuation and the end left out."""
    tokens = tokenize(statement)
    return [token.text for token in tokens if token.kind in ("word", "quoted", "string")]


def parts(name: QualifiedName) -> list[str]:
    return [name.database.text, name.schema.text, name.name.text]


@given(USABLE)
@example("'")
@example("\\")
@example("\\'; DROP SECRET x; --")
def test_a_literal_is_one_string(text: str) -> None:
    token, end = tokenize(sql.literal(text))
    assert (token.kind, token.text, end.kind) == ("string", text, "end")


@given(st.text())
@example("a\x001")
def test_a_literal_with_control_characters_is_the_same_string(text: str) -> None:
    """An octal escape would take the digits after it as its own."""
    token, end = tokenize(sql.literal(text))
    assert (token.kind, token.text, end.kind) == ("string", text, "end")


@given(NAMES, USABLE, USABLE)
def test_create(name: QualifiedName, value: str, comment: str) -> None:
    statement = sql.create_secret(name, value=value, comment=comment)
    words = ["CREATE", "SECRET", *parts(name), "TYPE", "GENERIC_STRING", "COMMENT", comment]
    assert read(statement) == [*words, "SECRET_STRING", value]


@given(NAMES, st.none() | USABLE, USABLE)
def test_alter(name: QualifiedName, value: str | None, comment: str) -> None:
    words = ["ALTER", "SECRET", *parts(name), "SET", "COMMENT", comment]
    if value is not None:
        words += ["SECRET_STRING", value]
    assert read(sql.alter_secret(name, comment=comment, value=value)) == words


@given(NAMES)
def test_statements_that_only_name_the_secret(name: QualifiedName) -> None:
    assert read(sql.drop_secret(name)) == ["DROP", "SECRET", *parts(name)]
    assert read(sql.show_grants(name)) == ["SHOW", "GRANTS", "ON", "SECRET", *parts(name)]
    database, schema, secret = parts(name)
    pattern = secret.replace("\\", "_")
    show = ["SHOW", "SECRETS", "LIKE", pattern, "IN", "SCHEMA", database, schema]
    assert read(sql.show_secret(name)) == show


@given(NAMES)
def test_statements_about_the_schema(name: QualifiedName) -> None:
    database, schema, _secret = parts(name)
    assert read(sql.create_schema(name)) == ["CREATE", "SCHEMA", database, schema]
    pattern = schema.replace("\\", "_")
    show = ["SHOW", "SCHEMAS", "LIKE", pattern, "IN", "DATABASE", database]
    assert read(sql.show_schema(name)) == show
    show = ["SHOW", "GRANTS", "ON", "SCHEMA", database, schema]
    assert read(sql.show_grants(name, "SCHEMA")) == show
    assert read(sql.show_grants(name, "DATABASE")) == ["SHOW", "GRANTS", "ON", "DATABASE", database]


@given(USABLE.filter(bool))
def test_a_role_asked_for_is_one_string(role: str) -> None:
    words = ["SELECT", "CURRENT_ROLE", "AS", "CURRENT_ROLE", "IS_ROLE_IN_SESSION", role]
    assert read(sql.role_in_session(role)) == [*words, "AS", "IN_SESSION"]


@pytest.mark.parametrize(
    ("render", "verb", "to"), [(sql.grant, "GRANT", "TO"), (sql.revoke, "REVOKE", "FROM")]
)
@given(NAMES, USABLE.filter(bool))
def test_one_statement_for_each_object_and_grantee(
    render: Any, verb: str, to: str, name: QualifiedName, grantee: str
) -> None:
    grants = [
        Grant("ROLE", grantee, "USAGE"),
        Grant("ROLE", grantee, "READ"),
        Grant("ROLE", grantee, "USAGE", "SCHEMA"),
        Grant("ROLE", grantee, "USAGE", "DATABASE"),
        Grant("DATABASE_ROLE", grantee, "READ"),
        Grant("APPLICATION", grantee, "READ"),
    ]
    database, schema, _secret = parts(name)
    on = ["ON", "SECRET", *parts(name), to]
    assert [read(statement) for statement in render(name, grants)] == [
        [verb, "READ", *on, "APPLICATION", grantee],
        [verb, "READ", *on, "DATABASE", "ROLE", database, grantee],
        [verb, "READ", "USAGE", *on, "ROLE", grantee],
        [verb, "USAGE", "ON", "DATABASE", database, to, "ROLE", grantee],
        [verb, "USAGE", "ON", "SCHEMA", database, schema, to, "ROLE", grantee],
    ]


@given(NAMES)
def test_a_pattern_finds_its_own_name(name: QualifiedName) -> None:
    """Others as well, which the store leaves out."""
    for statement, part in (
        (sql.show_secret(name), name.name),
        (sql.show_schema(name), name.schema),
    ):
        assert like_matches(read(statement)[3], part.text)


def test_nothing_to_grant_is_no_statement() -> None:
    name = QualifiedName(Identifier("A"), Identifier("B"), Identifier("C"))
    assert sql.grant(name, []) == sql.revoke(name, []) == []
