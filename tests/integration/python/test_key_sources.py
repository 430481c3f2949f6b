# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each way to give the role a key, as its README has it; tests/awx has that of AWX."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.python import nowhere
from integration.python.estates import direct
from sandbox.client import SandboxClient

pytestmark = pytest.mark.long

README = Path(__file__).resolve().parents[3] / "roles" / "authorize" / "README.md"
NAME = "A_KEY_OF_OURS"


def inventory(services: SandboxClient, directory: Path, hosts: dict[str, Any]) -> Path:
    variables = {
        **direct(services),
        "authorize_project": "Shop Analytics",
        "authorize_environment": "production",
        "authorize_vault": "aws",
        "authorize_secret_name": "stripe/{{ inventory_hostname }}",
        "authorize_definition_name": "stripe_{{ inventory_hostname }}",
        "authorize_guards": False,
    }
    file = directory / "inventory.yml"
    file.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": variables}}))
    return file


def stored(services: SandboxClient) -> dict[str, str]:
    """The last characters of each secret's key."""
    return {each.name: str(each.details["key"])[-4:] for each in services.contents("aws")}


def test_it_is_read_and_shows_nowhere(
    services: SandboxClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = services.key("shop-analytics-production")
    monkeypatch.setenv(NAME, key)
    password, vaulted = tmp_path / "password", tmp_path / "vaulted.yml"
    password.write_text("of the vault")
    vaulted.write_text(yaml.safe_dump({"vaulted_stripe_key": key}))
    arguments = ("--vault-password-file", str(password))
    program = Path(sys.executable).with_name("ansible-vault")
    subprocess.run([program, "encrypt", *arguments, vaulted], check=True, capture_output=True)
    hosts = {
        "file": {"authorize_api_key_file": services.state.keys["shop-analytics-production"]},
        "environment": {"authorize_api_key_env": NAME},
        "vault": {"authorize_api_key": "{{ vaulted_stripe_key }}"},
        "lookup": {"authorize_api_key": f"{{{{ lookup('ansible.builtin.env', '{NAME}') }}}}"},
    }
    more = (*arguments, "--extra-vars", f"@{vaulted}", "-vvv")
    done = nowhere.play("authorize", inventory(services, tmp_path, hosts), *more)
    assert done.returncode == 0, done.stdout
    assert stored(services) == {f"stripe/{name}": key[-4:] for name in hosts}
    assert key not in done.stdout + done.stderr


def test_a_prompt_asks_for_it(services: SandboxClient, tmp_path: Path) -> None:
    key = services.key("shop-analytics-production")
    found = re.search(r"(?s)( +- hosts: all\n.*?)```", README.read_text("utf-8"))
    assert found
    book = tmp_path / "prompt.yml"
    book.write_text(found[1])
    hosts = inventory(services, tmp_path, {"asked": {}})
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(program, [program, str(book), "--inventory", str(hosts), "-vvv"])
    shown, asked = b"", False
    while True:
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # it has ended
            break
        if not asked and b"Stripe API key:" in shown:
            asked = True
            os.write(terminal, key.encode() + b"\n")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, shown
    assert stored(services) == {"stripe/asked": key[-4:]}
    assert key.encode() not in shown
