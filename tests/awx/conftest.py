# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated AWX, prepared by the collection's own playbook, and the sandbox its jobs meet."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from awx.api import app_of
from awx.controller import Controller
from awx.jobs import Launcher
from sandbox.client import SandboxClient
from sandbox.server import LoopbackServer

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = CHECKOUT / "playbooks" / "files" / "awx" / "project"
SCM_URL = "https://git.example.com/stripe-query.git"
COLLECTIONS = os.pathsep.join(
    str(CHECKOUT / ".build" / name) for name in ("collections", "awx/collections")
)
SLICES = 2
Play = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Prepared:
    """What the playbook said and wrote, the first time and then with credentials (arguments)."""

    first: subprocess.CompletedProcess[str]
    made: list[str]
    second: subprocess.CompletedProcess[str]
    changed: list[str]
    arguments: tuple[str, ...]


@pytest.fixture(scope="session")
def sandbox() -> SandboxClient:
    """The one that the tests run in."""
    return SandboxClient.from_state(os.environ["SANDBOX_STATE"])


@pytest.fixture(scope="session")
def controller() -> Controller:
    tokens = {secrets.token_urlsafe(32): who for who in ("system", "organization", "Launchers")}
    return Controller(tokens, {SCM_URL: PROJECT})


@pytest.fixture(scope="session")
def play_against(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Play]]:
    """Of a controller, what runs playbooks/awx.yml against it, with further arguments."""
    servers = []
    home = tmp_path_factory.mktemp("home")

    def against(controller: Controller, **settings: str) -> Play:
        server = LoopbackServer(app_of(controller))
        server.start()
        servers.append(server)

        def run(
            *arguments: str, token: str = controller.token, playbook: str = "awx"
        ) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [
                    *(str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,"),
                    f"maia.stripe_query.{playbook}",
                    *(("-e", f"awx_scm_url={SCM_URL}") if playbook == "awx" else ()),
                    *arguments,
                ],
                env={
                    **os.environ,
                    "CONTROLLER_HOST": server.url,
                    "CONTROLLER_OAUTH_TOKEN": token,
                    "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS,
                    "ANSIBLE_HOME": str(home),
                    "ANSIBLE_NOCOLOR": "true",
                    **settings,
                },
                capture_output=True,
                text=True,
                check=False,
            )

        return run

    yield against
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def platform_collections(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A path with ansible.controller, which has awx.awx's plugins, in its place."""
    ours, theirs = COLLECTIONS.split(os.pathsep)
    root = tmp_path_factory.mktemp("platform")
    copy = root / "ansible_collections" / "ansible" / "controller"
    shutil.copytree(Path(theirs) / "ansible_collections" / "awx" / "awx", copy)
    for path in copy.rglob("*"):
        if path.suffix in (".py", ".yml"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("awx.awx", "ansible.controller"), encoding="utf-8")
    return os.pathsep.join((ours, str(root)))


@pytest.fixture(scope="session")
def play(controller: Controller, play_against: Callable[..., Play]) -> Play:
    return play_against(controller)


@pytest.fixture(scope="session")
def credentials(sandbox: SandboxClient) -> dict[str, tuple[str, dict[str, str]]]:
    """What an administrator enters by hand: the credentials' types and inputs, by name."""
    key = sandbox.key("shop-analytics-production")
    aws, azure = sandbox.identity("aws"), sandbox.identity("azure")
    maia, snowflake = sandbox.identity("maia"), sandbox.identity("snowflake", "encrypted_key_pair")
    azure_inputs = {
        "client": azure["client_id"],
        "tenant": azure["tenant_id"],
        "secret": azure["client_secret"],
        # Not used, but AWX asks for one.
        "subscription": "00000000-0000-0000-0000-000000000000",
    }
    return {
        "Shop's key": ("Stripe Query - Stripe API key", {"api_key": key}),
        "Old key": ("Stripe Query - Old Stripe API key", {"api_key": key}),
        "Maia": ("Stripe Query - Maia API", {**maia, "region": "eu1"}),
        "AWS": (
            "Amazon Web Services",
            {"username": aws["access_key"], "password": aws["secret_key"]},
        ),
        "Azure": ("Microsoft Azure Resource Manager", azure_inputs),
        "Snowflake": ("Stripe Query - Snowflake", snowflake),
        "Settings": (
            "Stripe Query - Run settings",
            {"requests_per_minute": "500", "verify": "stripe", "publishable_key": "reject"},
        ),
    }


@pytest.fixture(scope="session")
def prepared(
    play: Play, controller: Controller, credentials: dict[str, tuple[str, dict[str, str]]]
) -> Prepared:
    default = controller.one("organizations", "Default")["id"]
    for team in ("Launchers", "Approvers"):
        controller.create("teams", {"name": team, "organization": default})
    controller.writes.clear()
    given: dict[str, Any] = {
        "awx_launchers": ["Launchers"],
        "awx_approvers": ["Approvers"],
        "awx_notification": {
            "notification_type": "slack",
            "notification_configuration": {"channels": ["#stripe"]},
        },
    }
    first = play("-e", json.dumps(given))
    made = list(controller.writes)
    for name, (kind, inputs) in credentials.items():
        number = controller.one("credential_types", kind)["id"]
        made_by_hand = {
            "name": name,
            "credential_type": number,
            "inputs": inputs,
            "organization": default,
        }
        controller.create("credentials", made_by_hand)
    controller.writes.clear()
    given |= {"awx_credentials": list(credentials), "awx_maia_credential": "Maia"}
    given |= {"awx_job_slice_count": SLICES}
    arguments = ("-e", json.dumps(given))
    second = play(*arguments)
    return Prepared(first, made, second, list(controller.writes), arguments)


@pytest.fixture(scope="session")
def launcher(
    controller: Controller, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Launcher:
    assert prepared.second.returncode == 0, prepared.second.stdout
    home = tmp_path_factory.mktemp("home")
    settings = {"ANSIBLE_COLLECTIONS_PATH": COLLECTIONS, "ANSIBLE_HOME": str(home)}
    return Launcher(controller, tmp_path_factory.mktemp("jobs"), settings)


@pytest.fixture(scope="session")
def inventory(launcher: Launcher) -> dict[str, Any]:
    """What the inventory source has brought into AWX."""
    return launcher.sync("Maia")
