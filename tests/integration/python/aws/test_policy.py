# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource policies, compared by meaning."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.metadata.policy import (
    same_policy,
)

ACCOUNT = "111122223333"
POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Runner",
            "Effect": "Allow",
            "Principal": {"AWS": [ACCOUNT, "444455556666"]},
            "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "true"}},
        },
        {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"},
    ],
}


def changed(path: list[Any], value: Any) -> str:
    policy = copy.deepcopy(POLICY)
    place = policy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(policy)


RUNNER: list[Any] = ["Statement", 0]
SAME = {
    "spacing": json.dumps(POLICY, indent=4),
    "the order of keys": json.dumps(POLICY, sort_keys=True),
    "the order of statements": changed(["Statement"], POLICY["Statement"][::-1]),
    "the order of actions": changed([*RUNNER, "Action"], POLICY["Statement"][0]["Action"][::-1]),
    "the case of actions": changed(["Statement", 1, "Action"], "SecretsManager:*"),
    "a list of one": changed([*RUNNER, "Resource"], ["*"]),
    "everybody": changed(["Statement", 1, "Principal"], {"AWS": "*"}),
    "an account's root": changed(
        [*RUNNER, "Principal", "AWS"], [f"arn:aws:iam::{ACCOUNT}:root", "444455556666"]
    ),
    "a boolean": changed([*RUNNER, "Condition", "Bool"], {"aws:securetransport": [True]}),
}
OTHER = {
    "an effect": changed([*RUNNER, "Effect"], "Deny"),
    "an action less": changed([*RUNNER, "Action"], "secretsmanager:GetSecretValue"),
    "a principal": changed([*RUNNER, "Principal", "AWS"], ACCOUNT),
    "a user instead of the root": changed(
        [*RUNNER, "Principal", "AWS"], [f"arn:aws:iam::{ACCOUNT}:user/x", "444455556666"]
    ),
    "a resource's case": changed([*RUNNER, "Resource"], "arn:X"),
    "a condition": changed([*RUNNER, "Condition", "Bool"], {"aws:SecureTransport": "false"}),
    "a statement less": changed(["Statement"], POLICY["Statement"][:1]),
    "a Sid": changed([*RUNNER, "Sid"], "Other"),
    "a condition beside one that differs in case": changed(
        [*RUNNER, "Condition", "Bool"],
        {"AWS:SecureTransport": "false", "aws:SecureTransport": "true"},
    ),
    "no policy": "",
    "no end of brackets": '{"Statement": ' + "[" * 100_000,
    "no JSON": "{",
}


@pytest.mark.parametrize("what", SAME)
def test_the_same_meaning(what: str) -> None:
    assert same_policy(SAME[what], json.dumps(POLICY))


@pytest.mark.parametrize("what", OTHER)
def test_another_meaning(what: str) -> None:
    assert not same_policy(OTHER[what], json.dumps(POLICY))


# --- against Secrets Manager ---


def policy_of(aws: Any) -> Any:
    return aws.client().get_resource_policy(SecretId=aws.name).get("ResourcePolicy")


RUNNERS = {**POLICY, "Statement": POLICY["Statement"][0]}


def test_a_policy_is_set_changed_kept_and_deleted(aws: Any) -> None:
    created = aws.settles(resource_policy=RUNNERS)
    assert created["changes"] == ["state", "value", "resource_policy"]
    assert not aws.run(resource_policy=json.dumps(RUNNERS, indent=2))["changed"]
    narrower = {**RUNNERS, "Statement": {**RUNNERS["Statement"], "Principal": {"AWS": ACCOUNT}}}
    changed = aws.settles(resource_policy=narrower)
    assert changed["changes"] == ["resource_policy"]
    assert changed["version"] == created["version"]
    assert json.loads(policy_of(aws)) == narrower
    aws.calls()
    assert not aws.run()["changed"]
    assert "GetResourcePolicy" not in aws.calls()
    assert aws.settles(resource_policy="")["changes"] == ["resource_policy"]
    assert policy_of(aws) is None
    assert not aws.run(resource_policy={})["changed"]


def test_a_policy_that_lets_everybody_in_is_blocked(aws: Any) -> None:
    aws.run()
    everybody = {**RUNNERS, "Statement": {**RUNNERS["Statement"], "Principal": "*"}}
    result = aws.run(resource_policy=everybody)
    assert result["error"]["kind"] == "configuration"
    assert result["error"]["code"] == "PublicPolicyException"
    assert policy_of(aws) is None


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": [ACCOUNT, "*"]}])
def test_a_policy_for_everybody_is_refused_before_anything_is_written(
    aws: Any, principal: Any
) -> None:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}
    for check_mode in (True, False):
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        result = aws.run(resource_policy=policy, check_mode=check_mode)
        assert "resource_policy allows something to everybody" in result["msg"]
    assert "CreateSecret" not in aws.calls()


def test_a_restored_secret_gets_its_policy(aws: Any) -> None:
    aws.run(resource_policy=RUNNERS)
    aws.run(state="absent", api_key=None)
    aws.settles(resource_policy=RUNNERS)
    assert json.loads(policy_of(aws)) == RUNNERS


def test_a_missing_right_is_named(aws: Any) -> None:
    aws.run()
    result = aws.run("metadata", resource_policy=RUNNERS)
    assert "lack secretsmanager:PutResourcePolicy" in result["msg"]
