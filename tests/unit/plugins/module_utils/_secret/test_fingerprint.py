# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    keyed_digest,
    new_salt,
    parse_salt,
    salt_text,
)
from unit.keys import make_key

SALTS = st.text("0123456789abcdef", min_size=16, max_size=16)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, TEXTS, SALTS)
def test_the_text_form_can_be_read_back(value: str, resource: str, salt: str) -> None:
    fingerprint = Fingerprint.of(value, resource=resource, salt=salt)
    assert Fingerprint.parse(str(fingerprint)) == fingerprint
    assert fingerprint.matches(value, resource=resource)


@given(TEXTS, TEXTS, SALTS)
def test_another_value_does_not_match(value: str, other: str, salt: str) -> None:
    fingerprint = Fingerprint.of(value, resource="place", salt=salt)
    assert fingerprint.matches(other, resource="place") == (value == other)


def test_place_and_salt_change_the_digest() -> None:
    key, salt = make_key(), new_salt()
    fingerprint = Fingerprint.of(key, resource="here", salt=salt)
    assert not fingerprint.matches(key, resource="there")
    assert Fingerprint.of(key, resource="here", salt=new_salt()).digest != fingerprint.digest


def test_no_place_runs_into_its_value() -> None:
    salt = new_salt()
    one = Fingerprint.of("cd", resource="ab", salt=salt)
    assert one != Fingerprint.of("d", resource="abc", salt=salt)
    assert keyed_digest(salt, "ab", "c") != keyed_digest(salt, "a", "bc")


def test_it_shows_nothing_of_the_value() -> None:
    key = make_key()
    fingerprint = Fingerprint.of(key, resource="here", salt=new_salt())
    assert key not in repr(fingerprint)
    assert key not in str(fingerprint)
    assert len(fingerprint.short) == 12
    assert str(fingerprint).endswith(f":{fingerprint.digest}:{fingerprint.place}")
    assert fingerprint.digest.startswith(fingerprint.short)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("v1", id="the version alone"),
        pytest.param("v2:s." + "0" * 16 + ":" + "0" * 32, id="another version"),
        pytest.param("v1:s." + "0" * 15 + ":" + "0" * 32, id="short salt"),
        pytest.param("v1:s." + "0" * 16 + ":" + "0" * 31, id="short digest"),
        pytest.param("v1:s." + "A" * 16 + ":" + "0" * 32, id="upper case"),
        pytest.param("v1:s." + "0" * 16 + ":" + "0" * 32 + "\n", id="a line end after it"),
    ],
)
def test_anything_else_is_no_fingerprint(text: str) -> None:
    assert Fingerprint.parse(text) is None


def test_salts_are_fresh_and_have_64_bits() -> None:
    salts = {new_salt() for _index in range(100)}
    assert len(salts) == 100
    assert all(len(bytes.fromhex(salt)) == 8 for salt in salts)


def test_a_key_of_the_users_own_goes_into_the_fingerprint() -> None:
    value, salt = make_key(), new_salt()
    plain = Fingerprint.of(value, resource="here", salt=salt)
    keyed = Fingerprint.of(value, resource="here", salt=salt, key="k" * 16)
    assert keyed.digest != plain.digest
    assert "k" * 16 not in str(keyed)
    assert Fingerprint.parse(str(keyed)) == keyed
    assert keyed.matches(value, resource="here", key="k" * 16)
    assert not keyed.matches(value, resource="here", key="x" * 16)
    assert not keyed.matches(value, resource="here")
    assert not plain.comparable("k" * 16)


@pytest.mark.parametrize("key_id", ["", "0123abcd"])
def test_a_salt_alone_can_be_read_back(key_id: str) -> None:
    salt = new_salt()
    assert parse_salt(salt_text(salt, key_id)) == (salt, key_id)
    assert parse_salt(salt_text(salt, key_id) + "0") is None
