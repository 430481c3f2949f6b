# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rights a preflight says that a Snowflake role has."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.rights import (
    RIGHTS,
    _right,
)
from integration.python.vendors import SnowflakeVendor
from sandbox.client import SandboxClient
from unit.faces import run_action
from unit.keys import make_key

CREATE, OWN = "CREATE SECRET on the schema", "OWNERSHIP of the secret"


@pytest.fixture
def vendor(services: SandboxClient) -> SnowflakeVendor:
    return SnowflakeVendor(services)


def asked(vendor: SnowflakeVendor, identity: str, **options: Any) -> dict[str, bool | None]:
    services = vendor.services
    given = {
        "name": f'"{vendor.secret}"',
        "database": "PLATFORM",
        "schema": "SECRETS",
        "exists": False,
        **services.reach("snowflake", identity),
        **options,
    }
    if options.get("state") != "absent":
        given["api_key"] = make_key()
    services.clear()
    result = run_action(RIGHTS, given)
    assert services.writes("snowflake") == 0
    return {right["name"]: right["held"] for right in result["rights"]}


@pytest.mark.parametrize(
    ("identity", "held"), [("full", True), ("writer", True), ("metadata", False), ("none", None)]
)
def test_who_may_make_a_secret_is_told_by_the_schema_s_grants(
    vendor: SnowflakeVendor, identity: str, held: bool | None
) -> None:
    assert asked(vendor, identity) == {CREATE: held}


def test_one_that_is_there_takes_its_ownership(vendor: SnowflakeVendor) -> None:
    vendor.make_foreign(make_key())
    for options in ({}, {"state": "absent"}):
        assert asked(vendor, "full", exists=True, **options) == {OWN: True}
        assert asked(vendor, "metadata", exists=True, **options) == {OWN: False}
    assert asked(vendor, "full", state="absent") == {}


class Session:
    """Has no role but its own."""

    def run(self, _statement: str) -> list[dict[str, Any]]:
        return [{"current_role": "MINE", "in_session": False}]


@pytest.mark.parametrize(
    ("kinds", "held"), [(["ROLE"], False), (["ROLE", "DATABASE_ROLE"], None), ([], None)]
)
def test_what_other_grantees_pass_on_is_not_known(kinds: list[str], held: bool | None) -> None:
    rows = [
        {"privilege": "CREATE SECRET", "granted_to": kind, "grantee_name": f"R{number}"}
        for number, kind in enumerate(kinds)
    ]
    session: Any = Session()
    assert _right(CREATE, session, rows).held is held
