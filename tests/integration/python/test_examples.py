# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the vault modules do what they say, and their policies hold what is needed."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    CONNECTION_SPEC as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.errors.errors import (
    _DATA_ACTIONS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    CONNECTION_SPEC as AZURE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    CONNECTION_SPEC as SNOWFLAKE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.source import KEY_SOURCES
from integration.python.vendors import reach
from sandbox.client import SandboxClient
from unit.faces import run_action
from unit.keys import make_key

COLLECTION = "ansible_collections.maia.stripe_query.plugins"
PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
SPECS: dict[str, ArgumentSpec] = {"aws": AWS, "azure": AZURE, "snowflake": SNOWFLAKE}


def module_of(vault: str) -> Any:
    return importlib.import_module(f"{COLLECTION}.modules.stripe_secret_{vault}")


def tasks_of(vault: str) -> list[dict[str, Any]]:
    examples: list[dict[str, Any]] = yaml.safe_load(module_of(vault).EXAMPLES)
    return examples


def run(vault: str, task: dict[str, Any], services: SandboxClient) -> dict[str, Any]:
    given = task[f"maia.stripe_query.stripe_secret_{vault}"]
    # The sandbox has a role for the runner, of another name.
    given = json.loads(json.dumps(given).replace("SHOP_RUNNER_ROLE", "RUNNER_ROLE"))
    options = {name: value for name, value in given.items() if name not in SPECS[vault].options}
    if options.keys() & set(KEY_SOURCES):
        options = {name: value for name, value in options.items() if name not in KEY_SOURCES}
        options["api_key"] = make_key()
    known = module_of(vault).OPERATION
    # As in a new process; here other tests have loaded everything.
    operation = Operation(known.name, known.spec, known.execute)
    args = {**options, **reach(vault, services)}
    if vault == "azure":
        services.next_second()
    result = run_action(operation, args, check_mode=task.get("check_mode", False))
    assert not result.get("failed"), (task["name"], result)
    if not task.get("check_mode"):
        assert result["changed"], task["name"]
    return result


@pytest.mark.parametrize("vault", SPECS)
def test_the_examples_run_one_after_the_other(vault: str, services: SandboxClient) -> None:
    ran = [
        run(vault, task, services)
        for task in tasks_of(vault)
        if f"maia.stripe_query.stripe_secret_{vault}" in task
    ]
    assert len(ran) >= 6


def policy_of(vault: str) -> Any:
    """The one in the last example."""
    return json.loads(tasks_of(vault)[-1]["ansible.builtin.copy"]["content"])


def test_the_policy_for_aws_has_each_right_that_the_code_names() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in (PLUGINS / "module_utils/_aws").rglob("*.py")
    )
    named = set(re.findall(r'"((?:secretsmanager|kms):[A-Z]\w+)"', code))
    named |= {f"secretsmanager:{action}" for action in re.findall(r'calling\("([A-Z]\w+)"', code)}
    assert "secretsmanager:PutResourcePolicy" in named
    assert "secretsmanager:CreateSecret" in named
    assert "kms:DescribeKey" in named
    statements = policy_of("aws")["Statement"]
    allowed = {action for statement in statements for action in statement["Action"]}
    # For those who read values, and for those who look at secrets whose names they do not know.
    assert named - allowed == {"secretsmanager:GetSecretValue", "secretsmanager:ListSecrets"}
    documented = module_of("aws").DOCUMENTATION + module_of("aws_info").DOCUMENTATION
    for action in named | allowed:
        assert f"C({action})" in documented, action


def test_the_role_for_azure_has_each_right_that_the_code_names() -> None:
    prefix = "Microsoft.KeyVault/vaults/secrets/"
    assert set(policy_of("azure")["DataActions"]) == {
        f"{prefix}{action}" for action in _DATA_ACTIONS.values()
    }
