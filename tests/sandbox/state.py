# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running sandbox tells about itself: the contents of state.json."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

STATE_FILE = "state.json"


@dataclass(frozen=True)
class ServiceState:
    """Where one service is and who may use it."""

    url: str  # over TLS, with the sandbox's own CA
    hosts: list[str]
    identities: dict[str, dict[str, str]]
    plain_url: str = ""  # over plain http, where a client needs that


@dataclass(frozen=True)
class State:
    """Everything that a client of the sandbox needs to know."""

    pid: int
    proxy: str
    control_url: str
    control_token: str
    ca: str
    bundle: str
    services: dict[str, ServiceState]
    keys: dict[str, str] = field(default_factory=dict)  # name -> file that holds the value

    def save(self, directory: Path) -> None:
        write_private(directory / STATE_FILE, json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, path: Path) -> State:
        """`path`: state.json itself or the directory that it is in."""
        file = path / STATE_FILE if path.is_dir() else path
        raw = json.loads(file.read_text(encoding="utf-8"))
        services = {name: ServiceState(**service) for name, service in raw.pop("services").items()}
        return cls(services=services, **raw)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in one step for those who look at it."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with open(draft, "x", encoding="utf-8", opener=_private) as file:
        file.write(text)
    draft.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
