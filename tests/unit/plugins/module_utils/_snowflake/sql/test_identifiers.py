# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snowflake's names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.identifiers import (
    Identifier,
    QualifiedName,
)
from sandbox.snowflake.tokenizer import tokenize

PRINTABLE = st.text(min_size=1, max_size=255).filter(str.isprintable)


@pytest.mark.parametrize(
    ("given_name", "text"),
    [
        pytest.param("shop", "SHOP", id="unquoted folds to upper case"),
        pytest.param("_Shop$1", "_SHOP$1", id="underscore, dollar, digit"),
        pytest.param('"shop"', "shop", id="quoted stays"),
        pytest.param('"a ""b"" c"', 'a "b" c', id="doubled quotes"),
        pytest.param('"a.b"', "a.b", id="a dot inside quotes"),
        pytest.param('"Stra\xdfe"', "Stra\xdfe", id="letters of the world"),
    ],
)
def test_parse(given_name: str, text: str) -> None:
    assert Identifier.parse("secret", given_name).text == text


@pytest.mark.parametrize(
    "given_name",
    [
        pytest.param("", id="empty"),
        pytest.param('""', id="empty quotes"),
        pytest.param("1shop", id="a digit first"),
        pytest.param("a.b", id="a dot"),
        pytest.param("a-b", id="a hyphen"),
        pytest.param("shop\n", id="a line end"),
        pytest.param("shop; DROP SECRET x", id="a second statement"),
        pytest.param('"a"b"', id="an open quote"),
        pytest.param('"a', id="no closing quote"),
        pytest.param('"a\nb"', id="a line end in quotes"),
        pytest.param('"a\x00b"', id="a NUL in quotes"),
        pytest.param("x" * 256, id="256 characters"),
        pytest.param("stra\xdfe", id="a letter that needs quotes"),
    ],
)
def test_refused(given_name: str) -> None:
    with pytest.raises(ConfigurationError, match="Snowflake secret"):
        Identifier.parse("secret", given_name)


@given(PRINTABLE)
def test_any_stored_name_survives_rendering_and_parsing(text: str) -> None:
    assert Identifier.parse("secret", str(Identifier(text))) == Identifier(text)


@given(PRINTABLE)
def test_snowflake_reads_one_quoted_name(text: str) -> None:
    token, end = tokenize(str(Identifier(text)))
    assert (token.kind, token.text, end.kind) == ("quoted", text, "end")


def test_a_qualified_name() -> None:
    name = QualifiedName(Identifier("DB"), Identifier("S"), Identifier("a.b"))
    assert str(name) == '"DB"."S"."a.b"'
    assert name.schema_name == '"DB"."S"'
    assert name.plain == "DB.S.a.b"
