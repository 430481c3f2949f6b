# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Maia REST API with its token endpoint, as a sandbox service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sandbox.maia import demo_world
from sandbox.maia.gate import RIGHTS, SERVICE, Gate
from sandbox.maia.routes import build_app
from sandbox.maia.store import (
    GENERIC_SECRET,
    Agent,
    Connection,
    Environment,
    Pipeline,
    Project,
    SecretTarget,
    Store,
    new_id,
)
from sandbox.maia.switches import Switches
from sandbox.maia.tokens import Tokens, new_identity
from sandbox.maia.variants import VARIANTS, Variant
from sandbox.service import Entry, Journal
from sandbox.stripe.keys import mask

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class MaiaService(Switches):
    """One account. Starts as the demo's; see Switches for what a test may change."""

    name = SERVICE
    hosts = ("id.core.matillion.com", "*.api.matillion.com")

    def __init__(self, journal: Journal) -> None:
        self.identities = {name: new_identity() for name in RIGHTS}
        self._lock = threading.RLock()
        self._store = Store()
        self._tokens = Tokens(self.identities)
        self._gate = Gate(journal, self._lock, self._tokens, self)
        self.app: WSGIApplication = build_app(self._gate, self._store)
        self.reset()

    @property
    def throttled(self) -> int:
        """How many requests were over the budget; the journal does not count them."""
        return self._gate.throttled

    @property
    def breaches(self) -> list[str]:
        """What was against the contract so far, in requests and in answers."""
        return [*self._gate.refused, *self._gate.broken]

    def reset(self) -> None:
        """Back to the demo's account, and to the usual answers. All other switches stay."""
        self.variant = VARIANTS["documented"]
        with self._lock:
            self._store.clear()
            demo_world.fill(self._store)

    def expire_tokens(self) -> None:
        """End every access token that is out."""
        with self._lock:
            self._tokens.expire_all()

    def add_project(self, name: str, *, deployment: str, description: str = "") -> str:
        project = Project(name, deployment, description)
        with self._lock:
            self._store.add_project(project)
        return project.id

    def behave(self, variant: str) -> Variant:
        """Answer as this one of VARIANTS does. Raises KeyError."""
        self.variant = VARIANTS[variant]
        return self.variant

    def add_agent(
        self, name: str, cloud_provider: str, deployment: str, *, hosted: bool = False
    ) -> str:
        agent = Agent(new_id(), name, cloud_provider, deployment, hosted=hosted)
        with self._lock:
            self._store.add_agent(agent)
        return agent.agent_id

    def add_environment(self, project_id: str, name: str, agent_id: str) -> None:
        with self._lock:
            environment = Environment(name, self._store.agent(agent_id))
            self._store.project(project_id).add_environment(environment)

    def add_connection(
        self,
        project_id: str,
        name: str,
        *,
        auth_provider: str = "GOOGLE",
        auth_type: str = "OAUTH_AUTHORIZATION_CODE",
    ) -> None:
        """A connection that somebody made by hand; by default not a secret definition."""
        connection = Connection(
            name, "somebody@example.com", auth_provider=auth_provider, auth_type=auth_type
        )
        with self._lock:
            self._store.project(project_id).add_connection(connection)

    def publish(self, project_name: str, environment: str, name: str, **facts: Any) -> None:
        """A pipeline; facts: those of store.Pipeline."""
        with self._lock:
            project = self._store.project_named(project_name)
            assert project is not None
            project.publish(Pipeline(name, environment, **facts))

    def hosted_value(
        self, project_name: str, name: str, environment: str | None = None
    ) -> str | None:
        """The value in Matillion's vault that a definition names, or its override."""
        with self._lock:
            project = self._store.project_named(project_name)
            if project is None:
                return None
            if environment is not None:
                override = project.overrides.get((environment, name))
                return project.value_of(override.target) if override else None
            connection = project.connections.get(name)
            return project.value_of(connection.target) if connection else None

    def contents(self) -> list[Entry]:
        with self._lock:
            return [
                entry
                for project in self._store.projects.values()
                for entry in self._entries(project)
            ]

    def _entries(self, project: Project) -> Iterator[Entry]:
        for connection in project.connections.values():
            kind = "definition" if connection.auth_type == GENERIC_SECRET else "connection"
            about = {"project": project.name, "description": connection.description}
            details = _present({**about, **_target_details(project, connection.target)})
            yield Entry(self.name, kind, connection.name, details)
        for override in project.overrides.values():
            about = {"project": project.name, "environment": override.environment}
            details = _present({**about, **_target_details(project, override.target)})
            yield Entry(self.name, "override", override.connection.name, details)


def _target_details(project: Project, target: SecretTarget) -> dict[str, object]:
    value = project.value_of(target)
    return {
        "secret_name": target.secret_name,
        "secret_key": target.secret_key,
        "secrets_location": target.secrets_location,
        "key": None if value is None else mask(value),
    }


def _present(details: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in details.items() if value is not None}
