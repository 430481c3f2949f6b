# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stored value is, and what of it is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import new_salt
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.labels import (
    with_label,
    without_label,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Desired,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.value import (
    Form,
    StoredValue,
    take_apart,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import parse_key
from unit.fakes import LIKE_AWS, LIKE_AZURE, FakeRuntime, FakeStore, Held
from unit.keys import make_key, new_key, random_text

KEY = make_key()
THEIRS = random_text()

# By name: the value, and what it is called. None of it can be taken apart.
OTHERS: dict[str, tuple[str | bytes, str]] = {
    "binary": (b"\x80\x02" + THEIRS.encode(), "binary data"),
    "UTF-16": (json.dumps({"other": THEIRS}).encode("utf-16"), "binary data"),
    "text in binary": (THEIRS.encode(), "binary data (plain text that is not a Stripe key)"),
    "an array in binary": (b'["a"]', "binary data (a JSON array)"),
    "a key in binary": (KEY.encode(), "binary data (a Stripe key as plain text)"),
    "plain text": (THEIRS, "plain text that is not a Stripe key"),
    "YAML": (f"api_key: {KEY}\nother: {THEIRS}", "plain text that is not a Stripe key"),
    "a line with a key": (f"{KEY} {THEIRS}", "plain text that is not a Stripe key"),
    "Python repr": (repr({"other": THEIRS}), "text that is nearly JSON, but not valid JSON"),
    "trailing comma": (f'{{"other": "{THEIRS}",}}', "text that is nearly JSON, but not valid JSON"),
    "unquoted name": (f'{{other: "{THEIRS}"}}', "text that is nearly JSON, but not valid JSON"),
    "cut off": (f'{{"other": "{THEIRS}', "text that is nearly JSON, but not valid JSON"),
    "text behind it": ('{"a": "b"} x', "text that is nearly JSON, but not valid JSON"),
    "byte order mark": ('\ufeff{"a": "b"}', "text that is nearly JSON, but not valid JSON"),
    "NaN": ('{"other": NaN}', "text that is nearly JSON, but not valid JSON"),
    "array": (json.dumps([THEIRS]), "a JSON array"),
    "JSON string": (json.dumps(KEY), "a single JSON value"),
    "number": ("1e400", "a single JSON value"),
    "label twice": (
        f'{{"api_key": "{KEY}", "api_key": "{THEIRS}"}}',
        "a JSON object that has the label twice",
    ),
    "deep nesting": ('{"a":' * 100_000, "JSON that is nested too deeply"),
}
other_value = pytest.mark.parametrize(("value", "what"), OTHERS.values(), ids=OTHERS)


def stored(value: str | bytes) -> StoredValue:
    return StoredValue(binary=value) if isinstance(value, bytes) else StoredValue(value)


def store_of(value: str | bytes, *, ours: bool = True, azure: bool = False) -> FakeStore:
    """After a write of somebody else, which leaves no fingerprint."""
    text, binary = (None, value) if isinstance(value, bytes) else (value, None)
    held = Held(text, new_salt() if ours else None, binary=binary)
    store = FakeStore(LIKE_AZURE if azure else LIKE_AWS, held)
    store.knows_labels = True
    store.label = None if azure else "api_key"
    return store


def present(label: str | None = "api_key", **options: Any) -> Desired:
    return Desired(Payload(new_key(), label), label, **options)


def absent(label: str | None = "api_key", **options: Any) -> Desired:
    return Desired(None, label, **options)


def run(store: FakeStore, desired: Desired, *, check: bool = False) -> Outcome:
    return converge(store, desired, FakeRuntime(check_mode=check))


@other_value
def test_a_value_that_cannot_be_taken_apart_is_named(value: str | bytes, what: str) -> None:
    content = take_apart(stored(value), "api_key")
    assert (content.form, content.what) == (Form.OTHER, what)


@other_value
@pytest.mark.parametrize("azure", [False, True], ids=["with labels", "key alone"])
@pytest.mark.parametrize("ours", [True, False], ids=["ours", "adopted"])
def test_2_1_a_value_that_cannot_be_taken_apart_is_kept(
    value: str | bytes, what: str, azure: bool, ours: bool
) -> None:
    label = None if azure else "api_key"
    if azure and what.endswith("twice"):
        pytest.skip("there is no label to be read")
    for desired in (present(label), absent(label)):
        for check in (True, False):
            store = store_of(value, ours=ours, azure=azure)
            with pytest.raises(ConflictError) as caught:
                run(store, replace(desired, on_foreign="adopt"), check=check)
            assert store.writes == 0
            assert what in str(caught.value)
            assert "replace_value" in str(caught.value)
            for secret in (THEIRS, KEY):
                assert secret not in repr(caught.value.to_result())


@other_value
def test_it_is_replaced_or_deleted_if_that_is_asked_for(value: str | bytes, what: str) -> None:
    store, wish = store_of(value), present(replace_value=True)
    predicted, done = run(store, wish, check=True), run(store, wish)
    assert (predicted.before, predicted.after) == (done.before, done.after)
    assert done.before is not None
    assert done.before["format"] == what
    assert wish.payload is not None
    assert store.held is not None
    assert store.held.text == wish.payload.text
    for secret in (THEIRS, KEY):
        assert secret not in repr(done)
    store = store_of(value)
    assert run(store, absent(replace_value=True)).values["changes"] == ["state"]


TWICE = OTHERS["label twice"][0]


@pytest.mark.parametrize(
    "text",
    [TWICE, f'{{"api_key": "{THEIRS}", "api_key": "{KEY}"}}'],
    ids=["key first", "key last"],
)
def test_which_of_two_labels_is_meant_is_unknown(text: str) -> None:
    """One program reads the first, another the last."""
    for key in (KEY, THEIRS):
        desired = Desired(Payload(parse_key(key, allow_unknown=True), "api_key"), "api_key")
        found = run(store_of(text), replace(desired, replace_value=True), check=True).values
        assert (found["verified_by"], found["verdict"]) == ("value", "unknown")
        assert found["value_problem"] == "its JSON object has the label 'api_key' more than once"


def test_an_object_with_a_label_twice_is_no_single_key() -> None:
    text = f'{{"api_key": "{THEIRS}", "api_key": "{KEY}"}}'
    store = store_of(text)
    with pytest.raises(ConflictError, match="which are not all ours"):
        run(store, present(None, format_given=True, on_foreign="adopt"))
    assert store.writes == 0


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (f" {KEY}\n", "there is white space before or after the key"),
        (json.dumps({"api_key": f"{KEY}\n"}), "there is white space before or after the key"),
        (THEIRS, "it is plain text that is not a Stripe key"),
        (f" {make_key()}", None),
        (json.dumps({"api_key": KEY}), None),
        (json.dumps({"other": KEY}), None),
    ],
    ids=["around it", "under the label", "text", "another", "the same", "another label"],
)
def test_why_a_value_is_not_the_given_key(value: str, problem: str | None) -> None:
    assert take_apart(StoredValue(value), "api_key").problem("api_key", KEY) == problem


