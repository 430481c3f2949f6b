# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What guards a deletion knows Ansible from inside: extra variables, and sources of the inventory.

Nothing is contacted, since each deletion is refused or nothing is there to be deleted.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from leak.run import Core
from tools.workspace import CHECKOUT

COMMON = {
    "authorize_project": "Shop",
    "authorize_vault": "aws",
    "authorize_maia": {"region": "eu1"},
}
SHARED = {**COMMON, "authorize_secret_name": "stripe/shop", "authorize_environment": "test"}
OTHER = {**COMMON, "authorize_secret_name": "stripe/other", "authorize_environment": "other"}
OVERRIDE = {"environment_overrides": {"test": {"secret_name": "stripe/shop"}}}


def revoke(core: Core, directory: Path, inventory: Path, *more: str) -> str:
    play = directory / "play.yml"
    revoked = {"hosts": "{{ ansible_play_hosts }}", "action": "revoke"}
    task = {"maia.stripe_query.authorize_targets": revoked, "run_once": True}
    play.write_text(
        json.dumps(
            [{"hosts": "goes", "connection": "local", "gather_facts": False, "tasks": [task]}]
        )
    )
    done = subprocess.run(
        [core.programs / "ansible-playbook", "-i", inventory, play, *more],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".build" / "collections"),
            # So that what is not refused gets no further than a service that is not there.
            "AWS_ENDPOINT_URL": "https://127.0.0.1:1",
            "MAIA_API_URL": "https://127.0.0.1:1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


def hosts(path: Path, **each: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"all": {"hosts": each}}))
    return path


def test_an_extra_variable_hides_nothing(core: Core, tmp_path: Path) -> None:
    stays = {**OTHER, "authorize_definition": OVERRIDE}
    inventory = hosts(tmp_path / "hosts.yml", goes=SHARED, stays=stays)
    given = json.dumps({"authorize_definition": {}})
    said = revoke(core, tmp_path, inventory, "--extra-vars", given)
    assert "Targets stays (without extra variables), goes: they share" in said


def test_a_template_as_an_extra_variable_hides_nothing(core: Core, tmp_path: Path) -> None:
    inventory = hosts(tmp_path / "hosts.yml", goes={**SHARED, **OTHER}, stays=SHARED)
    given = json.dumps(
        {"authorize_secret_name": "stripe/{{ 'shop' if inventory_hostname == 'goes' }}"}
    )
    said = revoke(core, tmp_path, inventory, "--extra-vars", given)
    assert "Targets stays (without extra variables), goes: they share" in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("all:\n  hosts:\n  stays: {}\n   x: 1\n", "it could not be read"),
        ("all: {host: {stays: {}}}\n", "its group 'all' has the key 'host', which Ansible ignores"),
    ],
    ids=["no YAML", "another key"],
)
def test_a_source_that_was_not_read_may_hold_a_host(
    core: Core, tmp_path: Path, text: str, why: str
) -> None:
    inventory = tmp_path / "inventory"
    inventory.mkdir()
    hosts(inventory / "a.yml", goes=SHARED)
    (inventory / "b.yml").write_text(text)
    said = revoke(core, tmp_path, inventory)
    assert f"Inventory source {inventory / 'b.yml'}: {why}" in said


def test_without_such_a_host_the_run_goes_on(core: Core, tmp_path: Path) -> None:
    inventory = hosts(tmp_path / "hosts.yml", goes=SHARED, other=OTHER)
    said = revoke(core, tmp_path, inventory, "--extra-vars", '{"authorize_label": "key"}')
    assert "they share" not in said
    assert "Inventory source" not in said
