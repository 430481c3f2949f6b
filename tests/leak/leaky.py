# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module that leaks wherever it can: the harness must catch it in every channel.

It is made at run time, in a collection of its own, so that nobody finds it in ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

_MODULE = """\
import base64
import os

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = "{}"


def main():
    module = AnsibleModule({"key": {"type": "str", "no_log": True}, "fail": {"type": "bool"}})
    key = module.params["key"]
    # Ansible masks the key as it is and nothing that is made of it.
    shown = base64.b64encode((key + ":").encode()).decode()
    module.log("calling with " + shown)
    for variable in ("HOME", "TMPDIR"):
        with open(os.path.join(os.environ[variable], "leaky.txt"), "a") as file:
            file.write(key.encode().hex())
    if module.params["fail"]:
        raise RuntimeError("server said: " + key)
    facts = {"leaky": key[-8:]}
    module.exit_json(changed=True, request=shown, ansible_facts=facts, diff={"after": shown})


main()
"""


def make_collection(directory: Path) -> Path:
    """Make leaky.canary below the directory; returns what to put on ANSIBLE_COLLECTIONS_PATH."""
    modules = directory / "ansible_collections" / "leaky" / "canary" / "plugins" / "modules"
    modules.mkdir(parents=True, exist_ok=True)
    (modules / "leaky.py").write_text(_MODULE)
    return directory


def playbook() -> list[dict[str, Any]]:
    """Plays that use it in all the ways that our modules are used."""
    variables = str(Path(__file__).with_name("variables.yml"))
    leaky = {"leaky.canary.leaky": {"key": "{{ key }}"}}
    tasks: list[dict[str, Any]] = [
        {"name": "Leak", **leaky, "register": "leaked"},
        # For ansible-runner's fact cache, which keeps what is set and not what is found.
        {"name": "Keep", "ansible.builtin.set_fact": {"kept": "{{ leaked }}", "cacheable": True}},
        {"name": "Crash", "leaky.canary.leaky": {"key": "{{ key }}", "fail": True}},
        # Last, since the tree callback keeps each host's last result only.
        {"name": "Leak for the callbacks", **leaky, "diff": True, "failed_when": True},
    ]
    for task in tasks:
        task["ignore_errors"] = True
    play = {"hosts": "leak", "gather_facts": False, "vars_files": [variables], "tasks": tasks}
    return [play]
