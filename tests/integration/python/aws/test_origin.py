# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""That a secret is ours does not make every Stripe key in it ours: labels may be others'."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unit.keys import make_key, random_text

from .conftest import Aws


def put(aws: Aws, **labels: str) -> None:
    """Somebody else writes the whole value."""
    aws.client().put_secret_value(SecretId=aws.name, SecretString=json.dumps(labels))


def held(aws: Aws) -> dict[str, str]:
    text = aws.client().get_secret_value(SecretId=aws.name)["SecretString"]
    return dict(json.loads(text))


WISHES: dict[str, dict[str, Any]] = {
    "present": {"label": "other"},
    "always": {"label": "other", "update_value": "always"},
    "absent": {"label": "other", "state": "absent", "api_key": None},
}


@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_key_under_another_label_of_a_secret_of_ours_is_not_taken(
    aws: Aws, wish: dict[str, Any], check_mode: bool
) -> None:
    aws.settles()
    theirs = {"api_key": aws.key, "other": make_key()}
    put(aws, **theirs)
    refused = aws.run(check_mode=check_mode, **{"api_key": make_key(), **wish})
    assert refused["error"]["kind"] == "foreign_object"
    assert "under the label 'other'" in refused["msg"]
    assert "on_foreign to adopt" in refused["msg"]
    assert held(aws) == theirs
    done = aws.run(**{"api_key": make_key(), **wish}, on_foreign="adopt")
    assert done["changes"] == ["value"]
    assert held(aws)["api_key"] == aws.key


def test_the_same_key_under_their_label_needs_no_consent(aws: Aws) -> None:
    aws.settles()
    theirs = make_key()
    put(aws, api_key=aws.key, other=theirs)
    assert not aws.run(api_key=theirs, label="other")["changed"]


def test_without_the_right_to_list_versions_it_cannot_be_known(aws: Aws) -> None:
    """The current version has several labels, and so does not tell that ours was one of them."""
    aws.settles()
    aws.settles(label="other", api_key=make_key())
    put(aws, **held(aws), third=random_text())
    put(aws, **held(aws), fourth=random_text())
    before = held(aws)
    refused = aws.run("unlisted", api_key=make_key())
    assert "and its owner is unknown" in refused["msg"]
    assert "lack secretsmanager:ListSecretVersionIds" in refused["msg"]
    assert "secretsmanager:ListSecretVersionIds" in refused["msg"]
    assert held(aws) == before
    # With it, each of our labels is found.
    for label in ("api_key", "other"):
        assert aws.settles(label=label, api_key=make_key())["changes"] == ["value"]


@pytest.mark.parametrize("writes", [1, 3])
def test_a_key_that_others_changed_under_our_label_is_put_right(aws: Aws, writes: int) -> None:
    """However often they wrote since, and whatever else is in it."""
    aws.settles()
    for number in range(writes):
        put(aws, api_key=make_key(), **{f"theirs_{number}": random_text()})
    assert aws.settles()["changes"] == ["value"]
    assert held(aws)["api_key"] == aws.key


def test_one_of_several_labels_that_others_changed_is_put_right(aws: Aws) -> None:
    other = make_key()
    aws.settles()
    aws.settles(label="other", api_key=other)
    put(aws, api_key=aws.key, other=make_key())
    put(aws, **held(aws), more=random_text())
    assert aws.settles(label="other", api_key=other)["changes"] == ["value"]
    assert held(aws)["other"] == other


def test_a_label_that_was_adopted_without_a_write_is_ours(aws: Aws) -> None:
    theirs = {"api_key": aws.key, "other": make_key()}
    aws.client().create_secret(Name=aws.name, SecretString=json.dumps(theirs))
    assert aws.settles(on_foreign="adopt")["changes"] == ["ownership"]
    assert aws.run(api_key=make_key(), label="other")["error"]["kind"] == "foreign_object"
    assert aws.settles(api_key=make_key())["changes"] == ["value"]
    assert held(aws)["other"] == theirs["other"]


def test_a_label_that_was_adopted_may_be_deleted_as_it_was(aws: Aws) -> None:
    theirs = {"api_key": aws.key, "password": random_text()}
    aws.client().create_secret(Name=aws.name, SecretString=json.dumps(theirs))
    aws.settles(on_foreign="adopt")
    assert aws.settles(state="absent", api_key=None)["changes"] == ["value"]
    assert held(aws) == {"password": theirs["password"]}


def test_a_key_alone_that_was_adopted_is_ours(aws: Aws) -> None:
    aws.client().create_secret(Name=aws.name, SecretString=aws.key)
    assert aws.settles(on_foreign="adopt")["changes"] == ["ownership"]
    rotated = make_key()
    assert aws.settles(api_key=rotated)["changes"] == ["value"]
    assert aws.client().get_secret_value(SecretId=aws.name)["SecretString"] == rotated


@pytest.mark.parametrize("fingerprint_key", [None, "k" * 16])
def test_one_of_our_labels_can_be_rolled_back(aws: Aws, fingerprint_key: str | None) -> None:
    first, second = make_key(), make_key()
    aws.settles(fingerprint_key=fingerprint_key)
    for key in (first, second):
        aws.settles(label="other", api_key=key, fingerprint_key=fingerprint_key)
    back: dict[str, Any] = {"rolled_back_to": "previous", "fingerprint_key": fingerprint_key}
    aws.settles(api_key=None, label="other", **back)
    assert held(aws) == {"api_key": aws.key, "other": first}


def test_a_rollback_changes_no_key_of_others(aws: Aws) -> None:
    aws.settles()
    for _index in range(2):
        put(aws, api_key=aws.key, other=make_key())
    before = held(aws)
    refused = aws.run(api_key=None, rolled_back_to="previous", label="other")
    assert refused["error"]["kind"] == "foreign_object"
    assert held(aws) == before


# What one of our labels was does not make a key alone ours, nor the other way round.
@pytest.mark.parametrize("wanted", ["present", "absent"])
@pytest.mark.parametrize("alone", [True, False], ids=["theirs is alone", "theirs has a label"])
def test_a_key_of_others_in_the_other_format_is_not_taken_for_ours(
    aws: Aws, wanted: str, alone: bool
) -> None:
    ours: dict[str, Any] = {"label": "second"} if alone else {"format": "plaintext"}
    aws.settles(**ours)
    theirs = make_key()
    theirs = theirs if alone else json.dumps({"second": theirs})
    aws.client().put_secret_value(SecretId=aws.name, SecretString=theirs)
    wish: dict[str, Any] = {"label": "second", "format": "key_value", "state": wanted}
    key = make_key() if wanted == "present" else None
    for check_mode in (True, False):
        refused = aws.run(**wish, api_key=key, check_mode=check_mode)
        assert refused["error"]["kind"] == "foreign_object", refused
    assert aws.client().get_secret_value(SecretId=aws.name)["SecretString"] == theirs
