# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users of other tools for Snowflake complain of, or will, each tried here by its name.

R-2 to R-5 were found by running community.aws.secretsmanager_secret 11.2.0.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION,
)
from integration.python.vendors import SnowflakeVendor
from sandbox.client import SandboxClient
from unit.faces import run_action, run_module
from unit.keys import make_key, random_text

RUNNER = {"type": "role", "name": "RUNNER_ROLE"}


class Snowflake:
    """Runs the module on one secret, and looks at it like somebody else."""

    def __init__(self, services: SandboxClient) -> None:
        self.services = services
        self.name = f"SHOP_{random_text(8)}".upper()
        self.key = make_key()

    def options(self, identity: str = "full", **options: Any) -> dict[str, Any]:
        given = {
            "name": self.name,
            "database": "PLATFORM",
            "api_key": self.key,
            **self.services.reach("snowflake", identity),
            **options,
        }
        return {name: value for name, value in given.items() if value is not None}

    def run(self, identity: str = "full", *, check: bool = False, **options: Any) -> dict[str, Any]:
        """A task with this secret's key, or with api_key=None without."""
        args = self.options(identity, **options)
        # As in a new process; here other tests have loaded the connector.
        operation = type(OPERATION)(OPERATION.name, OPERATION.spec, OPERATION.execute)
        return run_action(operation, args, check_mode=check, diff=True)

    def statements(self) -> dict[str, int]:
        """Since the last time that this was asked, by their first words."""
        counted = self.services.requests("snowflake")
        self.services.clear()
        return counted


@pytest.fixture
def snowflake(services: SandboxClient) -> Snowflake:
    services.clear()
    return Snowflake(services)


@pytest.mark.parametrize(
    "change", [{"comment": "Another"}, {"api_key": make_key()}], ids=["comment", "value"]
)
def test_snowddl_replaces_a_secret_and_loses_its_grants(
    snowflake: Snowflake, change: dict[str, Any]
) -> None:
    """For a new comment, too; here nothing but ALTER is ever used on one that is there."""
    snowflake.run(grant_to=[RUNNER])
    created = snowflake.run(grant_to=[RUNNER])["created"]
    snowflake.statements()
    assert snowflake.run(**change)["changed"]
    sent = snowflake.statements()
    assert sent["ALTER SECRET"] == 1
    assert not [words for words in sent if words.startswith(("CREATE", "DROP", "GRANT"))]
    again = snowflake.run(grant_to=[RUNNER], **change)
    assert not again["changed"]
    assert again["created"] == created


def test_terraform_snowflake_cannot_see_that_others_replaced_the_secret(
    snowflake: Snowflake,
) -> None:
    """A replaced secret has not our comment, and so it is not taken for ours."""
    snowflake.run()
    name = snowflake.name
    replace_it = f"CREATE OR REPLACE SECRET PLATFORM.SECRETS.{name} TYPE = GENERIC_STRING"
    others = SnowflakeVendor(snowflake.services)
    with others._session("full") as session:
        session.run(f"{replace_it} SECRET_STRING = 'theirs'")
    assert snowflake.run()["error"]["kind"] == "foreign_object"
    assert snowflake.run(on_foreign="adopt")["changes"] == ["value", "ownership"]


def test_r_5_a_short_password_does_not_spoil_names(
    snowflake: Snowflake, capsys: pytest.CaptureFixture[str]
) -> None:
    """Theirs masks every no_log value wherever it stands."""
    args = snowflake.options(password="SHOP")
    refused = run_module(OPERATION, args, capsys)
    assert refused["error"]["kind"] == "authentication"
    assert refused["msg"].startswith("Snowflake account '")
    invalid = run_module(OPERATION, {**args, "compare": "value"}, capsys)
    assert invalid["error"]["subject"] == f"Snowflake secret PLATFORM.SECRETS.{snowflake.name}"
