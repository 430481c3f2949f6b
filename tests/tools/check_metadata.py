# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check facts that stand in more than one file: action groups, modules, requirements, roles."""

from __future__ import annotations

import sys
from typing import Any

import yaml

from tools.workspace import CHECKOUT


def load(path: str) -> Any:
    return yaml.safe_load((CHECKOUT / path).read_text())


def requirements(path: str) -> set[str]:
    lines = (CHECKOUT / path).read_text().splitlines()
    return {line.strip() for line in lines} - {""} - {li for li in lines if li.startswith("#")}


def names(pattern: str) -> set[str]:
    return {path.stem for path in CHECKOUT.glob(pattern) if path.stem != "__init__"}


def role_problems() -> list[str]:
    """Galaxy reads about roles in meta/main.yml, Ansible in meta/argument_specs.yml."""
    found = []
    needed = load("meta/runtime.yml")["requires_ansible"].removeprefix(">=").removesuffix(".0")
    for role in sorted(path.name for path in (CHECKOUT / "roles").iterdir()):
        galaxy = load(f"roles/{role}/meta/main.yml")["galaxy_info"]
        specs = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]
        if galaxy["description"] != specs["main"]["short_description"]:
            found.append(f"the descriptions of the role {role} differ")
        if galaxy["min_ansible_version"] != needed:
            found.append(f"the role {role} needs another ansible-core than meta/runtime.yml says")
    return found


def problems() -> list[str]:
    groups: dict[str, list[str]] = load("meta/runtime.yml")["action_groups"]
    modules = names("plugins/modules/*.py")
    families = {module for name, members in groups.items() if name != "all" for module in members}
    found = role_problems()
    if set(groups["all"]) != modules:
        found.append(f"the action group all is not all modules: {set(groups['all']) ^ modules}")
    if not families <= modules:
        found.append(f"action groups name what is no module: {families - modules}")
    if not names("plugins/action/*.py") <= modules:
        found.append("plugins/action has a name that plugins/modules has not")
    if requirements("meta/ee-requirements.txt") != requirements(
        "tests/integration/requirements.txt"
    ):
        found.append("tests/integration/requirements.txt differs from meta/ee-requirements.txt")
    return found


if __name__ == "__main__":
    sys.exit("\n".join(problems()) or 0)
