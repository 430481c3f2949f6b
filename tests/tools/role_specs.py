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
# The role's specs state no defaults, which null would not get past.
_STATED = re.compile(r"The default is V\((.*)\)\.")
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
            options[name] = _with_default(option)
        for name, former in FORMER_NAMES.items():
            options[name] = {**options[name], "aliases": [former]}
    return found


def all_options() -> dict[str, Option]:
    """The options of all entry points, each once."""
    return {name: option for own in entry_points().values() for name, option in own.items()}


def _with_default(option: Option) -> Option:
    """The option as it would be if null could not be given."""
    found = dict(option)
    if choices := option.get("choices"):
        found["choices"] = [choice for choice in choices if choice is not None]
    if option["type"] in _NOTHING:
        found["default"] = _NOTHING[option["type"]]
    notes = paragraphs(option)
    for note in notes:
        if stated := _STATED.fullmatch(note):
            found["default"] = yaml.safe_load(stated[1])
            found["description"] = [each for each in notes if each != note]
    return found


def paragraphs(option: Option) -> list[str]:
    given = option["description"]
    return [given] if isinstance(given, str) else given
