# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grants that are wanted and grants that are held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.grants import (
    Grant,
    can_be_revoked,
    grant_policy,
    held_grants,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.identifiers import (
    Identifier,
    QualifiedName,
)
from sandbox.snowflake.names import quote

PLACE = QualifiedName(Identifier("DB"), Identifier("S"), Identifier("KEY"))


def item(kind: str, name: str, *privileges: str) -> dict[str, Any]:
    return {"type": kind, "name": name, "privileges": list(privileges)}


def wanted(*items: dict[str, Any], **options: bool) -> frozenset[Grant]:
    policy = grant_policy(list(items), PLACE, **options)
    assert policy is not None
    return policy.wanted


def test_each_privilege_of_each_grantee_is_one_grant() -> None:
    assert wanted(item("application", "app", "USAGE", "READ"), item("role", '"r"')) == {
        Grant("APPLICATION", "APP", "USAGE"),
        Grant("APPLICATION", "APP", "READ"),
    }
    assert wanted(item("role", '"r"', "READ")) == {Grant("ROLE", "r", "READ")}


def test_left_out_is_not_the_same_as_none() -> None:
    assert grant_policy(None, PLACE, purge=True) is None
    assert wanted() == frozenset()


@pytest.mark.parametrize(
    ("kind", "name", "places"),
    [
        pytest.param("role", "r", ["DATABASE", "SCHEMA"], id="a role"),
        pytest.param("application", "other", ["DATABASE", "SCHEMA"], id="another application"),
        pytest.param("application", "db", [], id="an application in its own database"),
        pytest.param("role", "db", ["DATABASE", "SCHEMA"], id="a role named like the database"),
        pytest.param("database_role", "r", ["SCHEMA"], id="a database role"),
    ],
)
def test_who_needs_usage_on_what(kind: str, name: str, places: list[str]) -> None:
    policy = grant_policy([item(kind, name, "READ")], PLACE, usage_on_schema=True)
    assert policy is not None
    assert policy.places() == places
    usage = {Grant(kind.upper(), name.upper(), "USAGE", place) for place in places}
    assert policy.wanted == usage | {Grant(kind.upper(), name.upper(), "READ")}


@pytest.mark.parametrize("name", ["r", "db.r", "DB.R", '"DB"."R"', 'db."R"'])
def test_a_database_role_with_or_without_its_database(name: str) -> None:
    assert wanted(item("database_role", name, "READ")) == {Grant("DATABASE_ROLE", "R", "READ")}


def test_a_dot_in_a_quoted_database_role() -> None:
    assert wanted(item("database_role", '"a.b"', "READ")) == {Grant("DATABASE_ROLE", "a.b", "READ")}


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("role", "a b", "Snowflake role 'a b'"),
        ("role", "db.r", "not a valid identifier"),
        ("database_role", "a b", "Snowflake database role 'a b'"),
        ("database_role", "a.b.c", "not a valid identifier"),
        ("database_role", "other.r", "not in the secret's database"),
        ("database_role", '"db".r', "not in the secret's database"),
    ],
)
def test_a_bad_grantee_is_refused(kind: str, name: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        grant_policy([item(kind, name)], PLACE)


def row(granted_to: str, name: str, privilege: str = "READ") -> Mapping[str, Any]:
    return {"granted_to": granted_to, "grantee_name": name, "privilege": privilege}


def test_ownership_is_not_among_the_held() -> None:
    rows = [row("ROLE", "ADMIN", "OWNERSHIP"), row("APPLICATION", "APP")]
    grant = Grant("APPLICATION", "APP", "READ")
    assert held_grants(rows) == {grant}
    assert str(grant) == "READ to application APP"
    assert grant.grantee(Identifier("DB")) == 'APPLICATION "APP"'


@pytest.mark.parametrize(
    ("granted_to", "name", "grant"),
    [
        ("ROLE", "R", Grant("ROLE", "R", "READ")),
        ("ACCOUNT ROLE", "R", Grant("ROLE", "R", "READ")),
        ("ROLE", "a b", Grant("ROLE", "a b", "READ")),
        ("ROLE", '"a ""b"" c"', Grant("ROLE", 'a "b" c', "READ")),
        ("DATABASE_ROLE", "R", Grant("DATABASE_ROLE", "R", "READ")),
        ("DATABASE ROLE", "DB.R", Grant("DATABASE_ROLE", "R", "READ")),
        ("DATABASE_ROLE", 'DB."r.x"', Grant("DATABASE_ROLE", "r.x", "READ")),
    ],
)
def test_the_ways_to_show_a_grantee(granted_to: str, name: str, grant: Grant) -> None:
    assert held_grants([row(granted_to, name)]) == {grant}


@given(st.text(min_size=1, max_size=255).filter(str.isprintable))
def test_a_grantee_shown_is_the_one_asked_for(name: str) -> None:
    asked = wanted(item("role", str(Identifier(name)), "READ"))
    assert held_grants([row("ROLE", quote(name))]) == asked


def test_what_cannot_be_written_is_not_revoked() -> None:
    assert can_be_revoked(Grant("DATABASE_ROLE", "R", "READ"))
    assert not can_be_revoked(Grant("APPLICATION_ROLE", "R", "READ"))


def test_places_and_kinds_are_shown() -> None:
    assert str(Grant("ROLE", "R", "USAGE", "SCHEMA")) == "USAGE on the schema to role R"
    assert str(Grant("DATABASE_ROLE", "R", "READ")) == "READ to database role R"
