# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies of any form: written otherwise they are the same, with one thing changed another."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.metadata.policy import (
    same_policy,
)

_ACCOUNTS = st.sampled_from(["111122223333", "444455556666"])
_PRINCIPALS = st.one_of(
    _ACCOUNTS, _ACCOUNTS.map(lambda account: f"arn:aws:iam::{account}:user/shop")
)
_ACTIONS = st.sampled_from(["secretsmanager:GetSecretValue", "secretsmanager:*", "kms:Decrypt"])
_RESOURCES = st.sampled_from(["*", "arn:aws:secretsmanager:*:*:secret:A", "arn:x:a"])
_TESTS = st.sampled_from(["true", "false", "5", "o-1a2b3c", "Ü"])
_KEYS = st.sampled_from(["aws:SecureTransport", "aws:PrincipalOrgID", "aws:MultiFactorAuthAge"])


def _several(of: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(of, min_size=1, max_size=3, unique=True)


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Principal": st.one_of(
            st.just("*"),
            st.dictionaries(st.sampled_from(["AWS", "Service"]), _several(_PRINCIPALS), min_size=1),
        ),
        "Action": _several(_ACTIONS),
        "Resource": _several(_RESOURCES),
    },
    optional={
        "Sid": st.sampled_from(["One", "Two"]),
        "Condition": st.dictionaries(
            st.sampled_from(["StringEquals", "Bool"]),
            st.dictionaries(_KEYS, _several(_TESTS), min_size=1),
            min_size=1,
        ),
    },
)
POLICIES = st.fixed_dictionaries(
    {
        "Version": st.just("2012-10-17"),
        "Statement": st.lists(STATEMENTS, min_size=1, max_size=3),
    }
)


def otherwise(value: Any, chance: random.Random, name: str = "") -> Any:
    """The same written in another way."""
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        cased = name in ("StringEquals", "Bool")
        return {
            (key.upper() if cased and chance.random() < 0.5 else key): otherwise(held, chance, key)
            for key, held in items
        }
    if isinstance(value, list):
        items = [otherwise(item, chance, name) for item in value]
        chance.shuffle(items)
        return items[0] if len(items) == 1 and chance.random() < 0.5 else items
    if name == "Action" and chance.random() < 0.5:
        return value.lower()
    if name in ("AWS", "Service") and value.isdigit() and chance.random() < 0.5:
        return f"arn:aws:iam::{value}:root"
    return {"AWS": "*"} if name == "Principal" and value == "*" else value


@given(POLICIES, st.randoms(use_true_random=False))
def test_a_policy_written_otherwise_is_the_same(policy: Any, chance: random.Random) -> None:
    text = json.dumps(otherwise(policy, chance), indent=chance.choice([None, 2]))
    assert same_policy(json.dumps(policy), text)
    assert same_policy(text, json.dumps(policy))


@given(POLICIES, st.data())
def test_a_policy_with_one_thing_changed_is_another(policy: Any, data: st.DataObject) -> None:
    before = json.dumps(policy)
    statement = data.draw(st.sampled_from(policy["Statement"]))
    field = data.draw(st.sampled_from(sorted(statement)))
    other = data.draw(STATEMENTS)
    assume(field in other and normal(other[field]) != normal(statement[field]))
    statement[field] = other[field]
    assume(unordered(policy) != unordered(json.loads(before)))
    assert not same_policy(before, json.dumps(policy))


def normal(value: Any) -> Any:
    """With lists in order; the strategies have no other two ways to say the same."""
    if isinstance(value, dict):
        return {name: normal(held) for name, held in value.items()}
    return sorted(value) if isinstance(value, list) else value


def unordered(policy: Any) -> list[str]:
    return sorted(json.dumps(normal(each), sort_keys=True) for each in policy["Statement"])


_FIELDS = st.sampled_from(["Effect", "Principal", "Action", "Resource", "Sid", "Condition"])
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(POLICIES, _FIELDS, _ANYTHING)
def test_whatever_is_in_a_policy_can_be_compared(policy: Any, field: str, value: Any) -> None:
    before = json.dumps(policy)
    policy["Statement"][0][field] = value
    after = json.dumps(policy)
    assert same_policy(after, json.dumps(policy, indent=1))
    assert same_policy(before, after) == same_policy(after, before)
