# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which texts are marked as data, in both of Ansible's ways, and which names no host may have."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.plugin_utils._inventory_data import (
    as_data,
    fault_of_host_name,
)

PLAIN = [
    *("", "local", "aws", "Shop Analytics", "prod-eu_1.2", "Größe & Co", "a@b/c:d,e+f"),
    *("Jane's", '"new" €; #1!', "'x'"),
]
CODE = [
    "{{ lookup('pipe', 'id') }}",
    "{% if x %}",
    "{",
    "} x",
    "% set x %",
    "#}",
    "lookup('pipe')",
    "a | b",
    "[1]",
    "f ('x')",
    "a\\b",
    "x\n",
]


class Unsafe(str):
    """As ansible-core 2.18 marks data."""


class Trusted(str):
    """As ansible-core 2.19 marks what may be a template."""


def until_2_18(value: Any) -> Any:
    return as_data(value, data=Unsafe, plain=str)


def from_2_19(value: Any) -> Any:
    return as_data(value, data=str, plain=Trusted)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_listed_as_plain_text(text: str) -> None:
    assert until_2_18(text).__class__ is str
    assert from_2_19(text).__class__ is Trusted
    assert until_2_18(text) == from_2_19(text) == text


@pytest.mark.parametrize("text", CODE)
def test_what_could_be_code_or_a_part_of_it_is_data(text: str) -> None:
    assert until_2_18(text).__class__ is Unsafe
    assert from_2_19(text).__class__ is str


def test_texts_in_lists_and_dictionaries_are_data_as_well() -> None:
    (inner,) = until_2_18({"agent": [{"name": "{{ x }}"}]})["agent"]
    assert inner["name"].__class__ is Unsafe
    assert until_2_18({"a": None, "b": 1}) == {"a": None, "b": 1}


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param("shop-analytics-production", None, id="usual"),
        pytest.param("0a1b/prod 100%, é", None, id="unusual"),
        pytest.param("x/{{ 1 }}", "template", id="template"),
        pytest.param("{", "template", id="a part of one"),
        pytest.param("}", "template", id="the end of one"),
        pytest.param("", "empty", id="empty"),
        pytest.param(" x", "blank", id="leading blank"),
        pytest.param("a\nb", "printed", id="line break"),
        pytest.param("all", "meaning", id="all"),
        pytest.param("localhost", "meaning", id="localhost"),
    ],
)
def test_names_that_no_host_may_have(name: str, fault: str | None) -> None:
    found = fault_of_host_name(name)
    assert (fault is None) == (found is None)
    assert fault is None or fault in (found or "")
