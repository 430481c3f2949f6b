# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key in any option that is not for it is refused, by every module and both of its faces."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import Redactor
from unit.faces import run_action, run_module
from unit.fakes import FakeRuntime
from unit.keys import make_key

COLLECTION = "ansible_collections.maia.stripe_query.plugins"
PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
# Where Ansible takes any text; what is left has choices, or is no text.
FREE = ("str", "path", "raw", "json", "jsonarg")
MODULES = sorted(
    path.stem for path in (PLUGINS / "modules").glob("*.py") if path.stem != "target_outcome"
)
KEY_OPTIONS = {"api_key", "authorize_api_key"}


def operation_of(name: str) -> Operation:
    operation: Operation = importlib.import_module(f"{COLLECTION}.modules.{name}").OPERATION
    return operation


def given_wrongly(name: str, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The option to be named, and a value with the key in it, for each option that takes texts."""
    text = f"The key is {key}."
    for option, rules in operation_of(name).spec.options.items():
        kind = rules.get("type", "str")
        if option in KEY_OPTIONS or rules.get("choices"):
            continue
        if kind in FREE:
            yield option, {option: text}
        elif kind == "list" and rules.get("elements") in (*FREE, None):
            yield option, {option: ["x", text]}
        elif kind == "list" and not operation_of(name).spec.parts.get(option):
            yield f"{option}.x", {option: [{"x": text}]}
        elif kind == "dict" and not rules.get("options"):
            yield f"{option}.owner", {option: {"owner": text}}
            yield option, {option: {text: "owner"}}
            yield f"{option}.a.b", {option: {"a": [{"b": [text]}]}}


def required(name: str) -> dict[str, Any]:
    """The least that gets a task past validation."""
    spec = operation_of(name).spec
    least = {option: "x" for option, rules in spec.options.items() if rules.get("required")}
    if "secret_name" in spec.options:
        least["secret_name"] = "x"
    for one_of in spec.required_one_of:
        least[one_of[0]] = "x"
    for together in spec.required_together:
        least |= dict.fromkeys(together, "x")
    if name == "maia_hosted_secret":
        least["state"] = "absent"  # it needs no key for that
    return least


CASES = [(name, place) for name in MODULES for place, _args in given_wrongly(name, "") if name]


def test_there_are_options_to_look_at() -> None:
    assert len(CASES) > 100
    assert ("stripe_secret_azure", "content_type") in CASES
    assert ("stripe_secret_aws", "tags.owner") in CASES


@pytest.mark.parametrize("name", MODULES)
def test_a_key_given_for_something_else_is_refused_by_every_option(name: str) -> None:
    key = make_key()
    for place, args in given_wrongly(name, key):
        result = operation_of(name).run(
            {**required(name), **args}, FakeRuntime(), Redactor(), diff=True
        )
        assert result["error"]["subject"] == f"Option {place}", place
        assert "looks like a Stripe API key" in result["msg"]
        assert key not in json.dumps(result)


# Those of them that ended in a vault or in Maia, in clear.
STORED = [
    ("stripe_secret_aws", "name"),
    ("stripe_secret_aws", "label"),
    ("stripe_secret_aws", "description"),
    ("stripe_secret_aws", "tags.owner"),
    ("stripe_secret_azure", "content_type"),
    ("stripe_secret_snowflake", "comment"),
    ("maia_secret_definition", "name"),
    ("maia_secret_definition", "secret_name"),
    ("maia_secret_definition", "secret_label"),
    ("maia_secret_definition", "description"),
    ("maia_stripe_component", "definition"),
    ("stripe_api_key_info", "api_key_file"),
    ("stripe_api_key_info", "api_key_env"),
]


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("name", "place"), STORED)
def test_both_faces_refuse_it_alike(
    name: str, place: str, check_mode: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    key, operation = make_key(), operation_of(name)
    [args] = [args for option, args in given_wrongly(name, key) if option == place]
    task = {**required(name), "name": "shop", "project": "p", **args}
    task = {option: value for option, value in task.items() if option in operation.spec.options}
    if place.startswith("api_key_"):
        task.pop("api_key")
    module = run_module(operation, task, capsys, check_mode=check_mode, diff=True)
    action = run_action(operation, task, check_mode=check_mode, diff=True)
    module.setdefault("changed", False)
    assert module == action
    assert module["msg"].startswith(f"Option {place}: it holds what looks like a Stripe API key")
    assert key not in json.dumps(module)


@pytest.mark.parametrize("name", MODULES)
def test_a_key_behind_or_as_a_wrong_option_s_name_is_not_shown(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # A kind that nobody can recognize, under a mistyped name.
    key, unknown = make_key(), make_key().replace("_", "")
    for args in ({"api_kye": unknown, "x": {"y": unknown}}, {key: "x"}, {f"see {key}": key}):
        operation, task = operation_of(name), {**required(name), **args}
        module = run_module(operation, task, capsys, invocation=True)
        shown = json.dumps([module, run_action(operation, task)])
        assert "nsupported" in module["msg"]
        assert key not in shown
        assert unknown not in shown
