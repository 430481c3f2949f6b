# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as they are stored: plain or as one label of a JSON object."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.labels import without_label
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Change,
    NewValue,
    Payload,
)
from unit.keys import new_key

KEY, OTHER = new_key(), new_key()
PLAIN = Payload(KEY)
LABELLED = Payload(KEY, "api_key")

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner),
    max_leaves=5,
)
LABELS = st.dictionaries(_TEXTS, JSON_VALUES, max_size=4)


def test_a_plain_payload_is_the_key_alone() -> None:
    assert PLAIN.text == KEY.value
    assert PLAIN.merged_into("anything") == KEY.value
    assert PLAIN.is_in(KEY.value)
    assert not PLAIN.is_in(KEY.value + "\n")
    assert not PLAIN.is_in(None)
    assert not PLAIN.is_in(LABELLED.text)


def test_a_labelled_payload_is_a_json_object() -> None:
    assert json.loads(LABELLED.text) == {"api_key": KEY.value}


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(json.dumps({"api_key": KEY.value}, indent=4), id="other white space"),
        pytest.param(json.dumps({"b": 1, "api_key": KEY.value}), id="among other labels"),
        pytest.param(LABELLED.text.replace("_key", "\\u005fkey", 1), id="escaped characters"),
    ],
)
def test_json_is_compared_by_meaning(stored: str) -> None:
    assert LABELLED.is_in(stored)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(None, id="nothing"),
        pytest.param("", id="an empty text"),
        pytest.param(KEY.value, id="the key as plain text"),
        pytest.param(json.dumps([KEY.value]), id="a list"),
        pytest.param(json.dumps({"api_key": OTHER.value}), id="another key"),
        pytest.param(json.dumps({"API_KEY": KEY.value}), id="another label"),
        pytest.param(json.dumps({"api_key": {"api_key": KEY.value}}), id="deeper down"),
        pytest.param('{"api_key": ', id="broken JSON"),
    ],
)
def test_a_key_that_readers_would_not_find_is_not_in_it(stored: str | None) -> None:
    assert not LABELLED.is_in(stored)


@given(LABELS)
def test_merging_sets_our_label_and_keeps_all_others(labels: dict[str, object]) -> None:
    merged = LABELLED.merged_into(json.dumps(labels))
    assert json.loads(merged) == {**labels, "api_key": KEY.value}
    assert LABELLED.is_in(merged)


@given(LABELS.map(lambda labels: {**labels, "api_key": KEY.value}))
def test_removing_a_label_keeps_all_others(labels: dict[str, object]) -> None:
    rest = without_label(json.dumps(labels), "api_key")
    others = {name: value for name, value in labels.items() if name != "api_key"}
    assert json.loads(rest or "{}") == others
    assert (rest is None) == (not others)


@pytest.mark.parametrize("number", ["1e400", "-0.10", "9" * 5000, "1E+2", "123456789012345678.5"])
def test_another_labels_number_stays_as_it_is_written(number: str) -> None:
    theirs = f'"theirs" : [{number} , {{"a":{number}}}]'
    stored = f' {{\n"more":"\u00fc","api_key":"{KEY.value}",{theirs}}}'
    merged = Payload(OTHER, "api_key").merged_into(stored)
    assert merged == stored.replace(KEY.value, OTHER.value)
    assert without_label(merged, "api_key") == f' {{\n"more":"\u00fc",{theirs}}}'


@pytest.mark.parametrize("half", ["\\ud800", "\ud800"], ids=["escaped", "as it is"])
def test_a_lone_surrogate_in_another_label_can_be_written_again(half: str) -> None:
    merged = LABELLED.merged_into(f'{{"other": "{half}"}}')
    assert merged.encode()
    assert json.loads(merged)["other"] == "\ud800"


def test_no_repr_shows_a_value() -> None:
    value = NewValue(PLAIN.text, Fingerprint("0" * 16, "0" * 32))
    for thing in (PLAIN, LABELLED, value, Change("0" * 16, value)):
        assert KEY.value not in repr(thing)
