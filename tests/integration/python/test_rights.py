# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fewer rights: what suffices for a run, and how the right that is missing is named."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import (
    OPERATION as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION as AZURE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION as SNOWFLAKE,
)
from integration.python.vendors import reach
from sandbox.client import SandboxClient
from unit.faces import run_action
from unit.keys import make_key, random_text

OPERATIONS = {"aws": AWS, "azure": AZURE, "snowflake": SNOWFLAKE}
# Their requests that would show a value.
READS = {"aws": "GetSecretValue", "azure": "GetSecret", "snowflake": ""}
OTHER_KEY = make_key()
ABSENT = {"state": "absent", "api_key": None}


class Vault:
    """Runs a module on one secret, with the rights of somebody."""

    def __init__(self, name: str, services: SandboxClient) -> None:
        self.name = name
        self.services = services
        self.secret = f"SHOP{random_text(8)}"
        self.key = make_key()

    def run(self, identity: str, **options: Any) -> dict[str, Any]:
        self.services.next_second()  # versions of one second could only be told apart by reading
        place = {"database": "PLATFORM"} if self.name == "snowflake" else {}
        known = {"name": self.secret, "api_key": self.key, **place}
        given = {**known, **reach(self.name, self.services, identity), **options}
        args = {name: value for name, value in given.items() if value is not None}
        return run_action(OPERATIONS[self.name], args)

    def refused(self, identity: str, **options: Any) -> dict[str, Any]:
        """By the vault, which nothing was written to."""
        self.services.clear()
        result = self.run(identity, **options)
        assert result.get("failed"), result
        assert self.services.writes(self.name) == 0
        return result


@pytest.fixture(params=OPERATIONS)
def vault(request: pytest.FixtureRequest, services: SandboxClient) -> Vault:
    return Vault(request.param, services)


def aws(action: str) -> str:
    return (
        "the credentials from the options access_key and secret_key lack secretsmanager:"
        rf"{action} \(AccessDeniedException\); allow secretsmanager:{action} on this secret in the"
        r" caller's IAM policy\.$"
    )


def azure(right: str, action: str, role: str = "Key Vault Secrets Officer") -> str:
    return (
        r"the service principal [0-9a-f-]{36} in tenant [0-9a-f-]{36} \(object id [0-9a-f-]{36}\)"
        rf" lacks the right to {right} secrets \(ForbiddenByRbac\); assign {role}, or a role with"
        f" Microsoft.KeyVault/vaults/secrets/{action}, on the vault or the secret; a new assignment"
        r" takes up to ten minutes\.$"
    )


# Known from the metadata, so that nothing is tried.
NOT_OWNER = (
    r": the role MAIA_READER lacks OWNERSHIP of the secret, which role MAIA_ADMIN has; set role to"
    r" MAIA_ADMIN, or to a role that it is granted to\.$"
)
NO_CREATE = (
    r": creating it failed: the role lacks CREATE SECRET on the schema \(003001/42501\); grant"
    r" CREATE SECRET on the schema to the role, or set another role\.$"
)
LACKS: list[tuple[str, str, dict[str, Any], str]] = [
    ("aws", "metadata", {"name": "shop/new"}, aws("CreateSecret")),
    ("aws", "metadata", {"api_key": OTHER_KEY}, aws("PutSecretValue")),
    ("aws", "metadata", {"tags": {"team": "data"}}, aws("TagResource")),
    ("aws", "metadata", ABSENT, aws("DeleteSecret")),
    ("aws", "metadata", {"compare": "value"}, aws("GetSecretValue")),
    ("aws", "reader", {"api_key": OTHER_KEY}, aws("PutSecretValue")),
    ("aws", "none", {}, ": describing it failed: " + aws("DescribeSecret")),
    ("azure", "metadata", {"api_key": OTHER_KEY}, azure("set", "setSecret/action")),
    ("azure", "metadata", {"tags": {"team": "data"}}, azure("update", "update/action")),
    ("azure", "metadata", ABSENT, azure("delete", "delete")),
    (
        *("azure", "metadata", {"compare": "value"}),
        azure("get", "getSecret/action", "Key Vault Secrets User"),
    ),
    (
        "azure",
        "reader",
        {"api_key": OTHER_KEY, "compare": "value"},
        azure("set", "setSecret/action"),
    ),
    ("azure", "none", {}, ": listing its versions failed: " + azure("list", "readMetadata/action")),
    ("snowflake", "metadata", {"name": "SHOP_NEW"}, NO_CREATE),
    ("snowflake", "metadata", {"api_key": OTHER_KEY}, NOT_OWNER),
    ("snowflake", "metadata", ABSENT, NOT_OWNER),
    ("snowflake", "reader", {"api_key": OTHER_KEY}, "lacks OWNERSHIP of the secret"),
]


@pytest.mark.parametrize(("name", "identity", "options", "told"), LACKS)
def test_the_right_that_is_missing_is_named(
    services: SandboxClient, name: str, identity: str, options: dict[str, Any], told: str
) -> None:
    vault = Vault(name, services)
    vault.run("full")
    refused = vault.refused(identity, **options)
    assert refused["error"]["kind"] == "not_permitted"
    assert re.search(told, refused["msg"]), refused["msg"]


def test_snowflake_does_not_tell_what_is_missing_from_what_is_not_there(
    services: SandboxClient,
) -> None:
    vault = Vault("snowflake", services)
    vault.run("full")
    refused = vault.refused("none")
    assert refused["error"]["kind"] == "not_visible"
    assert refused["msg"].endswith(
        ": looking for it failed: Snowflake says it does not exist or is not authorized"
        " (002043/02000); check database, schema, grantees and that the role has USAGE on the"
        " database and schema."
    )


@pytest.mark.parametrize("identity", ["metadata", "reader"])
def test_nothing_more_is_needed_for_what_is_there(vault: Vault, identity: str) -> None:
    vault.run("full")
    again = vault.run(identity)
    assert (again["changed"], again["verified_by"]) == (False, "fingerprint")


def test_write_without_ever_reading_a_value(vault: Vault) -> None:
    vault.services.clear()
    grant = {"grant_to": [{"type": "role", "name": "RUNNER_ROLE"}]}
    options = grant if vault.name == "snowflake" else {}
    changes = [vault.run("writer", api_key=key, **options)["changes"] for key in make_keys()]
    assert changes == [["state", "value", *(["grants"] if options else [])], ["value"], []]
    text = {"comment": "of shop"} if vault.name == "snowflake" else {"tags": {"team": "data"}}
    keyless = {"api_key": None, "update_value": "never", **text}
    assert [vault.run("writer", **keyless)["changes"] for _time in "12"] == [[*text], []]
    refused = vault.run("writer", **keyless, name="NOWHERE")
    assert refused["msg"].endswith(
        ": it does not exist, and there is no key to make it with; give api_key."
    )
    assert READS[vault.name] not in vault.services.requests(vault.name)


def make_keys() -> list[str]:
    """Two, the second of them twice."""
    first, second = make_key(), make_key()
    return [first, second, second]


@pytest.mark.parametrize("vault", ["azure"], indirect=True)
def test_delete_and_restore_without_ever_reading_a_value(vault: Vault) -> None:
    vault.run("writer")
    vault.services.clear()
    changes = [vault.run("writer", **options)["changes"] for options in (ABSENT, {}, {})]
    assert changes == [["state"], ["state"], []]
    # It was found among the deleted ones, which takes no right to get them.
    assert vault.services.requests("azure")["GetDeletedSecrets"]
    assert "GetSecret" not in vault.services.requests("azure")
