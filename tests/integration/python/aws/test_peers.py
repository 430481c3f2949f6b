# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others' users complained about, each with the issue that it was told in.

R-1 to R-5 were found by running community.aws.secretsmanager_secret 11.2.0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import OPERATION
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.secret import AwsSecret
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.store.store import AwsStore
from sandbox.service import Fault
from unit.faces import run_module
from unit.keys import make_key


def make_theirs(aws: Any, text: str | None, **more: Any) -> None:
    value = {} if text is None else {"SecretString": text}
    aws.client().create_secret(Name=aws.name, **value, **more)


def test_r_1_the_same_json_in_another_order_is_no_change(aws: Any) -> None:
    make_theirs(aws, json.dumps({"user": "shop", "api_key": aws.key}, indent=3))
    adopted = aws.run(on_foreign="adopt")
    assert adopted["changes"] == ["ownership"]
    again = aws.run(compare="value")
    assert (again["changed"], again["verified_by"]) == (False, "value")
    assert len(aws.described()["VersionIdsToStages"]) == 1


def test_r_5_a_short_credential_does_not_spoil_the_arn(
    aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Theirs masks every no_log value wherever it stands."""
    args = aws.options(api_key=aws.key)
    assert f":secret:{aws.name}-" in run_module(OPERATION, args, capsys)["arn"]
    for token in ("shop", "aws", "eu"):
        refused = run_module(OPERATION, {**args, "session_token": token}, capsys)
        assert refused["error"]["subject"] == f"AWS secret '{aws.name}' in eu-west-1"


def test_ansible_69710_a_secret_without_a_value(aws: Any) -> None:
    make_theirs(aws, None)
    adopted = aws.settles(on_foreign="adopt")
    assert adopted["changes"] == ["value", "ownership"]
    assert aws.value() == aws.key


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Those that our store makes, which are not waited for."""
    made: list[float] = []
    defaults = {**(AwsStore.__init__.__kwdefaults__ or {}), "sleep": made.append}
    monkeypatch.setattr(AwsStore.__init__, "__kwdefaults__", defaults)
    return made


def test_what_is_scheduled_already_is_not_deleted_sooner_and_says_so(aws: Any) -> None:
    aws.run()
    assert "warnings" not in aws.run(state="absent", api_key=None)
    assert "warnings" not in aws.run(state="absent", api_key=None)
    for check_mode in (True, False):
        again = aws.run(state="absent", api_key=None, force_delete=True, check_mode=check_mode)
        assert not again["changed"]
        (warning,) = again["warnings"]
        assert "was scheduled for deletion before and can be restored until then" in warning


def test_what_comes_back_with_a_deleted_secret_is_told(aws: Any) -> None:
    for label in ("api_key", "another"):
        aws.run(label=label)
    client = aws.client()
    client.delete_secret(SecretId=aws.name)
    (warning,) = aws.run(api_key=make_key())["warnings"]
    assert "had been deleted and is live again, with its other labels as well: another." in warning


def test_terraform_aws_5127_10259_23998_a_name_that_was_deleted_for_good(
    aws: Any, pauses: list[float]
) -> None:
    """AWS keeps it for a while: no secret is shown any more, and none can be made yet."""
    aws.run()
    aws.run(state="absent", api_key=None, force_delete=True)
    aws.services.clear()
    pauses.clear()
    still_there: dict[str, Any] = {
        "operation": "CreateSecret",
        "status": 400,
        "code": "InvalidRequestException",
    }
    aws.services.order(Fault("aws", times=3, **still_there))
    assert aws.run()["changes"] == ["state", "value"]
    assert pauses == [0, 1, 2, 4]
    assert aws.calls() == {"DescribeSecret": 2, "CreateSecret": 4}
    aws.run(state="absent", api_key=None, force_delete=True)
    aws.services.order(Fault("aws", times=99, **still_there))
    assert aws.run()["error"]["code"] == "InvalidRequestException"
    assert sum(pauses[4:]) == 30


def test_only_a_name_that_is_not_free_is_waited_for(aws: Any, pauses: list[float]) -> None:
    taken: dict[str, Any] = {
        "operation": "CreateSecret",
        "status": 400,
        "code": "ResourceExistsException",
    }
    aws.services.order(Fault("aws", times=9, **taken))
    assert aws.run()["error"]["kind"] == "conflict"
    assert pauses == [0]


def test_terraform_aws_secrets_manager_188_a_replica_is_changed_in_its_primary_region(
    aws: Any,
) -> None:
    aws.run(replica_regions=["us-east-1"])
    aws.services.clear()
    for options in ({}, {"resource_policy": ""}, {"state": "absent", "api_key": None}):
        result = aws.run(region="us-east-1", **options)
        assert result["error"]["kind"] == "conflict"
        assert "a replica of the secret of this name in eu-west-1" in result["msg"]
        assert "set region to eu-west-1" in result["msg"]
    assert aws.services.writes("aws") == 0


# --- tags, which are purged by default there and never without being named here ---


def test_tags_of_aws_are_neither_shown_nor_purged(
    aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only AWS itself can make one, and nobody else can remove it."""
    aws.run(tags={"team": "data"})
    describe = AwsSecret.describe

    def with_one_of_aws(secret: AwsSecret) -> Mapping[str, Any]:
        found = describe(secret)
        stack = {"Key": "aws:cloudformation:stack-name", "Value": "shop"}
        return {**found, "Tags": [*found["Tags"], stack]}

    monkeypatch.setattr(AwsSecret, "describe", with_one_of_aws)
    result = aws.run(tags={"team": "data"}, purge_tags=True)
    assert not result["changed"]
    assert result["diff"]["after"]["tags"] == {"team": "data"}


def test_purging_tags_spares_ours(aws: Any) -> None:
    aws.run(tags={"team": "data", "cost": "low"}, value_version=1)
    assert not aws.run(tags={"team": "data"})["changed"]
    purged = aws.settles(tags={"team": "data"}, purge_tags=True)
    assert purged["changes"] == ["tags"]
    assert purged["diff"]["before"]["tags"] == {"team": "data", "cost": "low"}
    assert purged["diff"]["after"]["tags"] == {"team": "data"}
    assert not aws.run(tags={}, purge_tags=False)["changed"]
    aws.settles(tags={}, purge_tags=True)
    left = {tag["Key"] for tag in aws.described()["Tags"]}
    assert left == {"maia.stripe_query", "maia.stripe_query.value_version"}


# --- rotation by AWS ---


def rotate(aws: Any) -> None:
    aws.client().rotate_secret(
        SecretId=aws.name, RotationRules={"AutomaticallyAfterDays": 30}, RotateImmediately=False
    )


def test_chamber_refuses_to_write_a_rotated_secret_and_so_do_we(aws: Any) -> None:
    aws.run()
    rotate(aws)
    for check_mode in (True, False):
        refused = aws.run(api_key=make_key(), update_value="always", check_mode=check_mode)
        assert refused["error"]["kind"] == "conflict"
        assert "AWS rotates its value" in refused["msg"]
    kept = aws.settles(update_value="never", tags={"team": "data"})
    assert kept["changes"] == ["tags"]
    assert aws.settles(api_key=make_key(), allow_rotated=True)["changes"] == ["value"]


def test_nor_is_it_rolled_back(aws: Any) -> None:
    for _index in range(2):
        aws.run(api_key=make_key())
    rotate(aws)
    refused = aws.run(api_key=None, rolled_back_to="previous")
    assert "AWS rotates its value" in refused["msg"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_value_that_is_too_large_is_refused_in_check_mode(aws: Any, check_mode: bool) -> None:
    others = {"theirs": "x" * 65_500}
    aws.run()
    aws.client().put_secret_value(SecretId=aws.name, SecretString=json.dumps(others))
    refused = aws.run(check_mode=check_mode)
    assert "bytes, and AWS takes 65536" in refused["msg"]
    assert json.loads(aws.client().get_secret_value(SecretId=aws.name)["SecretString"]) == others


def test_nothing_given_is_no_change_of_a_new_secret(aws: Any) -> None:
    done = aws.settles(tags={}, description="")
    assert done["changes"] == ["state", "value"]
