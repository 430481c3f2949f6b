# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be encoded is refused before anything is done with it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.private_file import (
    read_private_file,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import Redactor
from ansible_collections.maia.stripe_query.plugins.module_utils._core.text import check_values

HALF = "a\udc00b"


@pytest.mark.parametrize(
    "value", [HALF, [HALF], {"a": HALF}, {HALF: "a"}, {"a": [{"b": ("c", HALF)}]}]
)
def test_half_of_a_pair_is_refused_at_any_depth(value: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_values({"fine": "text", "tags": value})
    refusal = "Option tags: it holds half of a surrogate pair, which is no character"
    assert str(refused.value) == f"{refusal}; give text in Unicode."


def nested(levels: int) -> Any:
    return [nested(levels - 1)] if levels else "a"


@pytest.mark.parametrize(
    "value", [float("inf"), [-float("inf")], {"a": float("nan")}, 2**63, "9" * 5000]
)
def test_what_is_no_number_of_a_usual_size_is_refused(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="it holds a number that is too large, or is none"):
        check_values({"tags": value})


@pytest.mark.parametrize("value", [59, True, [], ["a"]])
def test_what_has_options_is_a_mapping(value: Any) -> None:
    free: dict[str, Any] = {"type": "dict"}
    options = {"tags": {**free, "options": {"a": {}}}, "free": free}
    with pytest.raises(ConfigurationError, match="Option tags: it is no mapping"):
        check_values({"tags": value}, options)
    check_values({"tags": {"a": 1}, "free": 59}, options)


def test_what_is_nested_too_deeply_is_refused() -> None:
    check_values({"tags": nested(40)})
    for levels in (41, 900):
        with pytest.raises(ConfigurationError, match="nested more than 40 levels deep"):
            check_values({"tags": nested(levels)})


@pytest.mark.parametrize("value", ["", "\0\n", "🔑", "\u202e", None, 7, True, ["a"], {"a": None}])
def test_all_else_is_not(value: Any) -> None:
    check_values({"tags": value})


def test_it_is_masked_all_the_same() -> None:
    redactor, secret = Redactor(), f"secret{HALF}secret"
    redactor.protect(secret)
    assert secret not in redactor.mask(f"before {secret} after")


def test_a_path_that_can_be_none_is_no_file() -> None:
    with pytest.raises(ConfigurationError, match="there is no such file"):
        read_private_file("Key file", "/a\0b")


def test_only_a_list_is_left_to_be_looked_through_entry_by_entry() -> None:
    check_values({"targets": [{"size": math.inf}]}, apart={"targets"})
    with pytest.raises(ConfigurationError, match="Option targets"):
        check_values({"targets": {"size": math.inf}}, apart={"targets"})


_TEXT: dict[str, Any] = {"type": "str"}
_PATH: dict[str, Any] = {"type": "path"}
_TEXTS: dict[str, Any] = {"type": "list", "elements": "str"}
_WITHIN: dict[str, Any] = {"type": "list", "elements": "dict", "options": {"name": _TEXT}}


@pytest.mark.parametrize("value", [True, False, [], ["q"], {"a": 1}])
@pytest.mark.parametrize(
    "rules", [_TEXT, _PATH, _TEXTS, _WITHIN], ids=["text", "path", "list", "in a dict"]
)
def test_what_would_become_a_text_as_python_writes_it_is_refused(
    value: Any, rules: dict[str, Any]
) -> None:
    given = {
        id(_TEXT): value,
        id(_PATH): value,
        id(_TEXTS): ["a", value],
        id(_WITHIN): [{"name": value}],
    }
    with pytest.raises(ConfigurationError, match=r"^Option description: it is .*, and no text; "):
        check_values({"description": given[id(rules)]}, {"description": rules})


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        *(("text", _TEXT), (7, _TEXT), (1.5, _TEXT), (None, _TEXT), (" a\nb ", _TEXT)),
        *((["a", 7], _TEXTS), ("a,b", _TEXTS), ([], _TEXTS), ([{"name": 7}], _WITHIN)),
        *((True, {"type": "bool"}), (["a"], {"type": "raw"}), (["a"], {})),
        # Ansible tells which there are.
        (True, {"type": "str", "choices": ["never"]}),
    ],
)
def test_a_text_a_number_and_what_is_no_text_are_not(value: Any, rules: dict[str, Any]) -> None:
    check_values({"description": value}, {"description": rules})


_NAMES = ("name", "project", "label", "secret_name", "authorize_definition_name")


@pytest.mark.parametrize("option", _NAMES)
@pytest.mark.parametrize(
    "name", ["q ", " q", "q\n", "a\nb", "a\tb", "a\u2028b", "None", "null", "NULL", "undefined"]
)
def test_a_name_that_nobody_meant_is_refused(option: str, name: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^Option {option}: "):
        check_values({option: name})


@pytest.mark.parametrize(
    "name", ["q", "a b", "a\u00a0b", "a\u200db", "Nonesuch", "null-island", 7, "", None]
)
def test_all_others_are_not(name: object) -> None:
    check_values({"name": name, "description": "None", "tags": {"a": " q "}})


def test_a_list_of_texts_is_not_made_of_true() -> None:
    with pytest.raises(ConfigurationError, match="and no list"):
        check_values({"names": True}, {"names": _TEXTS})


@pytest.mark.parametrize("option", ["name", "authorize_secret_name", "environment"])
def test_a_name_that_yaml_took_for_a_number_is_refused(option: str) -> None:
    """Of 1.10 the last digit is lost. Whole numbers have all of theirs."""
    with pytest.raises(ConfigurationError, match="of whose digits some may be lost; give the name"):
        check_values({option: 1.1})
    check_values({option: 110, "description": 1.1})
