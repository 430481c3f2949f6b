# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs as values."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    ansible_arguments,
    validated,
)

ONE = ArgumentSpec(
    options={"a": {"type": "str"}, "b": {"type": "str", "no_log": True}},
    mutually_exclusive=(("a", "b"),),
    required_if=(("a", "x", ("b",)),),
)
OTHER = ArgumentSpec(
    options={"c": {"type": "int"}, "d": {"type": "str", "no_log": False}},
    mutually_exclusive=(("c", "d"),),
    required_together=(("c", "d"),),
    required_one_of=(("c", "d"),),
    required_by={"c": ("d",)},
)


def test_merging_joins_options_and_all_rules() -> None:
    assert ansible_arguments(ONE.merge(OTHER)) == {
        "argument_spec": {
            "a": {"type": "str"},
            "b": {"type": "str", "no_log": True},
            "c": {"type": "int"},
            "d": {"type": "str", "no_log": False},
        },
        "mutually_exclusive": [["a", "b"], ["c", "d"]],
        "required_together": [["c", "d"]],
        "required_one_of": [["c", "d"]],
        "required_if": [["a", "x", ("b",)]],
        "required_by": {"c": ("d",)},
    }


def test_merging_changes_neither_spec() -> None:
    before = ansible_arguments(ONE)
    ONE.merge(OTHER)
    assert ansible_arguments(ONE) == before


def test_merging_with_nothing_is_the_same() -> None:
    assert ONE.merge() == ONE
    assert ansible_arguments(ONE.merge(ArgumentSpec())) == ansible_arguments(ONE)


def test_an_option_defined_twice_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match=r"twice: \['a'\]"):
        ONE.merge(OTHER, ArgumentSpec(options={"a": {}}))


def test_secret_options_are_those_with_no_log() -> None:
    assert ONE.merge(OTHER).secret_options == ("b",)


def test_kwargs_can_be_changed_without_changing_the_spec() -> None:
    ansible_arguments(ONE)["argument_spec"]["a"]["type"] = "int"
    assert ONE.options["a"] == {"type": "str"}


INNER = ArgumentSpec(options={"b": {"no_log": True}, "c": {"type": "str"}})
OUTER = ArgumentSpec(
    options={"a": {"no_log": True}, "one": {"type": "dict", "no_log": True}, "many": {}},
    parts={"one": INNER, "many": ArgumentSpec(options={"deep": {}}, parts={"deep": INNER})},
)


@pytest.mark.parametrize(
    ("params", "secrets"),
    [
        pytest.param({}, [], id="nothing given"),
        pytest.param({"a": "x", "one": None, "many": None}, ["x"], id="no parts"),
        pytest.param({"one": {"b": "x", "c": "open"}}, ["x"], id="in a dict, and there only some"),
        pytest.param({"many": [{"deep": {"b": "x"}}, {"deep": {"b": 1}}]}, ["x", "1"], id="deep"),
        pytest.param({"many": "wrong", "one": ["wrong"]}, [], id="not what it should be"),
    ],
)
def test_secrets_are_found_wherever_they_are(params: dict[str, Any], secrets: list[str]) -> None:
    assert list(OUTER.secrets(params)) == secrets


def test_parts_are_merged() -> None:
    assert ArgumentSpec(options={"x": {}}).merge(OUTER).parts == OUTER.parts


def test_an_option_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = {"user": {"type": "str", "environment": ["SHOP_USER", "SHOP_LOGIN"]}}
    spec = ArgumentSpec(options={**inner, "part": {"type": "dict", "options": inner}})
    assert validated("probe", spec, {"part": {}}) == {"user": None, "part": {"user": None}}
    monkeypatch.setenv("SHOP_LOGIN", "second")
    assert validated("probe", spec, {"part": {}}) == {"user": "second", "part": {"user": "second"}}
    monkeypatch.setenv("SHOP_USER", "first")
    assert validated("probe", spec, {"user": "given"})["user"] == "given"
    assert validated("probe", spec, {})["user"] == "first"
