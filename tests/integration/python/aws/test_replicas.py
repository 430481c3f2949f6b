# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas in other regions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.metadata.replicas import (
    ReplicaChange,
    Replicas,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.secret import AwsSecret
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.store.metadata import (
    Replication,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError

THREE = ["eu-central-1", "eu-north-1", "us-east-1"]


@pytest.mark.parametrize(
    ("held", "wanted", "remove", "add"),
    [
        ({}, {}, (), {}),
        ({}, {"a-1": "", "b-1": "k"}, (), {"a-1": "", "b-1": "k"}),
        ({"a-1": "k"}, {"a-1": "k"}, (), {}),
        ({"a-1": "", "b-1": "", "c-1": ""}, {}, ("a-1", "b-1", "c-1"), {}),
        ({"a-1": "", "b-1": ""}, {"b-1": "", "c-1": ""}, ("a-1",), {"c-1": ""}),
        ({"a-1": "k"}, {"a-1": "l"}, ("a-1",), {"a-1": "l"}),
    ],
)
def test_what_to_do(
    held: Replicas, wanted: Replicas, remove: tuple[str, ...], add: Replicas
) -> None:
    change = ReplicaChange.between(held, wanted)
    assert change == ReplicaChange(remove, add)
    assert change.replaced == tuple(set(remove) & set(add))


def slow(looks: int) -> tuple[Any, list[float]]:
    """A client whose replicas are gone after so many looks, and the pauses made meanwhile."""
    left = [{"ReplicationStatus": [{"Region": "a-1"}]}] * looks
    client = SimpleNamespace(
        meta=SimpleNamespace(region_name="eu-west-1"),
        exceptions=SimpleNamespace(ResourceNotFoundException=KeyError),
        remove_regions_from_replication=lambda **_request: {},
        describe_secret=lambda **_request: left.pop() if left else {},
    )
    return client, []


def test_the_end_of_a_removal_is_waited_for() -> None:
    client, pauses = slow(3)
    Replication(AwsSecret(client, "shop"), pauses.append).remove(("a-1",), wait=True)
    assert pauses == [0, 1, 2, 4]


def test_a_removal_that_does_not_end() -> None:
    client, pauses = slow(99)
    with pytest.raises(ConflictError, match="AWS has not finished yet; run again"):
        Replication(AwsSecret(client, "shop"), pauses.append).remove(("a-1",), wait=True)
    assert sum(pauses) == 30


# --- against Secrets Manager ---


def regions(aws: Any) -> list[str]:
    return sorted(each["Region"] for each in aws.described().get("ReplicationStatus", []))


def test_replicas_are_added_kept_and_purged(aws: Any) -> None:
    created = aws.settles(replica_regions=THREE[:1])
    assert created["changes"] == ["state", "value", "replica_regions"]
    more = aws.settles(replica_regions=[THREE[1], {"region": THREE[2]}])
    assert more["changes"] == ["replica_regions"]
    assert more["version"] == created["version"]
    assert regions(aws) == THREE
    assert not aws.run()["changed"]
    assert aws.settles(replica_regions=THREE[1:], purge_replicas=True)["changes"]
    assert regions(aws) == THREE[1:]
    aws.settles(replica_regions=[], purge_replicas=True)
    assert regions(aws) == []


def test_the_key_of_a_replica(aws: Any) -> None:
    with_key = [{"region": "us-east-1", "kms_key_id": "alias/shop"}]
    aws.settles(replica_regions=with_key)
    # Whichever there is will do.
    assert not aws.run(replica_regions=["us-east-1"])["changed"]
    assert not aws.run(replica_regions=["us-east-1"], purge_replicas=True)["changed"]
    other = [{"region": "us-east-1", "kms_key_id": "alias/aws/secretsmanager"}]
    refused = aws.run(replica_regions=other, check_mode=True)
    assert refused["error"]["kind"] == "conflict"
    assert "cannot be changed" in refused["msg"]
    aws.calls()
    aws.settles(replica_regions=other, purge_replicas=True)
    calls = aws.calls()
    assert calls["RemoveRegionsFromReplication"] == calls["ReplicateSecretToRegions"] == 1


def test_replicas_go_before_the_secret(aws: Any) -> None:
    aws.run(replica_regions=THREE)
    aws.calls()
    gone = aws.settles(state="absent", api_key=None)
    assert gone["changes"] == ["state"]
    assert aws.calls()["RemoveRegionsFromReplication"] == 1
    # And come back with it.
    back = aws.settles(replica_regions=THREE)
    assert back["changes"] == ["state", "replica_regions"]
    assert regions(aws) == THREE


def test_a_failed_replica_is_told(aws: Any) -> None:
    aws.client("us-east-1").create_secret(Name=aws.name, SecretString="theirs")
    aws.run(replica_regions=["us-east-1"])
    result = aws.run(replica_regions=["us-east-1"])
    assert result["warnings"] == [
        "The replica in us-east-1 failed; its reason is shown in the AWS console."
    ]
    theirs = aws.client("us-east-1").get_secret_value(SecretId=aws.name)
    assert theirs["SecretString"] == "theirs"


def test_the_own_region_is_no_replica(aws: Any) -> None:
    result = aws.run(replica_regions=["eu-west-1"], check_mode=True)
    assert result["error"]["kind"] == "configuration"
    assert "the region of the secret itself" in result["msg"]
