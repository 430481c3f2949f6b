# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talks to a running sandbox: for tests, benchmarks and the demo."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests

from sandbox.service import Entry, Fault, Served
from sandbox.state import State

_TIMEOUT_SECONDS = 600


class SandboxClient:
    """One sandbox, found by its state file."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._session = requests.Session()
        self._session.trust_env = (
            False  # its proxy leads to the services, never to the control port
        )
        self._session.headers["Authorization"] = f"Bearer {state.control_token}"

    @classmethod
    def from_state(cls, path: str | Path) -> SandboxClient:
        """`path`: the state directory, or state.json in it."""
        return cls(State.load(Path(path)))

    def ready(self) -> bool:
        """Whether it answers."""
        try:
            return bool(self._call("GET", "/ready")["ready"])
        except requests.ConnectionError:
            return False

    def requests(self, service: str) -> dict[str, int]:
        """How often each operation of a service was called since the last clear()."""
        return dict(self._call("GET", "/counts")["requests"].get(service, {}))

    def writes(self, service: str) -> int:
        """How many calls meant to change something."""
        return int(self._call("GET", "/counts")["writes"].get(service, 0))

    def served(self) -> Served | None:
        """When all services together were asked, and for how long; None without calls."""
        found = self._call("GET", "/counts")["served"]
        return Served(**found) if found else None

    def refused(self) -> list[str]:
        """Hosts outside the sandbox that somebody tried to reach through the proxy."""
        return list(self._call("GET", "/counts")["refused"])

    def clear(self) -> None:
        """Forget counts and faults."""
        self._call("POST", "/clear")

    def order(self, fault: Fault) -> None:
        """Let a service fail."""
        self._call("POST", "/faults", asdict(fault))

    def contents(self, service: str | None = None) -> list[Entry]:
        """What the services hold, without values."""
        entries = [Entry(**raw) for raw in self._call("GET", "/contents")]
        return [entry for entry in entries if service in (None, entry.service)]

    def reset(self) -> None:
        """Forget every object; identities, keys and counts stay."""
        self._call("POST", "/reset")

    def next_second(self) -> None:
        """Let what is written now be later than what was, to Key Vault as well."""
        self._call("POST", "/next_second")

    def behave(self, variant: str) -> None:
        """Let Maia answer as that one of its variants, until the next reset."""
        self._call("POST", "/variant", {"name": variant})

    def rotate(self, name: str) -> str:
        """Replace a Stripe key; returns the new one."""
        self._call("POST", "/rotate", {"key": name})
        return self.key(name)

    def key(self, name: str) -> str:
        """The value of a Stripe key."""
        return Path(self.state.keys[name]).read_text(encoding="utf-8")

    def url(self, service: str) -> str:
        return self.state.services[service].url

    def identity(self, service: str, name: str = "full") -> dict[str, str]:
        """Credentials, named like the options of our modules."""
        return dict(self.state.services[service].identities[name])

    def reach(self, service: str, identity: str = "full") -> dict[str, Any]:
        """Options of our modules that lead here without a proxy, with credentials."""
        url, ca = self.url(service), {"ca_bundle": self.state.ca}
        place, _colon, port = self.state.services[service].plain_url[7:].partition(":")
        azure = {"vault_url": url, "authority_host": url, "allow_unknown_vault_host": True}
        where: dict[str, dict[str, Any]] = {
            "aws": {"region": "eu-west-1", "endpoint_url": url, **ca},
            "azure": {**azure, **ca},
            "snowflake": {"host": place, "port": int(port or 0), "protocol": "http"},
            "maia": {"api_url": f"{url}/dpc", "token_url": f"{url}/oauth/dpc/token", **ca},
        }
        return {**where[service], **self.identity(service, identity)}

    def _call(self, method: str, path: str, body: object = None) -> Any:
        response = self._session.request(
            method, self.state.control_url + path, json=body, timeout=_TIMEOUT_SECONDS
        )
        if not response.ok:
            raise ValueError(f"{method} {path}: {response.status_code} {response.text.strip()}")
        return response.json()
