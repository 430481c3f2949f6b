# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role authorize, as roles/authorize/meta/argument_specs.yml states them."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tools.workspace import CHECKOUT

ROLE = CHECKOUT / "roles" / "authorize"
SPECS = ROLE / "meta" / "argument_specs.yml"
# What the role's specs state in words: Ansible itself is to refuse nothing.
_STATED = re.compile(r"The default is V\((.*)\)\.")
# Of another variable. Ansible evaluates a template even in a description.
_VARIABLE = re.compile(r"<(\w+)>")
# A default that other variables decide, see _flow/variables.py.
_FOLLOWS = re.compile(r"By default (.*)\.", re.DOTALL)
_CHOICES = re.compile(r"One of (V\(\w+\)(?:, V\(\w+\))*)\.")
_RULES: dict[str, dict[str, Any]] = {
    "Required.": {"required": True},
    "True or false.": {"type": "bool"},
    "A dictionary.": {"type": "dict"},
    "A list of texts.": {"type": "list", "elements": "str"},
}
# One that is not quite a rule would only be read by people.
_LIKE_A_RULE = re.compile("The default is|One of|True or|A dictionary|A list|Required")
_NOTHING: dict[str, Any] = {"dict": {}, "list": []}

# Names of release 1.0.0, which are still taken. ansible-lint knows no aliases in a role's specs.
FORMER_NAMES = {"authorize_on_publishable_key": "authorize_publishable_key"}

Option = dict[str, Any]


def entry_points() -> dict[str, dict[str, Option]]:
    """The options of each entry point of the role."""
    specs = yaml.safe_load(SPECS.read_text(encoding="utf-8"))["argument_specs"]
    found: dict[str, dict[str, Option]] = {name: spec["options"] for name, spec in specs.items()}
    for options in found.values():
        for name, option in options.items():
            options[name] = _as_checked(option)
        for name, former in FORMER_NAMES.items():
            options[name] = {**options[name], "aliases": [former]}
    return found


def all_options() -> dict[str, Option]:
    """The options of all entry points, each once."""
    return {name: option for own in entry_points().values() for name, option in own.items()}


def _as_checked(option: Option) -> Option:
    """The option as it would be stated if Ansible were to check it."""
    found = dict(option)
    told = []
    for note in paragraphs(option):
        if stated := _STATED.fullmatch(note):
            default = yaml.safe_load(stated[1])
            is_text = isinstance(default, str)
            found["default"] = _VARIABLE.sub(r"{{ \1 }}", default) if is_text else default
        elif choices := _CHOICES.fullmatch(note):
            found["choices"] = re.findall(r"V\((\w+)\)", choices[1])
        elif note in _RULES:
            found |= _RULES[note]
        elif _LIKE_A_RULE.match(note):
            raise ValueError(f"argument_specs.yml: no rule is written like this: {note}")
        else:
            told.append(note)
    if found["type"] in _NOTHING:
        found.setdefault("default", _NOTHING[found["type"]])
    return {**found, "description": told}


def followed_default(option: Option) -> str:
    """Its default in words, where other variables decide it."""
    found = [_FOLLOWS.fullmatch(note) for note in paragraphs(option)]
    return next((follows[1] for follows in found if follows), "")


def paragraphs(option: Option) -> list[str]:
    given = option["description"]
    return [given] if isinstance(given, str) else given
