# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts and users whose session parameters are not Snowflake's defaults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ApiError
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    CONNECTION_SPEC,
    SnowflakeConnection,
    SnowflakeSession,
)
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.faces import run_action
from unit.keys import make_key

# As a user writes them: quotes inside the value keep lower case.
PLACE = {"name": '"stripe-key"', "database": "PLATFORM"}
GRANTS = [{"type": "role", "name": "RUNNER_ROLE"}]

FOLDING = "QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE"
SCOPES = ("ACCOUNT", "USER MAIA_FULL")


@pytest.fixture
def reach(services: SandboxClient) -> dict[str, Any]:
    return services.reach("snowflake")


def opened(reach: dict[str, Any]) -> SnowflakeSession:
    validated = validator(CONNECTION_SPEC).validate(reach)
    assert not validated.error_messages
    return SnowflakeConnection.from_params(validated.validated_parameters).open()


@pytest.fixture
def administer(reach: dict[str, Any]) -> Iterator[Any]:
    """Runs a statement in a session of an administrator."""
    with closing(opened(reach)) as session:
        yield session.run


def run(reach: dict[str, Any], *, check: bool = False, **options: Any) -> dict[str, Any]:
    args = {**PLACE, **reach, **options}
    done = run_action(OPERATION, args, check_mode=check, diff=True)
    assert not done.get("failed"), done
    return done


def stored(services: SandboxClient) -> list[str]:
    return [entry.name for entry in services.contents("snowflake")]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_quoted_name_is_found_again_where_snowflake_ignores_its_case(
    services: SandboxClient, reach: dict[str, Any], administer: Any, scope: str
) -> None:
    administer(f"ALTER {scope} SET {FOLDING}")
    wish: dict[str, Any] = {"api_key": make_key(), "grant_to": GRANTS}
    assert run(reach, **wish)["changed"]
    assert stored(services) == ['PLATFORM.SECRETS."stripe-key"']
    assert not run(reach, **wish)["changed"]
    assert run(reach, state="absent")["changed"]
    assert stored(services) == []


def test_grants_do_not_change_on_each_run_where_snowflake_ignores_case(
    reach: dict[str, Any], administer: Any
) -> None:
    administer('CREATE SCHEMA PLATFORM."made here"')
    administer(f"ALTER ACCOUNT SET {FOLDING}")
    wish: dict[str, Any] = {"schema": '"made here"', "api_key": make_key(), "grant_to": GRANTS}
    assert run(reach, **wish)["changes"] == ["state", "value", "grants"]
    assert run(reach, check=True, **wish)["changes"] == []


def test_a_secret_is_found_among_others_where_result_sets_are_cut_short(
    services: SandboxClient, reach: dict[str, Any], administer: Any
) -> None:
    """LIKE finds names that differ in case, and the first row would be another's."""
    wish: dict[str, Any] = {"api_key": make_key(), "grant_to": GRANTS}
    run(reach, name="STRIPE_KEY", **wish)
    run(reach, name='"stripe_key"', **wish)
    administer("ALTER ACCOUNT SET ROWS_PER_RESULTSET = 1")
    assert not run(reach, name='"stripe_key"', **wish)["changed"]
    assert len(stored(services)) == 2


def test_one_statement_is_sent_whatever_number_the_account_expects(
    reach: dict[str, Any], administer: Any
) -> None:
    administer("ALTER USER MAIA_FULL SET MULTI_STATEMENT_COUNT = 2")
    assert run(reach, api_key=make_key())["changed"]


def test_nothing_is_done_in_a_session_whose_parameters_cannot_be_set(
    services: SandboxClient, reach: dict[str, Any]
) -> None:
    services.order(Fault("snowflake", "ALTER SESSION", status=200, code="001423"))
    with pytest.raises(ApiError, match=r"setting the session.s parameters.*001423"):
        opened(reach)
    assert services.requests("snowflake").keys() <= {"Login", "ALTER SESSION", "Logout"}
