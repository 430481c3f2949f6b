# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies that we recommend are enough, hold nothing more, and are those in the manuals."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.python.vendors import SnowflakeVendor
from sandbox.client import SandboxClient
from torture.cases import CASES, KEY, Args
from torture.world import World

_ROOT = Path(__file__).resolve().parents[3]
POLICIES = _ROOT / "docs" / "policies"


def document(module: str, name: str) -> Any:
    """A documentation block of a module, parsed."""
    source = (_ROOT / "plugins" / "modules" / f"{module}.py").read_text("utf-8")
    block = re.search(rf'^{name} = r"""\n(.*?)^"""', source, re.DOTALL | re.MULTILINE)
    assert block
    return yaml.safe_load(block[1])


def policy_in_manual(vault: str) -> str:
    tasks = document(f"stripe_secret_{vault}", "EXAMPLES")
    return str(next(c["content"] for task in tasks if (c := task.get("ansible.builtin.copy"))))


def held(name: str) -> Any:
    return json.loads((POLICIES / name).read_text("utf-8"))


def statements(sql: str) -> list[str]:
    parts = re.sub(r"--.*", "", sql).split(";")
    return [" ".join(part.split()) for part in parts if part.strip()]


def held_statements() -> list[str]:
    return statements((POLICIES / "snowflake.sql").read_text("utf-8"))


def run_all(world: World, module: str, more: Mapping[str, Args]) -> set[str]:
    """Run every case of a module, and these steps; the operations that it took."""
    service = module.rpartition("_")[2]
    asked: set[str] = set()
    for case in CASES:
        if case.module == module:
            world.start(case)
            result = world.run(case.module, case.args)
            assert not result.get("failed"), result
            asked |= world.sandbox.requests(service).keys()
    world.sandbox.clear()
    for step, args in more.items():
        result = world.run(module, args)
        assert not result.get("failed"), (step, result)
    return asked | world.sandbox.requests(service).keys()


MORE_ON_AWS: dict[str, dict[str, Any]] = {
    "create": {"api_key": KEY, "tags": {"a": "1"}},
    "purge tags": {"api_key": KEY, "tags": {}, "purge_tags": True},
    "protect": {
        "api_key": KEY,
        "resource_policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:role/runner"},
                    "Action": "secretsmanager:GetSecretValue",
                    "Resource": "*",
                }
            ],
        },
    },
    "unprotect": {"api_key": KEY, "resource_policy": {}},
    "replicate": {"api_key": KEY, "replica_regions": ["eu-central-1"]},
    "withdraw": {"api_key": KEY, "replica_regions": [], "purge_replicas": True},
    "rotate": {"api_key": "{other}"},
    "roll back": {"rolled_back_to": "previous"},
}


def test_the_aws_policy_is_enough_and_no_more(services: SandboxClient, tmp_path: Path) -> None:
    world = World(services, tmp_path, "policy")
    steps = {name: {"name": "stripe/more", **args} for name, args in MORE_ON_AWS.items()}

    asked = run_all(world, "stripe_secret_aws", steps)

    actions = [action for part in held("aws.json")["Statement"] for action in part["Action"]]
    service, prefix = "secretsmanager:", "kms:"
    assert asked == {a.removeprefix(service) for a in actions if not a.startswith(prefix)}


def test_the_azure_role_is_enough(services: SandboxClient, tmp_path: Path) -> None:
    world = World(services, tmp_path, "policy")
    steps: dict[str, Args] = {
        "create": {"name": "more", "api_key": KEY},
        "rotate": {"name": "more", "api_key": "{other}"},
        "compare": {"name": "more", "api_key": KEY, "compare": "value"},
        "purge": {"name": "more", "state": "absent", "purge": True},
    }

    assert "PurgeDeletedSecret" in run_all(world, "stripe_secret_azure", steps)


def test_the_snowflake_grants_are_enough(services: SandboxClient, tmp_path: Path) -> None:
    world = World(services, tmp_path, "none")
    case = {"name": "LEAST", "database": "PLATFORM", "schema": "SECRETS"}
    role = services.identity("snowflake", "none")["role"]
    lacking = world.run("stripe_secret_snowflake", {**case, "api_key": KEY})
    grants = [text for text in held_statements() if re.match(r"GRANT .* ON .* MAIA_SECRETS$", text)]

    with SnowflakeVendor(services)._session("full") as session:
        for grant in grants:
            session.run(grant.replace("MAIA_SECRETS", role))

    assert lacking.get("failed")
    assert len(grants) == 2
    for wish in ({"api_key": KEY}, {"api_key": "{other}", "comment": "x"}, {"state": "absent"}):
        result = world.run("stripe_secret_snowflake", {**case, **wish})
        assert not result.get("failed"), result


@pytest.mark.parametrize("vault", ["aws", "azure"])
def test_the_manual_shows_the_same(vault: str) -> None:
    policy, shown = held(f"{vault}.json"), json.loads(policy_in_manual(vault))

    # Everybody's own.
    for policy_ in (policy, shown):
        policy_.pop("AssignableScopes", None)

    assert policy == shown


def test_the_manual_shows_the_same_statements() -> None:
    assert held_statements() == statements(policy_in_manual("snowflake"))
