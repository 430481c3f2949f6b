# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine that reads tables of causes, and what holds for each of their rows."""

from __future__ import annotations

import re
import string

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.causes import (
    Cause,
    Said,
    class_names,
    comes_from,
    error_for,
    explain,
    with_causes,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    CollectionError,
    ConflictError,
    NotPermittedError,
    TransientError,
)
from tools.error_tables import TABLES, causes_rst

ROWS = [(title, cause) for title, table in TABLES.items() for cause in table]
# What error modules of the vendors fill in.
WORDS = {
    *("service", "where", "ca", "class_name", "code", "right", "credentials", "source", "renew"),
    *("detail", "action", "role", "policy", "caller", "tried", "privilege", "which", "check"),
}
# Parts of services' texts: their patterns name all that they match, so that none can be a secret.
GROUPS = {"policy", "refused"}

TABLE = (
    Cause(kind=ConflictError, reason="both", hint="h", codes=("A*",), text="deny by (?P<who>x|y)"),
    Cause(
        kind=NotPermittedError,
        reason="code {word}",
        hint="h {word}",
        codes=("AB", "C"),
        link="https://x",
    ),
    Cause(kind=TransientError, reason="class", hint="h", raised=("*Timeout",)),
    Cause(kind=ApiError, reason="right", hint="h", rights=("kms:*",), statuses=(400,)),
    Cause(kind=ApiError, reason="either", hint="h", codes=("D",), or_text="^or this"),
    Cause(kind=ApiError, reason="last", hint="h"),
)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(codes=["AB"], text="a DENY by x"), "both"),
        (Said(codes=["AB"], text="no"), "code filled"),
        (Said(codes=["x", "C"]), "code filled"),
        (Said(raised=["ReadTimeout", "OSError"]), "class"),
        (Said(right="kms:Decrypt", status=400), "right"),
        (Said(right="kms:Decrypt", status=403), "last"),
        (Said(right="s3:Get", status=400), "last"),
        (Said(codes=["D"]), "either"),
        (Said(codes=["E"], text="or this"), "either"),
        (Said(codes=["E"], text="not or this"), "last"),
        (Said(), "last"),
    ],
)
def test_the_first_row_that_fits_counts(said: Said, reason: str) -> None:
    assert explain(TABLE, said, {"word": "filled"}).reason == reason


def test_the_error_has_all_that_the_row_and_the_answer_say() -> None:
    said = Said(codes=["C"], status=403)
    error = error_for(
        TABLE, said, "It", "trying it", words={"word": "{x}"}, code="C", request_id="r"
    )
    assert isinstance(error, NotPermittedError)
    assert str(error) == "It: trying it failed: code {x}; h {x}."
    details = error.to_result()["error"]
    assert isinstance(details, dict)
    found = {name: details[name] for name in ("code", "status", "request_id", "link")}
    assert found == {"code": "C", "status": 403, "request_id": "r", "link": "https://x"}


def test_a_table_without_a_last_row_is_a_mistake() -> None:
    with pytest.raises(LookupError):
        explain(TABLE[:1], Said(), {})


class _Odd(OSError):
    def __str__(self) -> str:
        raise ValueError("odd")


def test_the_texts_of_all_causes_are_looked_at() -> None:
    outer, inner = _Odd(), OSError("the inner one")
    outer.__cause__, inner.__context__ = inner, outer
    assert "the inner one" in with_causes(outer)
    assert class_names(outer)[:2] == ["_Odd", "OSError"]
    assert not comes_from(outer, ("builtins",))
    assert comes_from(inner, ("builtins",))


@pytest.mark.parametrize(
    ("title", "cause"), ROWS, ids=[f"{title}: {cause.reason[:50]}" for title, cause in ROWS]
)
def test_a_row_can_be_told_as_one_sentence(title: str, cause: Cause) -> None:
    for text in (cause.reason, cause.hint):
        words = {name for _text, name, _spec, _how in string.Formatter().parse(text) if name}
        patterns = f"{cause.text}{cause.or_text}"
        assert words <= WORDS | set(re.findall(r"\(\?P<(\w+)>", patterns)), title
        assert not text.endswith((".", " "))
        assert not text.strip("{").startswith(tuple(string.ascii_uppercase)) or " " in text
    assert cause.link.startswith("https://"), cause.reason
    assert issubclass(cause.kind, CollectionError)
    for pattern in (cause.text, cause.or_text):
        assert set(re.compile(pattern).groupindex) <= GROUPS


def test_the_page_has_each_row() -> None:
    page = causes_rst()
    for _title, cause in ROWS:
        # A link is not broken at its hyphens.
        assert cause.link in page
    assert page.count("   * - Message") == len(TABLES)
