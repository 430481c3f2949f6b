# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-lint over tasks as users write them: the documented ones pass, wrong options are found.

--syntax-check finds no wrong options: Ansible itself looks at those of a module only when it runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tools.workspace import BUILD, CHECKOUT

MODULES = sorted((CHECKOUT / "plugins" / "modules").glob("*.py"))
# Its argument is the result of another task, of which ansible-lint knows nothing.
WITHOUT_OPTIONS = {"target_outcome"}
# The one is in no profile, not even in production. The other is told of "git ls-files", for which
# Ansible's module has nothing.
ACCEPTED = {"run-once[task]", "command-instead-of-module"}


def lint(directory: Path, tasks: list[Any], *arguments: str) -> list[dict[str, Any]]:
    """What ansible-lint has to say of a playbook with these tasks."""
    play = {"name": "Try", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
    playbook = directory / "playbook.yml"
    playbook.write_text("---\n" + yaml.safe_dump([play], sort_keys=False))
    config = directory / "lint.yml"
    # What it calls experimental is a warning otherwise.
    config.write_text("warn_list: []\nskip_list: [yaml]\n")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ansiblelint", "--offline", "-c", str(config)),
            *("--format", "codeclimate", *arguments, str(playbook)),
        ],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(BUILD / "collections"),
            "ANSIBLE_HOME": str(directory / "ansible"),
        },
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    return list(json.loads(done.stdout))


def examples(module: Path) -> list[Any]:
    _before, _begin, rest = module.read_text(encoding="utf-8").partition('EXAMPLES = r"""')
    found: list[Any] = yaml.safe_load(rest.partition('"""')[0])
    return [task for each in found for task in (each.get("tasks") or [each])]


def test_the_documented_tasks_pass_with_options_checked(tmp_path: Path) -> None:
    tasks = [task for module in MODULES for task in examples(module)]
    assert len(tasks) > len(MODULES)
    found = [each for each in lint(tmp_path, tasks) if each["check_name"] not in ACCEPTED]
    assert [f"{each['check_name']}: {each['description']}" for each in found] == []


def test_a_wrong_option_of_each_module_is_found(tmp_path: Path) -> None:
    modules = [path.stem for path in MODULES if path.stem not in WITHOUT_OPTIONS]
    tasks = [
        {"name": f"Task of {name}", f"maia.stripe_query.{name}": {"no_such_option": "x"}}
        for name in modules
    ]
    found = [each for each in lint(tmp_path, tasks) if each["check_name"] == "args[module]"]
    assert len(found) == len(modules)