@pytest.mark.parametrize("value", [None, "", " \n"])
def test_no_value_is_not_one_that_cannot_be_taken_apart(value: str | None) -> None:
    assert take_apart(StoredValue(value), "api_key").form is Form.NOTHING


def test_2_1_a_json_object_in_binary_is_merged_and_stays_binary() -> None:
    store, wish = store_of(f' {{"other":"{THEIRS}"}}'.encode()), present()
    done = run(store, wish)
    assert store.held is not None
    assert store.held.binary is not None
    assert json.loads(store.held.binary)["other"] == THEIRS
    assert store.held.text is None
    assert done.after is not None
    assert (done.after["format"], done.after["labels"]) == (
        "key_value in binary",
        ["api_key", "other"],
    )
    assert not run(store, wish).changed
    run(store, absent())
    assert store.held.binary == f' {{"other":"{THEIRS}"}}'.encode()


@pytest.mark.parametrize(
    "theirs",
    [
        '{"z":1.0, "a":1e400,\t"n": -0.10}',
        '{"twice":1,"twice":2}',
        '\n{ "nested" : {"b":[1 , 2],"a":null} }\n',
        '{"":"\\u00fc\\/"}',
    ],
    ids=["numbers and order", "another label twice", "white space", "escapes"],
)
def test_others_labels_stay_as_they_are_to_the_character(theirs: str) -> None:
    added = with_label(theirs, "api_key", KEY)
    assert json.loads(added)["api_key"] == KEY
    assert without_label(added, "api_key") == theirs
    changed = with_label(added, "api_key", "x")
    assert changed == added.replace(KEY, "x")


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_label_is_removed_wherever_it_stands(place: str) -> None:
    text = f'{{ "{"api_key" if place == "first" else "a"}" : 1 ,"b": 2,  "c":3 }}'
    text = text.replace('"b"', '"api_key"') if place == "middle" else text
    text = text.replace('"c"', '"api_key"') if place == "last" else text
    rest = json.loads(without_label(text, "api_key") or "")
    assert rest == {key: value for key, value in json.loads(text).items() if key != "api_key"}


@pytest.mark.parametrize("same", [True, False], ids=["the same key", "another key"])
@pytest.mark.parametrize("ours", [True, False], ids=["ours", "adopted"])
def test_2_2_a_key_in_plain_text_stays_plain_text(same: bool, ours: bool) -> None:
    wish = present(on_foreign="adopt")
    assert wish.payload is not None
    store = store_of(wish.payload.key.value if same else KEY, ours=ours)
    predicted, done = run(store, wish, check=True), run(store, wish)
    assert (predicted.before, predicted.after) == (done.before, done.after)
    assert store.held is not None
    assert store.held.text == wish.payload.key.value
    assert (done.values["format"], done.values["label"]) == ("plaintext", None)
    assert not run(store, wish).changed


def test_2_2_another_format_is_written_only_if_it_is_asked_for() -> None:
    store, wish = store_of(KEY), present(format_given=True)
    done = run(store, wish)
    assert wish.payload is not None
    assert store.held is not None
    assert store.held.text == wish.payload.text
    assert (done.values["format"], done.values["label"]) == ("key_value", "api_key")
    assert done.before is not None
    assert done.after is not None
    assert (done.before["format"], done.before["labels"]) == ("plaintext", [])
    assert (done.after["format"], done.after["labels"]) == ("key_value", ["api_key"])


def test_the_diff_names_labels_and_no_values() -> None:
    done = run(store_of(json.dumps({"other": THEIRS})), present())
    assert done.before is not None
    assert done.after is not None
    assert (done.before["labels"], done.after["labels"]) == (["other"], ["api_key", "other"])
    assert THEIRS not in repr(done)


@pytest.mark.parametrize("labels", [{"a": "b"}, {"a": "b", "c": "d"}, {"a": KEY}])
def test_a_key_alone_takes_no_json_objects_place(labels: dict[str, str]) -> None:
    for desired in (present(None), absent(None)):
        store = store_of(json.dumps(labels), azure=True)
        with pytest.raises(ConflictError, match="a JSON object with"):
            run(store, desired)
        assert store.writes == 0
        run(store, replace(desired, replace_value=True))
