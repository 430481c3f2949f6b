# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose secret it is, by a tag that others may copy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.metadata.tags import (
    MARKER_TAG,
    Marker,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    new_salt,
    salt_text,
)
from unit.keys import make_key

from .conftest import Aws


def tagged(text: object) -> dict[str, str]:
    return {MARKER_TAG: str(text), "team": "data"}


@pytest.mark.parametrize("key", ["", "k" * 16])
def test_a_marker_is_read_for_its_own_secret_only(key: str) -> None:
    marker = Marker.of("stripe/shop", new_salt(), key)
    assert Marker.read(tagged(marker), "stripe/shop") == marker
    assert Marker.read(tagged(marker), "stripe/Shop") is None
    assert Marker.read({}, "stripe/shop") is None
    assert Marker.read(tagged(f"{marker}0"), "stripe/shop") is None
    assert Marker.read(tagged(f"x{marker}"), "stripe/shop") is None


@pytest.mark.parametrize("key_id", ["", "0123abcd"])
def test_a_marker_of_release_1_0_0_counts_wherever_it_is(key_id: str) -> None:
    salt = new_salt()
    found = Marker.read(tagged(salt_text(salt, key_id)), "stripe/shop")
    assert found == Marker(salt, key_id, "")
    assert str(found) == salt_text(salt, key_id)


@pytest.mark.parametrize("wish", [{}, {"api_key": make_key()}, {"state": "absent"}])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_foreign_secret_with_copied_tags_is_foreign(
    aws: Aws, wish: dict[str, Any], check_mode: bool
) -> None:
    aws.settles(tags={"team": "data"})
    copied = aws.described()["Tags"]
    aws.name = f"{aws.name}-of-another-team"
    aws.client().create_secret(Name=aws.name, SecretString='{"api_key": "x"}', Tags=copied)
    refused = aws.run(check_mode=check_mode, **wish)
    assert "was not made by maia.stripe_query" in refused["msg"]
    assert aws.value() == "x"


def test_a_copy_that_is_taken_over_gets_a_marker_of_its_own(aws: Aws) -> None:
    aws.settles()
    copied = aws.described()["Tags"]
    aws.name = f"{aws.name}-of-another-team"
    theirs = json.dumps({"api_key": make_key()})
    aws.client().create_secret(Name=aws.name, SecretString=theirs, Tags=copied)
    assert aws.run(on_foreign="adopt")["changes"] == ["value", "ownership"]
    assert aws.described()["Tags"] != copied
    assert not aws.run()["changed"]


def test_a_secret_of_release_1_0_0_stays_ours_and_its_marker_is_bound_by_the_next_value(
    aws: Aws,
) -> None:
    aws.settles()
    ((tag,), client) = aws.described()["Tags"], aws.client()
    unbound = {**tag, "Value": tag["Value"].rpartition(":")[0]}
    client.tag_resource(SecretId=aws.name, Tags=[unbound])
    assert not aws.run()["changed"]
    assert aws.described()["Tags"] == [unbound]
    aws.settles(api_key=make_key())
    assert aws.described()["Tags"] == [tag]
