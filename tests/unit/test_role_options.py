# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role takes and hands on, its modules take in the same way."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

COLLECTION = "ansible_collections.maia.stripe_query.plugins"
ROLE = Path(__file__).resolve().parents[2] / "roles" / "authorize"
PREFIX = "maia.stripe_query."
# With or without a default of omit, but nothing that is worked out.
HANDED_ON = re.compile(r"\{\{ (authorize_\w+)( \| default\(omit\))? \}\}")


def options_of_role() -> dict[str, Any]:
    """Those of all its entry points."""
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text("utf-8"))
    return {
        name: option
        for entry_point in specs["argument_specs"].values()
        for name, option in entry_point["options"].items()
    }


def options_of_module(name: str) -> dict[str, Any]:
    options: dict[str, Any] = importlib.import_module(
        f"{COLLECTION}.modules.{name}"
    ).OPERATION.spec.options
    return options


def tasks(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        yield entry
        for part in ("block", "rescue", "always"):
            yield from tasks(entry.get(part, []))


def handed_on() -> list[tuple[str, str, str]]:
    """Module, its option and the variable of the role, each once."""
    found = set()
    for file in (ROLE / "tasks").glob("*.yml"):
        for task in tasks(yaml.safe_load(file.read_text("utf-8"))):
            for key, options in task.items():
                if key.startswith(PREFIX):
                    for option, text in options.items():
                        if variable := HANDED_ON.fullmatch(str(text)):
                            found.add((key.removeprefix(PREFIX), option, variable[1]))
    return sorted(found)


def test_there_is_something_to_compare() -> None:
    assert len({module for module, _option, _variable in handed_on()}) >= 6


@pytest.mark.parametrize(("module", "option", "variable"), handed_on())
def test_an_option_means_the_same_in_role_and_module(
    module: str, option: str, variable: str
) -> None:
    of_role, of_module = options_of_role()[variable], options_of_module(module)[option]
    # The role's key is raw, since a role's errors would quote it.
    if variable not in {"authorize_api_key", "authorize_old_api_key"}:
        assert of_role["type"] == of_module.get("type", "str")
    assert of_role.get("elements") == of_module.get("elements")
    # A long list that the module alone has, and names when it refuses one.
    if variable != "authorize_permissions":
        assert of_role.get("choices") == of_module.get("choices")
    if of_module.get("default") is not None:
        assert of_role["default"] == of_module["default"]


def test_every_variable_that_takes_any_text_is_looked_through_for_keys() -> None:
    free = {
        name
        for name, option in options_of_role().items()
        if option["type"] not in ("raw", "bool") and "choices" not in option
    }
    variables = yaml.safe_load((ROLE / "vars" / "main.yml").read_text("utf-8"))
    assert set(variables["__authorize_texts"]) == free


def test_every_variable_is_used() -> None:
    texts = [
        path.read_text("utf-8") for part in ("tasks", "vars") for path in (ROLE / part).glob("*")
    ]
    used = set(re.findall(r"\bauthorize_\w+", "\n".join(texts)))
    assert sorted(options_of_role().keys() - used) == []
