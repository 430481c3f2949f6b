# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks where nobody listens: what is refused first contacts nothing.

Maia's token would be the first thing that is asked for; then the output has CONTACTED.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.workspace import BUILD
from unit.keys import make_key

CONTACTED = "could not be reached"
_NOWHERE = "https://127.0.0.1:1"


def write_inventory(file: Path, children: Mapping[str, Any]) -> Path:
    """children: the groups. Each host is the environment of its name."""
    maia = {"api_url": _NOWHERE, "token_url": _NOWHERE, "client_id": "i", "client_secret": "s"}
    variables = {
        "authorize_project": "Shop",
        "authorize_vault": "aws",
        "authorize_secret_name": "stripe/{{ inventory_hostname }}",
        "authorize_environment": "{{ inventory_hostname }}",
        "authorize_aws": {"region": "eu-west-1", "endpoint_url": _NOWHERE},
        "authorize_stripe": {"api_url": _NOWHERE},
        "authorize_maia": maia,
        "authorize_api_key": make_key(),
    }
    file.write_text(yaml.safe_dump({"all": {"vars": variables, "children": dict(children)}}))
    return file


def play(playbook: str, inventory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the collection's playbooks, or a file; Git has but a repository's own settings."""
    return subprocess.run(
        [
            Path(sys.executable).with_name("ansible-playbook"),
            playbook if os.path.isabs(playbook) else f"maia.stripe_query.{playbook}",
            *("--inventory", inventory),
            *arguments,
        ],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(BUILD / "collections"),
            "ANSIBLE_HOME": str(inventory.parent / "home"),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "GIT_CONFIG_GLOBAL": os.devnull,
        },
        capture_output=True,
        text=True,
        check=False,
    )
