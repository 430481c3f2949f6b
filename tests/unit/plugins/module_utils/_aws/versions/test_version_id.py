# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Version ids that carry a fingerprint."""

from __future__ import annotations

import string

from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.versions.version_id import (
    make_version_id,
    read_version_id,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    keyed_digest,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import NewValue

LABEL = "api_key"
SALTS = st.text("0123456789abcdef", min_size=16, max_size=16)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PREVIOUS = st.none() | st.text(string.hexdigits + "-", min_size=1, max_size=64)


def value_of(text: str, salt: str, *, sole: bool = True) -> NewValue:
    return NewValue(text, Fingerprint.of(text, resource="aws:shop", salt=salt), sole, LABEL)


@given(TEXTS, SALTS, st.booleans(), PREVIOUS)
def test_our_ids_can_be_read_with_the_salt(
    text: str, salt: str, sole: bool, previous: str | None
) -> None:
    value = value_of(text, salt, sole=sole)
    version_id = make_version_id(value, previous)
    assert len(version_id) == 64
    assert set(version_id) <= set("0123456789abcdef")
    read = read_version_id(version_id, salt, LABEL)
    assert read is not None
    assert read.fingerprint == value.fingerprint
    assert read.sole_label == sole


@given(TEXTS, SALTS, st.booleans(), st.sampled_from([LABEL, None]))
def test_ids_of_release_1_0_0_have_no_place(
    text: str, salt: str, sole: bool, label: str | None
) -> None:
    made = Fingerprint.of(text, resource="aws:shop", salt=salt)
    kind = "plain text" if label is None else f"only the label {label}"
    nonce, content = "0" * 16, kind if sole else "several labels"
    check = keyed_digest(salt, "check", content, made.digest, nonce)[:16]
    read = read_version_id(made.digest + nonce + check, salt, label)
    assert read is not None
    assert read.fingerprint == Fingerprint(salt, made.digest)
    assert read.sole_label == sole


@given(TEXTS, SALTS, SALTS)
def test_nobody_elses_salt_reads_it(text: str, salt: str, other: str) -> None:
    assume(salt != other)
    assert read_version_id(make_version_id(value_of(text, salt), None), other, LABEL) is None


@given(SALTS, st.integers(0, 63), st.sampled_from("0123456789abcdefx"))
def test_with_any_character_changed_it_is_not_ours(salt: str, place: int, new: str) -> None:
    version_id = make_version_id(value_of("text", salt), None)
    assume(version_id[place] != new)
    changed = version_id[:place] + new + version_id[place + 1 :]
    assert read_version_id(changed, salt, LABEL) is None


@given(st.none() | st.text(max_size=80), SALTS)
def test_other_ids_are_not_ours(version_id: str | None, salt: str) -> None:
    assert read_version_id(version_id, salt, LABEL) is None


def test_a_repeated_write_has_the_same_id() -> None:
    salt = new_salt()
    first = make_version_id(value_of("a", salt), "previous")
    assert make_version_id(value_of("a", salt), "previous") == first


def test_coming_back_to_a_value_makes_a_new_id() -> None:
    salt = new_salt()
    first = make_version_id(value_of("a", salt), None)
    second = make_version_id(value_of("b", salt), first)
    third = make_version_id(value_of("a", salt), second)
    assert len({first, second, third}) == 3


def test_another_text_around_the_same_label_makes_a_new_id() -> None:
    salt = new_salt()
    fingerprint = Fingerprint.of("key", resource="aws:shop", salt=salt)
    alone = make_version_id(NewValue("one", fingerprint, sole_label=False, label=LABEL), "previous")
    beside = make_version_id(
        NewValue("two", fingerprint, sole_label=False, label=LABEL), "previous"
    )
    assert alone != beside


def test_a_version_with_another_label_alone_is_not_known_to_us() -> None:
    """Or a second label of ours would take the place of the first."""
    salt = new_salt()
    version_id = make_version_id(value_of("text", salt), None)
    assert read_version_id(version_id, salt, "another") is None
    assert read_version_id(version_id, salt, None) is None
