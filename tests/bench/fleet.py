# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a benchmark authorizes: environments of many projects, each with a key of its own."""

from __future__ import annotations

import json
import math
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.state import State, write_private

ENVIRONMENTS = ("dev", "test", "qa", "staging", "production")
_ALPHABET = string.ascii_letters + string.digits


def project_name(number: int) -> str:
    return f"Project {number}"


def projects_for(targets: int) -> int:
    return math.ceil(targets / len(ENVIRONMENTS))


@dataclass(frozen=True)
class Fleet:
    """targets: the variables of each host. common: those of all, credentials among them."""

    vault: str
    targets: Mapping[str, Mapping[str, str]]
    common: Mapping[str, Any]

    def write(self, path: Path) -> Path:
        """An inventory, which is private since the keys are in it."""
        hosts = {"all": {"vars": dict(self.common), "hosts": dict(self.targets)}}
        write_private(path, json.dumps(hosts))
        return path


def make_fleet(vault: str, count: int, states: Mapping[str, State]) -> Fleet:
    """Each call makes other keys for the same targets. states: of the services, by their names."""
    targets = {}
    for number in range(count):
        project, environment = divmod(number, len(ENVIRONMENTS))
        name = ENVIRONMENTS[environment]
        # Letters and digits only, which every vault allows.
        targets[f"p{project}-{name}"] = {
            "authorize_project": project_name(project),
            "authorize_environment": name,
            "authorize_definition_name": f"stripe_{name}",
            "authorize_secret_name": f"stripe{project}{name}",
            "authorize_api_key": _key(),
        }
    common = {
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "ansible_connection": "local",
        "authorize_vault": vault,
        # Nor do the other ways verify or prove anything.
        "authorize_guards": False,
        f"authorize_{vault}": _reach(vault, states[vault]),
        "authorize_maia": _reach("maia", states["maia"]),
        # What the peers' tasks need beside.
        "maia_token_url": f"{states['maia'].services['maia'].url}/oauth/dpc/token",
        "maia_projects_url": f"{states['maia'].services['maia'].url}/dpc/v1/projects",
        "vault_proxy": states[vault].proxy,
        "vault_bundle": states[vault].bundle,
    }
    return Fleet(vault, targets, common)


def _key() -> str:
    random = "".join(secrets.choice(_ALPHABET) for _letter in range(99))
    return "_".join(("rk", "test", random))


def _reach(name: str, state: State) -> dict[str, Any]:
    """Connection options, named like those of our modules."""
    service = state.services[name]
    port = service.plain_url.rpartition(":")[2]
    options: dict[str, dict[str, Any]] = {
        "aws": {"endpoint_url": service.url, "region": "eu-west-1", "ca_bundle": state.ca},
        "azure": {
            "vault_url": service.url,
            "authority_host": service.url,
            "allow_unknown_vault_host": True,
            "ca_bundle": state.ca,
        },
        "snowflake": {"host": "127.0.0.1", "port": int(port or 0), "protocol": "http"},
        "maia": {
            "api_url": f"{service.url}/dpc",
            "token_url": f"{service.url}/oauth/dpc/token",
            "ca_bundle": state.ca,
            "requests_per_minute": 100_000,
        },
    }
    return {**options[name], **service.identities["full"]}
