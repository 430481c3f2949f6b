# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What breaks the rules of a spec is told of options as they are called where they are given."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import (
    ArgumentSpec,
    RefusedOptions,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validated

SPEC = ArgumentSpec(
    options={
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "file": {"type": "path"},
        "text": {"type": "str"},
        "user": {"type": "str"},
        "word": {"type": "str", "no_log": True},
        "number": {"type": "int"},
        "share": {"type": "float"},
        "flag": {"type": "bool"},
        "sizes": {"type": "list", "elements": "int"},
        "kinds": {"type": "list", "elements": "str", "choices": [*"abcdefgh", "several"]},
        "more": {"type": "dict", "options": {"inner": {"type": "int"}}},
        "label": {"type": "str"},
        "own": {"type": "str", "environment": ["UNIT_OWN"]},
    },
    mutually_exclusive=(("file", "text", "own"),),
    required_together=(("user", "word"),),
    required_one_of=(("user", "flag"),),
    required_if=(("state", "absent", ("number",)), ("state", "present", ("file", "text"), True)),
    required_by={"label": ("share",)},
)
RIGHT = {"name": "a", "flag": True, "file": "/x"}
WORDS = [
    ({"name": None}, "V_name is not given; give V_name"),
    ({"text": "x"}, "V_file and V_text are given, of which only one may be; leave all but one"),
    ({"state": "gone"}, "in the variable V_state 'gone' is none of present, absent; give one of"),
    (
        {"state": "abse"},
        "in the variable V_state 'abse' is none of present, absent; perhaps absent",
    ),
    (
        {"state": "no word"},
        "in the variable V_state what is given is none of present, absent; give",
    ),
    (
        {"kinds": ["a", "severl"]},
        "in the variable V_kinds 'severl' is none of a, b, c and 6 more; per",
    ),
    ({"number": "x"}, "in the variable V_number it is no whole number; give a whole number"),
    ({"share": "x"}, "in the variable V_share it is no number; give a number"),
    ({"flag": "x"}, "in the variable V_flag it is neither true nor false; give true or false"),
    ({"sizes": {"a": 1}}, "in the variable V_sizes it is no list; write it as a list"),
    ({"sizes": [1, "x"]}, "in the variable V_sizes it is no whole number; give a whole number"),
    ({"user": "x"}, "V_word is not given, which V_user needs; give V_word"),
    ({"flag": None}, "none of V_user, V_flag is given; give one of them"),
    ({"state": "absent"}, "V_number is not given, which V_state=absent needs; give V_number"),
    ({"file": None}, "none of V_file, V_text is given, which V_state=present needs; give one of"),
    ({"label": "x"}, "V_share is not given, which V_label needs; give V_share"),
]


def refused(given: dict[str, Any]) -> RefusedOptions | None:
    try:
        validated("x", SPEC, {name: each for name, each in given.items() if each is not None})
    except RefusedOptions as error:
        return error
    return None


@pytest.mark.parametrize(("given", "says"), WORDS)
def test_each_rule_has_words_of_its_own(given: dict[str, Any], says: str) -> None:
    error = refused({**RIGHT, **given})
    assert error
    assert error.fault
    assert "; ".join(error.fault(lambda name: f"V_{name}")).startswith(says)


def test_what_comes_from_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIT_OWN", "x")
    error = refused(RIGHT)
    assert error
    assert error.fault
    assert error.fault(str)[0] == "file and own are given, of which only one may be"


@pytest.mark.parametrize("given", [{"more": {"inner": "x"}}, {"more": {"other": 1}}, {"other": 1}])
def test_what_is_inside_an_option_is_told_by_ansible_s_words(given: dict[str, Any]) -> None:
    error = refused({**RIGHT, **given})
    assert error
    assert error.fault is None


VALUES = {
    "state": st.sampled_from(["present", "absent", "x"]),
    **dict.fromkeys(("name", "file", "text", "user", "word", "label"), st.just("x")),
    **dict.fromkeys(("number", "share", "flag"), st.sampled_from([1, "x"])),
    "kinds": st.just(["a"]),
}


@drawn(st.fixed_dictionaries({}, optional=VALUES))
def test_whatever_ansible_refuses_of_these_has_words(given: dict[str, Any]) -> None:
    error = refused(given)
    assert error is None or error.fault is not None
