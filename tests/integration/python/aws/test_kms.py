# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two texts name the same KMS key."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.metadata.kms import (
    KEY_TEXT,
    KmsKey,
    same_by_text,
)

ACCOUNT = "111122223333"
ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}"
ONE, OTHER = "1111-aa", "2222-bb"


def parse(text: str) -> KmsKey | None:
    return KmsKey.parse(text, region="eu-west-1", account=ACCOUNT)


@pytest.mark.parametrize(
    ("wanted", "held", "same"),
    [
        ("", "", True),
        ("alias/aws/secretsmanager", "", True),
        (f"{ARN}:alias/aws/secretsmanager", "", True),
        (ONE, ONE, True),
        (ONE, f"{ARN}:key/{ONE}", True),
        (f"{ARN}:key/{ONE}", ONE, True),
        ("alias/shop", "alias/shop", True),
        ("alias/shop", f"{ARN}:alias/shop", True),
        (ONE, OTHER, False),
        (f"{ARN}:key/{ONE}", f"{ARN}:key/{OTHER}", False),
        (f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{ONE}", ONE, False),
        ("", ONE, False),
        (ONE, "", False),
        ("alias/shop", "", False),
        ("", f"{ARN}:alias/shop", False),
        ("alias/shop", ONE, None),
        (ONE, f"{ARN}:alias/shop", None),
        ("alias/shop", "alias/other", None),
        ("alias/shop", "arn:aws:kms:eu-west-1:999988887777:alias/shop", None),
    ],
)
def test_texts(wanted: str, held: str, same: bool | None) -> None:
    assert same_by_text(parse(wanted), parse(held)) is same


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (ONE, True),
        ("mrk-1234", True),
        ("alias/a/b_c-d", True),
        (f"{ARN}:alias/shop", True),
        (f"{ARN}:key/{ONE}", True),
        ("arn:aws-cn:kms:cn-north-1:111122223333:key/1", True),
        ("a b", False),
        ("arn:aws:s3:::bucket", False),
        ("alias/", False),
        (f"{ONE}\n", False),
    ],
)
def test_what_may_be_given(text: str, good: bool) -> None:
    assert bool(KEY_TEXT.fullmatch(text)) is good


# --- against KMS and Secrets Manager ---


@pytest.fixture
def key(aws: Any) -> dict[str, str]:
    """A customer's key and an alias of it."""
    kms = aws.connection().open().client("kms")
    made = kms.create_key()["KeyMetadata"]
    alias = f"alias/{aws.name.replace('/', '-')}"
    kms.create_alias(AliasName=alias, TargetKeyId=made["KeyId"])
    return {"id": made["KeyId"], "arn": made["Arn"], "alias": alias}


@pytest.mark.parametrize("first", ["id", "arn", "alias"])
def test_the_same_key_in_other_words_is_no_change(
    aws: Any, key: dict[str, str], first: str
) -> None:
    assert aws.settles(kms_key_id=key[first])["changes"] == ["state", "value", "kms_key_id"]
    aws.calls()
    alias_arn = key["arn"].rpartition(":")[0] + f":{key['alias']}"
    for text in (*key.values(), alias_arn):
        result = aws.run(kms_key_id=text)
        assert not result["changed"], text
        assert "warnings" not in result
        assert result["diff"]["before"]["kms_key_id"] == text
    assert "UpdateSecret" not in aws.calls()


def test_an_alias_of_another_key_is_a_change(aws: Any, key: dict[str, str]) -> None:
    kms = aws.connection().open().client("kms")
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    aws.run(kms_key_id=other)
    assert aws.settles(kms_key_id=key["alias"])["changes"] == ["kms_key_id"]
    assert aws.settles(kms_key_id=other)["changes"] == ["kms_key_id"]


def test_kms_is_asked_only_where_the_texts_do_not_tell(aws: Any, key: dict[str, str]) -> None:
    aws.run(kms_key_id=key["id"])
    aws.calls()
    for text in (key["id"], key["arn"]):
        aws.run(kms_key_id=text)
    aws.run()
    assert "DescribeKey" not in aws.calls()
    aws.run(kms_key_id=key["alias"])
    assert aws.calls()["DescribeKey"] == 2


def test_the_key_changes_without_a_new_version_and_empty_is_aws_s_own(
    aws: Any, key: dict[str, str]
) -> None:
    created = aws.run(description="Shop")
    changed = aws.settles(kms_key_id=key["alias"], description="Shop")
    assert changed["changes"] == ["kms_key_id"]
    assert changed["version"] == created["version"]
    # Left out, it stays.
    assert not aws.run()["changed"]
    cleared = aws.settles(kms_key_id="")
    assert cleared["changes"] == ["kms_key_id"]
    assert "KmsKeyId" not in aws.described()
    assert aws.described()["Description"] == "Shop"
    assert not aws.run(kms_key_id="alias/aws/secretsmanager")["changed"]


def test_without_the_right_to_ask_kms_the_key_is_left_alone(aws: Any, key: dict[str, str]) -> None:
    aws.run(kms_key_id=key["id"])
    result = aws.run("writer", kms_key_id="alias/another")
    assert not result["changed"]
    assert "kms:DescribeKey" in result["warnings"][0]
    assert len(result["warnings"]) == 1
    assert aws.described()["KmsKeyId"] == key["id"]


def test_an_alias_that_does_not_exist(aws: Any, key: dict[str, str]) -> None:
    aws.run(kms_key_id=key["id"])
    result = aws.run(kms_key_id="alias/nobodys")
    assert result["error"]["kind"] == "not_found"
    assert "KMS key 'alias/nobodys' in eu-west-1" in result["msg"]
