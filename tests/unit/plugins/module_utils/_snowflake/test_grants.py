# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grants that are wanted and grants that are held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._errors import ConfigurationError
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.grants import (
    Grant,
    held_grants,
    wanted_grants,
)


def item(kind: str, name: str, *privileges: str) -> dict[str, Any]:
    return {"type": kind, "name": name, "privileges": list(privileges)}


def test_each_privilege_of_each_grantee_is_one_grant() -> None:
    wanted = wanted_grants([item("application", "app", "USAGE", "READ"), item("role", '"r"')])
    assert wanted == frozenset(
        {Grant("APPLICATION", "APP", "USAGE"), Grant("APPLICATION", "APP", "READ")}
    )
    assert wanted_grants([item("role", '"r"', "READ")]) == frozenset({Grant("ROLE", "r", "READ")})


def test_left_out_is_not_the_same_as_none() -> None:
    assert wanted_grants(None) is None
    assert wanted_grants([]) == frozenset()


def test_a_bad_grantee_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="Snowflake role 'a b'"):
        wanted_grants([item("role", "a b", "READ")])


def test_ownership_is_not_among_the_held() -> None:
    rows: list[Mapping[str, Any]] = [
        {"granted_to": "ROLE", "grantee_name": "ADMIN", "privilege": "OWNERSHIP"},
        {"granted_to": "APPLICATION", "grantee_name": "APP", "privilege": "READ"},
    ]
    grant = Grant("APPLICATION", "APP", "READ")
    assert held_grants(rows) == {grant}
    assert str(grant) == "READ to application APP"
    assert grant.grantee == 'APPLICATION "APP"'
