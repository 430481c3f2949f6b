# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of playbooks: those that begin with its name, and some that several have."""

from __future__ import annotations

import re

import yaml

from tools.workspace import CHECKOUT

PLAYBOOKS = CHECKOUT / "playbooks"

# Begin with the prefix of the role, but are variables of playbooks, and not of all of them.
SHARED = frozenset(
    {
        *("authorize_hosts", "authorize_threads", "authorize_progress", "authorize_serial"),
        *("authorize_max_fail_percentage", "authorize_report", "authorize_report_json"),
    }
)


def own_names(playbook: str) -> list[str]:
    """All that the playbook, its tasks and its variables use or set, comments included."""
    # Some playbooks share the variables of another one, as awx_remove those of awx.
    prefix = playbook.split("_")[0]
    files = [PLAYBOOKS / part / f"{playbook}.yml" for part in ("", "tasks")]
    files.append(PLAYBOOKS / "vars" / f"{prefix}.yml")
    text = "".join(file.read_text(encoding="utf-8") for file in files if file.exists())
    return sorted(set(re.findall(rf"(?<![\w./]){prefix}_[a-z_]+\b(?!\.yml)", text)))


def documented(playbook: str) -> set[str]:
    """Those of the list of variables in the playbook's first lines."""
    head = (PLAYBOOKS / f"{playbook}.yml").read_text(encoding="utf-8").split("\n- name:")[0]
    return set(re.findall(r"^#   ([a-z]+_[a-z_]+) +\S", head, re.MULTILINE))


def all_names() -> dict[str, list[str]]:
    """Of each playbook its own, and those of SHARED that it, or the one it imports, documents."""
    held: dict[str, list[str]] = {}
    for path in sorted(PLAYBOOKS.glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        imported = re.search(r"import_playbook: maia\.stripe_query\.(\w+)", text)
        shared = documented(imported[1] if imported else path.stem) & SHARED
        # Those of the role are checked whatever the playbook.
        own = own_names(path.stem) if path.stem != "authorize" else ()
        held[path.stem] = sorted({*own, *shared})
    return held


def report_names() -> list[str]:
    """Those of the role report, with which most playbooks end."""
    defaults = CHECKOUT / "roles" / "report" / "defaults" / "main.yml"
    return sorted(yaml.safe_load(defaults.read_text(encoding="utf-8")))
