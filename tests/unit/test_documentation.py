# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation and the code say the same."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
    validator,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.plugin_utils._in_process import InProcessAction

COLLECTION = "ansible_collections.maia.stripe_query.plugins"
PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
# It shows what another one's Operation returned, and has no module but for documentation.
WITHOUT_OPERATION = "target_outcome"
MODULES = sorted(
    path.stem for path in (PLUGINS / "modules").glob("*.py") if path.stem != WITHOUT_OPERATION
)
VAULT_MODULES = [
    name for name in MODULES if name.startswith("stripe_secret_") and not name.endswith("_info")
]
COMMON_RETURN = (
    "changes",
    "verified_by",
    "verdict",
    "unread_because",
    "value_problem",
    "fingerprint",
    "api_key",
    "created",
    "last_changed",
    "check_mode",
    "error",
)
every_module = pytest.mark.parametrize("name", MODULES)


def module_of(name: str) -> Any:
    return importlib.import_module(f"{COLLECTION}.modules.{name}")


def operation_of(name: str) -> Operation:
    operation: Operation = module_of(name).OPERATION
    return operation


def returns_of(name: str) -> dict[str, Any]:
    documented: dict[str, Any] = yaml.safe_load(module_of(name).RETURN)
    return documented


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) >= 5
    assert len(VAULT_MODULES) >= 3


@every_module
def test_a_module_has_no_logic_of_its_own(name: str) -> None:
    """Documentation, imports, and a main() of one call."""
    tree = ast.parse((PLUGINS / "modules" / f"{name}.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert [function.name for function in functions] == ["main"]
    docstring, call = functions[0].body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(docstring.value, ast.Constant)
    assert ast.unparse(call) == "run_as_module(OPERATION)"
    assert module_of(name).run_as_module is run_as_module
    allowed = (ast.FunctionDef, ast.ImportFrom, ast.Assign, ast.If)
    assert all(isinstance(node, allowed) for node in tree.body)
    names = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert names == ["DOCUMENTATION", "EXAMPLES", "RETURN"]


@every_module
def test_the_action_plugin_runs_the_same_operation(name: str) -> None:
    action = importlib.import_module(f"{COLLECTION}.action.{name}").ActionModule
    assert issubclass(action, InProcessAction)
    assert action.operation is operation_of(name)
    assert action.operation.name == name
    own = {attribute for attribute in vars(action) if not attribute.startswith("_")}
    assert own == {"operation"}


def test_what_has_no_operation_documents_its_options_too() -> None:
    action = importlib.import_module(f"{COLLECTION}.action.{WITHOUT_OPERATION}").ActionModule
    documentation = yaml.safe_load(module_of(WITHOUT_OPERATION).DOCUMENTATION)
    assert documentation["options"].keys() == action._VALID_ARGS


@every_module
def test_every_option_is_documented_and_every_documented_one_exists(name: str) -> None:
    documentation = yaml.safe_load(module_of(name).DOCUMENTATION)
    documented: dict[str, Any] = {}
    for fragment in documentation["extends_documentation_fragment"]:
        *_package, file, variable = f"{fragment}.documentation".split(".")[:4]
        if fragment.count(".") == 2:
            file, variable = fragment.split(".")[2], "documentation"
        module = importlib.import_module(f"{COLLECTION}.doc_fragments.{file}")
        text = getattr(module.ModuleDocFragment, variable.upper())
        documented |= yaml.safe_load(text).get("options") or {}
    documented |= documentation.get("options") or {}
    spec = operation_of(name).spec.options
    assert documented.keys() == spec.keys()
    for option, rules in spec.items():
        described = documented[option]
        assert described.get("default") == rules.get("default"), option
        assert described.get("choices") == rules.get("choices"), option
        assert described.get("type") == rules.get("type"), option
        assert bool(described.get("required")) == bool(rules.get("required")), option


@pytest.mark.parametrize("entry", COMMON_RETURN)
def test_what_the_vault_modules_return_alike_is_documented_alike(entry: str) -> None:
    first, *others = (returns_of(name)[entry] for name in VAULT_MODULES)
    assert others == [first] * len(others)


def test_what_is_told_of_secrets_is_documented_alike() -> None:
    first, *others = (returns_of(f"{name}_info") for name in VAULT_MODULES)
    assert others == [first] * len(others)


@every_module
def test_errors_are_documented_alike(name: str) -> None:
    assert returns_of(name)["error"] == returns_of("stripe_secret_aws")["error"]


# --- what is really returned ---


@pytest.mark.parametrize("name", [name for name in MODULES if name.endswith("_info")])
def test_fragments_of_info_modules_say_that_nothing_changes(name: str) -> None:
    """Of two fragments the first one has the last word."""
    fragments = yaml.safe_load(module_of(name).DOCUMENTATION)["extends_documentation_fragment"]
    own = fragments.index("maia.stripe_query.attributes.info")
    assert own < fragments.index("maia.stripe_query.attributes")


@every_module
def test_examples_about_hosts_or_files_of_the_controller_do_not_log_in(name: str) -> None:
    """Copied into a play for inventory hosts, which are no machines, they would need SSH."""
    module = f"maia.stripe_query.{name}"
    for task in yaml.safe_load(module_of(name).EXAMPLES):
        words = ("ansible_play_hosts", "inventory_hostname", "playbook_dir")
        if module in task and any(word in str(task[module]) for word in words):
            assert task.get("connection") == "local", task["name"]


@every_module
def test_examples_are_valid_tasks(name: str) -> None:
    examples = yaml.safe_load(module_of(name).EXAMPLES)
    tasks = [task for task in examples if f"maia.stripe_query.{name}" in task]
    assert tasks
    for task in tasks:
        options = task[f"maia.stripe_query.{name}"]
        validated = validator(operation_of(name).spec).validate(options)
        assert not validated.error_messages, task["name"]
