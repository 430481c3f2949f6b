# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Maia account holds. Plain data: no HTTP, no locking."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

from sandbox.maia.problems import Problem, conflict, not_found

HYBRID = "HYBRID"
FULL_SAAS = "FULL_SAAS"
GENERIC_SECRET = "GENERIC_SECRET"


def new_id() -> str:
    return str(uuid.uuid4())


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@dataclass(frozen=True)
class Agent:
    """A runner."""

    agent_id: str
    name: str
    cloud_provider: str
    deployment: str
    description: str = ""
    hosted: bool = False  # by Matillion; what the API tells of it is another matter


@dataclass(frozen=True)
class Environment:
    name: str
    agent: Agent


@dataclass(frozen=True)
class SecretTarget:
    """Where a definition finds its value: a secret in a vault, Matillion's for Full SaaS."""

    secret_name: str | None = None
    secret_key: str | None = None
    secrets_location: dict[str, str] | None = None


@dataclass
class Connection:
    """A connection; a secret definition when its authType is GENERIC_SECRET."""

    name: str
    created_by: str
    description: str | None = None
    target: SecretTarget = SecretTarget()
    platform_connection_type: str = "COMPONENT_BASIC"
    auth_provider: str = "NONE"
    auth_type: str = GENERIC_SECRET
    id: str = field(default_factory=new_id)
    created_date: str = field(default_factory=now)


@dataclass
class Override:
    """Another target for a definition in one environment."""

    environment: str
    connection: Connection
    target: SecretTarget
    created_by: str
    created_date: str = field(default_factory=now)


@dataclass(frozen=True)
class Step:
    name: str
    status: str
    message: str | None = None


@dataclass
class Pipeline:
    """A pipeline that is published to one environment.

    looks: how often an execution of it is found running before it has ended.
    """

    name: str
    environment: str
    outcome: str = "SUCCESS"
    looks: int = 0
    disabled: bool = False
    steps: tuple[Step, ...] = ()


Files = dict[str, tuple[str, bytes]]


@dataclass
class Execution:
    pipeline: Pipeline
    tag: str | None
    started_at: str = field(default_factory=now)
    looks: int = 0
    id: str = field(default_factory=new_id)

    @property
    def status(self) -> str:
        return self.pipeline.outcome if self.looks > self.pipeline.looks else "RUNNING"


@dataclass
class Project:
    name: str
    deployment: str
    description: str = ""
    id: str = field(default_factory=new_id)
    environments: dict[str, Environment] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    overrides: dict[tuple[str, str], Override] = field(default_factory=dict)
    pipelines: dict[tuple[str, str], Pipeline] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    # By environment and name: each file's media type and content, by its path.
    versions: dict[tuple[str, str], Files] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)  # Matillion's vault

    def add_secret(self, name: str, value: str) -> None:
        if name in self.secrets:
            raise conflict("Secret", name)
        self.secrets[name] = value

    def value_of(self, target: SecretTarget) -> str | None:
        return self.secrets.get(target.secret_name or "")

    def publish(self, pipeline: Pipeline) -> None:
        environment = self.environment(pipeline.environment).name
        self.pipelines[environment, pipeline.name] = pipeline

    def publish_version(self, environment: str, name: str, files: Files) -> None:
        """Raises Problem if there is one of this name."""
        key = (self.environment(environment).name, name)
        if key in self.versions:
            raise conflict("Version", name)
        self.versions[key] = files

    def published_in(self, environment: str) -> list[Pipeline]:
        self.environment(environment)
        return [p for p in self.pipelines.values() if p.environment == environment]

    def start(self, environment: str, name: str, tag: str | None) -> Execution:
        pipeline = self.pipelines.get((self.environment(environment).name, name))
        if pipeline is None:
            raise not_found("Pipeline", name)
        if pipeline.disabled:
            raise Problem(410, f"Pipeline '{name}' is disabled.")
        running = [e for e in self.executions.values() if e.status == "RUNNING"]
        if tag is not None and any(e.tag == tag for e in running):
            raise Problem(409, f"An execution with the tag '{tag}' is running.")
        execution = Execution(pipeline, tag)
        self.executions[execution.id] = execution
        return execution

    def execution(self, execution_id: str) -> Execution:
        if execution_id not in self.executions:
            raise not_found("Execution", execution_id)
        return self.executions[execution_id]

    @property
    def hosted(self) -> bool:
        """Whether Matillion hosts the runner and its vault."""
        return self.deployment == FULL_SAAS

    def environment(self, name: str) -> Environment:
        if name not in self.environments:
            raise not_found("Environment", name)
        return self.environments[name]

    def add_environment(self, environment: Environment) -> None:
        if environment.name in self.environments:
            raise conflict("Environment", environment.name)
        self.environments[environment.name] = environment

    def connection(self, name: str) -> Connection:
        if name not in self.connections:
            raise not_found("Connection", name)
        return self.connections[name]

    def add_connection(self, connection: Connection, *, replace: bool = False) -> None:
        if connection.name in self.connections and not replace:
            raise conflict("Connection", connection.name)
        self.connections[connection.name] = connection

    def remove_connection(self, name: str) -> None:
        del self.connections[self.connection(name).name]
        self.overrides = {key: o for key, o in self.overrides.items() if key[1] != name}

    def overrides_in(self, environment: str) -> list[Override]:
        self.environment(environment)
        return [o for o in self.overrides.values() if o.environment == environment]

    def add_override(self, override: Override) -> None:
        key = (self.environment(override.environment).name, override.connection.name)
        if key in self.overrides:
            raise conflict("Override of", override.connection.name)
        self.overrides[key] = override

    def override(self, environment: str, connection: str) -> Override:
        found = self.overrides.get((self.environment(environment).name, connection))
        if found is None:
            raise not_found("Override of", connection)
        return found

    def remove_overrides(self, environment: str, connections: list[str]) -> None:
        """All of them or, when one is missing, none."""
        keys = {(environment, self.override(environment, n).connection.name) for n in connections}
        for key in keys:
            del self.overrides[key]


class Store:
    """The projects and agents of one account."""

    def __init__(self) -> None:
        self.projects: dict[str, Project] = {}
        self.agents: dict[str, Agent] = {}

    def clear(self) -> None:
        self.projects.clear()
        self.agents.clear()

    def project(self, project_id: str) -> Project:
        if project_id not in self.projects:
            raise not_found("Project", project_id)
        return self.projects[project_id]

    def project_named(self, name: str) -> Project | None:
        return next((p for p in self.projects.values() if p.name == name), None)

    def add_project(self, project: Project) -> None:
        if self.project_named(project.name):
            raise conflict("Project", project.name)
        if project.deployment not in (HYBRID, FULL_SAAS):
            raise Problem(400, "Unknown deployment type.")
        self.projects[project.id] = project

    def agent(self, agent_id: str) -> Agent:
        if agent_id not in self.agents:
            raise not_found("Agent", agent_id)
        return self.agents[agent_id]

    def add_agent(self, agent: Agent) -> None:
        self.agents[agent.agent_id] = agent
