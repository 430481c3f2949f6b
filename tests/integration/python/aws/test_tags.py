# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's rules for tags are known before anything is written, in check mode too."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Aws


def tags(first: int, end: int) -> dict[str, str]:
    return {f"t{number}": "" for number in range(first, end)}


def names(aws: Aws) -> set[str]:
    return {tag["Key"] for tag in aws.described()["Tags"]}


@pytest.mark.parametrize("check_mode", [True, False])
def test_tags_of_others_count_before_anything_is_written(aws: Aws, check_mode: bool) -> None:
    aws.settles(tags=tags(0, 40))
    refused = aws.run(tags=tags(40, 50), check_mode=check_mode)
    assert refused["failed"]
    assert "it would have 51 tags" in refused["msg"]
    assert len(names(aws)) == 41
    aws.settles(tags=tags(40, 49))
    # The number of the value would be one more.
    assert "51 tags" in aws.run(value_version=1, check_mode=check_mode)["msg"]


def test_other_tags_take_the_place_of_as_many_as_there_may_be(aws: Aws) -> None:
    aws.settles(tags=tags(0, 49))
    aws.settles(tags=tags(50, 99), purge_tags=True)
    assert names(aws) == {*tags(50, 99), "maia.stripe_query"}


def test_a_full_secret_of_others_can_be_deleted_but_not_adopted(aws: Aws) -> None:
    aws.client().create_secret(
        Name=aws.name, SecretString="x", Tags=[{"Key": key, "Value": ""} for key in tags(0, 50)]
    )
    adopted = aws.run(on_foreign="adopt", update_value="never", check_mode=True)
    assert "51 tags" in adopted["msg"]
    wish: dict[str, Any] = {
        "on_foreign": "adopt",
        "format": "plaintext",
        "replace_value": True,
    }
    assert aws.run(state="absent", api_key=None, **wish)["changed"]
