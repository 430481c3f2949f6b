# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated Maia of a test's own, whose limits and behaviour the test may change."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Runtime
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    CONNECTION_SPEC,
    MaiaConnection,
)
from sandbox.maia import MaiaService
from sandbox.maia.store import Project
from sandbox.server import LoopbackServer
from sandbox.service import Fault, Journal

_COLLECTIONS = Path(__file__).resolve().parents[3] / ".build" / "collections"


class MaiaWorld:
    """One account, reached over plain HTTP on the loopback interface."""

    def __init__(self, url: str, service: MaiaService, journal: Journal) -> None:
        self.url = url
        self.service = service
        self._journal = journal

    def project(self, name: str = "Shop Analytics") -> Project:
        """As the service holds it."""
        return next(each for each in self.service._store.projects.values() if each.name == name)

    def options(self, identity: str = "full", **changed: Any) -> dict[str, Any]:
        """Module options that lead here."""
        return {
            "api_url": f"{self.url}/dpc",
            "token_url": f"{self.url}/oauth/dpc/token",
            **self.service.identities[identity],
            **changed,
        }

    def client(self, runtime: Runtime, **changed: Any) -> AbstractContextManager[MaiaClient]:
        validated = validator(CONNECTION_SPEC).validate(self.options(**changed))
        assert not validated.error_messages
        return MaiaConnection.from_params(validated.validated_parameters).open(runtime)

    def ansible(
        self,
        program: str,
        *arguments: str,
        home: Path,
        identity: str = "full",
        programs: Path = Path(sys.executable).parent,
    ) -> subprocess.CompletedProcess[str]:
        """Run one of Ansible's programs, which gets here by its environment, as in AWX.

        programs: where they are, for another version of Ansible.
        """
        options = self.options(identity)
        environment = {
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(_COLLECTIONS),
            "ANSIBLE_HOME": str(home),
            "ANSIBLE_NOCOLOR": "true",
            **{f"MAIA_{name.upper()}": str(value) for name, value in options.items()},
        }
        return subprocess.run(
            [str(programs / program), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def requests(self) -> dict[str, int]:
        """How often each operation was called since the last clear()."""
        counted: Any = self._journal.counts()["requests"]
        return dict(counted.get("maia", {}))

    def clear(self) -> None:
        self._journal.clear()

    def fail(self, operation: str, **fault: Any) -> None:
        """Order a fault for the next requests of that operation; see sandbox.service.Fault."""
        self._journal.order(Fault("maia", operation, **fault))


@contextmanager
def maia_world() -> Iterator[MaiaWorld]:
    journal = Journal()
    service = MaiaService(journal)
    server = LoopbackServer(service.app)
    server.start()
    try:
        yield MaiaWorld(server.url, service, journal)
        assert service.breaches == []
    finally:
        server.stop()
