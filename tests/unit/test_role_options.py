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
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from tools.role_specs import all_options, entry_points

COLLECTION = "ansible_collections.maia.stripe_query.plugins"
ROLE = Path(__file__).resolve().parents[2] / "roles" / "authorize"
PREFIX = "maia.stripe_query."
NAME = re.compile(r"\b(?:__authorize_given|authorize)_(\w+)")
# What is given in a variable, but nothing that is worked out.
HANDED_ON = re.compile(r"\{\{ (?:__authorize_given|authorize)_(\w+) \}\}")


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
                            name = f"authorize_{variable[1]}"
                            found.add((key.removeprefix(PREFIX), option, name))
    return sorted(found)


def test_there_is_something_to_compare() -> None:
    assert len({module for module, _option, _variable in handed_on()}) >= 6


@pytest.mark.parametrize(("module", "option", "variable"), handed_on())
def test_an_option_means_the_same_in_role_and_module(
    module: str, option: str, variable: str
) -> None:
    of_role, of_module = all_options()[variable], options_of_module(module)[option]
    # The role's key is raw, since a role's errors would quote it.
    if variable not in {"authorize_api_key", "authorize_old_api_key"}:
        assert of_role["type"] == of_module.get("type", "str")
    assert of_role.get("elements") == of_module.get("elements")
    # A long list that the module alone has, and names when it refuses one.
    if variable != "authorize_permissions":
        assert of_role.get("choices") == of_module.get("choices")
    # Null is handed on, and then the module's counts.
    if "{{" not in str(of_role.get("default", "{{")):
        nothing = {"list": [], "dict": {}, "bool": False}.get(of_role["type"])
        assert of_role["default"] == of_module.get("default", nothing)


def test_every_variable_is_used() -> None:
    text = "\n".join(path.read_text("utf-8") for path in (ROLE / "tasks").glob("*"))
    used = {f"authorize_{name}" for name in NAME.findall(text)}
    # A proof is no task of the role's own.
    proof = {"authorize_prove_values", "authorize_probe_pipeline", "authorize_probe"}
    proof.add("authorize_probe_component")
    # What decides which tasks there are, see test_role_plan.
    deciding = {f"authorize_{name}" for name in ("vault", "check_runner", "verify", "prove")}
    # What is asked of all hosts at once.
    others = {"authorize_guards", "authorize_named_elsewhere"}
    assert entry_points()["main"].keys() - used == {*proof, *deciding, *others}


def test_ansible_itself_has_nothing_to_refuse() -> None:
    """Its check precedes the role's own, and prints all of the specs when it refuses something."""
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text("utf-8"))
    for entry_point in specs["argument_specs"].values():
        options = entry_point["options"]
        for value in (None, "text", 1, True, ["one"], {"one": 1}):
            given = dict.fromkeys(options, value)
            assert not ArgumentSpecValidator(options).validate(given).error_messages
        assert not ArgumentSpecValidator(options).validate({}).error_messages


def test_what_the_role_checks_itself_is_stated_in_its_specs() -> None:
    options = entry_points()["main"]
    assert options["authorize_vault"]["choices"] == ["auto", *VAULTS]
    assert options["authorize_project"]["required"]
    assert options["authorize_prove"]["type"] == "bool"
    assert options["authorize_aws"]["type"] == "dict"
    assert options["authorize_permissions"]["elements"] == "str"
