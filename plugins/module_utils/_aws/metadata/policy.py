# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource policies, compared by meaning.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from typing import Any

# One of something may stand without its list.
_LISTS = ("Action", "NotAction", "Resource", "NotResource")
_PRINCIPALS = ("Principal", "NotPrincipal")
_ACCOUNT_ROOT = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):root")


def policy_of(text: str) -> dict[str, Any] | None:
    """The policy in a JSON text; None if it is none."""
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return policy if isinstance(policy, dict) else None


def allows_everybody(policy: dict[str, Any]) -> bool:
    """Whether a statement without a condition does, which is public whatever AWS makes of others.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
    """
    return any(map(_allows_everybody, _list(policy.get("Statement", []))))


def _allows_everybody(statement: Any) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    named = principal.values() if isinstance(principal, dict) else [principal]
    return not statement.get("Condition") and any("*" in _list(each) for each in named)


def same_policy(one: str, other: str) -> bool:
    """Whether two JSON texts say the same: order, lists of one and spelling do not matter."""
    if one == other:
        return True
    first, second = policy_of(one), policy_of(other)
    if first is None or second is None:
        return False
    return _canonical(first) == _canonical(second)


def _canonical(policy: dict[str, Any]) -> str:
    statements = _list(policy.get("Statement", []))
    canonical = {
        **policy,
        "Statement": sorted((_statement(each) for each in statements), key=_text),
    }
    return _text(canonical)


def _statement(statement: Any) -> Any:
    if not isinstance(statement, dict):
        return statement
    canonical = dict(statement)
    for name in _LISTS:
        if name in canonical:
            canonical[name] = _set(canonical[name], lower=name.endswith("Action"))
    for name in _PRINCIPALS:
        if name in canonical:
            canonical[name] = _principal(canonical[name])
    conditions = canonical.get("Condition")
    if isinstance(conditions, dict):
        canonical["Condition"] = {
            operator: _condition(tests) for operator, tests in conditions.items()
        }
    return canonical


def _principal(principal: Any) -> Any:
    if principal == "*":
        principal = {"AWS": "*"}
    if not isinstance(principal, dict):
        return principal
    return {
        kind: _set([_account(name) for name in _list(names)]) for kind, names in principal.items()
    }


def _account(name: Any) -> Any:
    """An account may be named by its number or by the ARN of its root."""
    match = _ACCOUNT_ROOT.fullmatch(name) if isinstance(name, str) else None
    return match[1] if match else name


def _condition(tests: Any) -> Any:
    """Keys have no case, and numbers and booleans may stand without quotes.

    Two keys that differ in their case alone stay two, or one of them would not be looked at.
    """
    if not isinstance(tests, dict):
        return tests
    keys = [
        [
            key.lower(),
            _set([each if isinstance(each, str) else json.dumps(each) for each in _list(values)]),
        ]
        for key, values in tests.items()
    ]
    return sorted(keys, key=_text)


def _set(values: Any, *, lower: bool = False) -> list[Any]:
    listed = [each.lower() if lower and isinstance(each, str) else each for each in _list(values)]
    unique = {_text(each): each for each in listed}
    return [unique[text] for text in sorted(unique)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
