# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making an earlier version current again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unit.keys import make_key


@pytest.fixture
def keys(aws: Any) -> list[str]:
    """Three keys, stored one after the other."""
    made = [make_key() for _index in range(3)]
    for key in made:
        assert aws.run(api_key=key)["changed"]
    return made


def back(aws: Any, to: str = "previous", *args: Any, **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = aws.run(*args, api_key=None, rolled_back_to=to, **options)
    return result


def test_to_the_previous_version_once(aws: Any, keys: list[str]) -> None:
    before = aws.run(api_key=keys[2])
    done = aws.settles(api_key=None, rolled_back_to="previous")
    assert done["changes"] == ["value"]
    assert done["version_before"] == before["version"]
    assert done["diff"]["before"]["version"] == before["version"]
    assert done["diff"]["after"]["version"] == done["version"]
    assert done["diff"]["before"]["fingerprint"] != done["diff"]["after"]["fingerprint"]
    assert done["fingerprint"] == done["diff"]["after"]["fingerprint"]
    assert aws.value() == keys[1]
    for _index in range(2):
        assert not back(aws)["changed"]
    assert aws.value() == keys[1]


def test_check_mode_tells_the_version_and_changes_nothing(aws: Any, keys: list[str]) -> None:
    aws.calls()
    predicted = back(aws, check_mode=True)
    assert aws.calls() == {"DescribeSecret": 1, "ListSecretVersionIds": 1}
    assert aws.value() == keys[2]
    assert back(aws)["version"] == predicted["version"]


def test_the_fingerprint_says_what_is_current_then(aws: Any, keys: list[str]) -> None:
    back(aws)
    aws.calls()
    same = aws.run(api_key=keys[1])
    assert (same["changed"], same["verified_by"]) == (False, "fingerprint")
    assert aws.calls() == {"DescribeSecret": 1}


def test_the_newer_key_can_be_written_again_and_gone_back_from(aws: Any, keys: list[str]) -> None:
    """Its old version id must not be used again: AWS would take it for a repeated call."""
    seen = {aws.run(api_key=keys[2])["version"]}
    for _index in range(3):
        assert back(aws)["changed"]
        assert aws.value() == keys[1]
        written = aws.settles(api_key=keys[2])
        assert written["changes"] == ["value"]
        assert written["version"] not in seen
        seen.add(written["version"])
        assert aws.value() == keys[2]


def test_a_version_that_is_there_already_is_made_current(aws: Any, keys: list[str]) -> None:
    """The labels are as they were when the last key was written, and so is its version's id."""
    versions = list(aws.described()["VersionIdsToStages"])
    current = aws.run(api_key=keys[2])["version"]
    earlier = next(version for version in versions if version != current)
    client = aws.client()
    first = next(
        each["VersionId"]
        for each in client.list_secret_version_ids(SecretId=aws.name, IncludeDeprecated=True)[
            "Versions"
        ]
        if each["VersionId"] not in versions
    )
    for target, source in ((first, current), (earlier, first)):
        client.update_secret_version_stage(
            SecretId=aws.name,
            VersionStage="AWSCURRENT",
            MoveToVersionId=target,
            RemoveFromVersionId=source,
        )
    assert aws.value() == keys[1]
    result = aws.settles(api_key=keys[2])
    assert result["version"] == current
    assert aws.value() == keys[2]


def test_to_a_version_by_its_id(aws: Any, keys: list[str]) -> None:
    ids = [aws.run(api_key=keys[2])["version"]]
    ids += [back(aws)["version"]]
    done = aws.settles(api_key=None, rolled_back_to=ids[0])
    assert done["version"] == ids[0]
    assert aws.value() == keys[2]
    # The current one is known from the description alone.
    aws.calls()
    assert not back(aws, ids[0])["changed"]
    assert aws.calls() == {"DescribeSecret": 1}


def test_to_one_that_has_no_label_any_more(aws: Any) -> None:
    keys = [make_key() for _index in range(3)]
    first, *_others = [aws.run(api_key=key)["version"] for key in keys]
    aws.settles(api_key=None, rolled_back_to=first)
    assert aws.value() == keys[0]


def test_the_number_of_the_other_value_is_removed(aws: Any) -> None:
    for number in (1, 2):
        aws.run(api_key=make_key(), value_version=number)
    done = aws.settles(api_key=None, rolled_back_to="previous")
    assert done["changes"] == ["value", "value_version"]
    assert aws.run(value_version=2)["changes"] == ["value", "value_version"]


@pytest.mark.parametrize(
    ("to", "kind", "reason"),
    [
        ("x" * 32, "not_found", "no version of the id in rolled_back_to"),
        ("previous", "conflict", "it has no previous version"),
    ],
)
def test_nowhere_to_go(aws: Any, to: str, kind: str, reason: str) -> None:
    aws.run()
    result = back(aws, to)
    assert result["error"]["kind"] == kind
    assert reason in result["msg"]


def test_what_is_not_there_or_not_ours(aws: Any) -> None:
    assert back(aws)["error"]["kind"] == "not_found"
    aws.client().create_secret(Name=aws.name, SecretString="theirs")
    assert back(aws)["error"]["kind"] == "foreign_object"


@pytest.mark.usefixtures("keys")
def test_what_is_scheduled_for_deletion(aws: Any) -> None:
    aws.run(state="absent", api_key=None)
    assert "scheduled for deletion" in back(aws)["msg"]


@pytest.mark.parametrize("option", ["api_key", "description", "tags", "value_version"])
def test_it_does_nothing_else(aws: Any, option: str) -> None:
    values = {"api_key": make_key(), "description": "x", "tags": {"a": "b"}, "value_version": 1}
    result = aws.run(**{"api_key": None, "rolled_back_to": "previous", option: values[option]})
    assert "mutually exclusive" in result["msg"]


def test_missing_rights_are_named(aws: Any, keys: list[str]) -> None:
    assert "lack secretsmanager:UpdateSecretVersionStage" in back(aws, "previous", "reader")["msg"]
    assert aws.value() == keys[2]


def put(aws: Any, value: dict[str, Any]) -> None:
    """As another tool does."""
    aws.client().put_secret_value(SecretId=aws.name, SecretString=json.dumps(value))


def text(aws: Any) -> str:
    return str(aws.client().get_secret_value(SecretId=aws.name)["SecretString"])


def test_labels_that_others_added_since_are_not_thrown_away(aws: Any, keys: list[str]) -> None:
    """Neither with the version before theirs, nor with one before that."""
    older = aws.run(api_key=keys[2])["version"]
    first = next(each for each in aws.described()["VersionIdsToStages"] if each != older)
    put(aws, {"api_key": keys[2], "db_password": "theirs", "port": 1})
    before = text(aws)
    for to in ("previous", first):
        for check_mode in (True, False):
            refused = back(aws, to, check_mode=check_mode)
            assert refused["error"]["kind"] == "conflict"
            assert "'db_password', 'port'" in refused["msg"]
            assert "store the earlier key as a new one, with api_key" in refused["msg"]
            assert "theirs" not in refused["msg"]
    assert text(aws) == before


def test_the_rollback_of_another_label_is_none_of_this_one(aws: Any) -> None:
    for _round in range(2):
        for label in ("a", "b"):
            aws.run(api_key=make_key(), label=label)
    assert aws.settles(api_key=None, rolled_back_to="previous", label="b")["changes"] == ["value"]
    before = text(aws)
    for check_mode in (True, False):
        refused = back(aws, label="a", check_mode=check_mode)
        assert "its last rollback left the key under the label 'a' as it was" in refused["msg"]
        # Without the right to read values it cannot be told whose rollback there was.
        unread = back(aws, "previous", "writer", label="b", check_mode=check_mode)
        assert "it cannot be known whether anything but the key would change" in unread["msg"]
    assert text(aws) == before


def test_a_number_is_not_the_text_of_it(aws: Any, keys: list[str]) -> None:
    put(aws, {"api_key": keys[0], "port": 1})
    put(aws, {"api_key": keys[1], "port": "1"})
    assert "'port'" in back(aws)["msg"]


def test_with_the_same_labels_beside_it_only_our_key_goes_back(aws: Any) -> None:
    one, two = make_key(), make_key()
    aws.run(api_key=one)
    put(aws, {"api_key": one, "db_password": "theirs"})
    aws.run(api_key=two)
    assert aws.settles(api_key=None, rolled_back_to="previous")["format"] == "key_value"
    assert json.loads(text(aws)) == {"api_key": one, "db_password": "theirs"}


def test_what_would_bring_back_the_same_key_is_refused(aws: Any) -> None:
    for _index in range(2):
        aws.run(update_value="always")
    assert "holds the same key" in back(aws)["msg"]


@pytest.mark.parametrize("value", [{"SecretBinary": b"\xff"}, {"SecretString": '{"other": "x"}'}])
def test_a_version_without_a_key_is_refused(aws: Any, value: dict[str, Any]) -> None:
    version = aws.run()["version"]
    aws.client().put_secret_value(SecretId=aws.name, **value)
    aws.client().update_secret_version_stage(
        SecretId=aws.name,
        VersionStage="AWSCURRENT",
        MoveToVersionId=version,
        RemoveFromVersionId=next(iter(aws.described()["VersionIdsToStages"].keys() - {version})),
    )
    aws.run(api_key=make_key())
    versions = aws.client().list_secret_version_ids(SecretId=aws.name, IncludeDeprecated=True)
    for each in versions["Versions"]:
        if len(each["VersionId"]) != 64:
            assert "holds no Stripe key" in back(aws, each["VersionId"])["msg"]
            break
    else:
        raise AssertionError(versions)


def test_the_format_of_a_version_of_others_is_the_real_one(aws: Any) -> None:
    theirs = make_key()
    aws.run(api_key=make_key())
    aws.client().put_secret_value(SecretId=aws.name, SecretString=theirs)
    aws.run(api_key=make_key())
    done = back(aws)
    assert (done["format"], done["label"]) == ("plaintext", None)
    assert text(aws) == theirs


def test_what_may_not_be_read_is_not_rolled_back_unless_the_ids_say_enough(aws: Any) -> None:
    one, two = make_key(), make_key()
    aws.run(api_key=one)
    put(aws, {"api_key": two, "theirs": "x"})
    refused = back(aws, "previous", "writer")
    assert refused["error"]["kind"] == "not_permitted"
    assert "cannot be known" in refused["msg"]
