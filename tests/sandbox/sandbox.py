# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts and stops all services, their proxy and the control interface."""

from __future__ import annotations

import importlib
import os
import secrets
import shlex
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from sandbox.control import control_app
from sandbox.proxy import ConnectProxy
from sandbox.server import LoopbackServer
from sandbox.service import Journal
from sandbox.state import STATE_FILE, ServiceState, State, write_private
from sandbox.tls import CertificateFiles, write_certificates
from sandbox.wire import Wire

_Part = TypeVar("_Part", LoopbackServer, ConnectProxy)

# Imported when asked for: a test of one service need not load the SDKs of the others.
SERVICES = {
    "aws": "AwsService",
    "azure": "AzureService",
    "snowflake": "SnowflakeService",
    "maia": "MaiaService",
    "stripe": "StripeService",
}
_ALSO_PLAIN_HTTP = ("azure", "snowflake")  # managed identity; Snowflake in direct mode
_ENVIRONMENT_FILE = "environment"
_KEYS_DIRECTORY = "keys"
_IDENTITY_VARIABLES = {
    "aws": {"access_key": "AWS_ACCESS_KEY_ID", "secret_key": "AWS_SECRET_ACCESS_KEY"},
    "azure": {
        "tenant_id": "AZURE_TENANT_ID",
        "client_id": "AZURE_CLIENT_ID",
        "client_secret": "AZURE_CLIENT_SECRET",
    },
    "snowflake": {
        "account": "SNOWFLAKE_ACCOUNT",
        "user": "SNOWFLAKE_USER",
        "password": "SNOWFLAKE_PASSWORD",
        "role": "SNOWFLAKE_ROLE",
    },
    "maia": {"client_id": "MAIA_CLIENT_ID", "client_secret": "MAIA_CLIENT_SECRET"},
}


class Sandbox:
    """A context manager: inside it, everything runs and the state directory is complete."""

    def __init__(self, state_dir: str | Path, services: Sequence[str] = tuple(SERVICES)) -> None:
        self.directory = Path(state_dir).absolute()
        self._names = tuple(services)
        self._services: dict[str, Any] = {}
        self._journal = Journal()
        self._cleanup = ExitStack()
        self.state: State  # set by __enter__
        self.environment: dict[str, str]

    def __enter__(self) -> Sandbox:
        with ExitStack() as cleanup:
            self._start(cleanup)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._cleanup.close()

    def _start(self, cleanup: ExitStack) -> None:
        self._claim_directory()
        cleanup.callback(self._clean_directory)
        certificate = write_certificates(self.directory)
        for name in self._names:
            service_class = getattr(importlib.import_module(f"sandbox.{name}"), SERVICES[name])
            self._services[name] = service_class(self._journal)
        servers, plain = self._servers(certificate)
        cleanup.callback(_stop_all, [*servers.values(), *plain.values()])
        for server in (*servers.values(), *plain.values()):
            server.start()

        routes = {
            host: servers[name].port for name in self._names for host in self._services[name].hosts
        }
        proxy = _running(cleanup, ConnectProxy(routes))
        token = secrets.token_urlsafe(32)
        app = control_app(self._services, self._journal, proxy, self.rotate, self.behave, token)
        control = _running(cleanup, LoopbackServer(app))

        self.state = State(
            pid=os.getpid(),
            proxy=proxy.url,
            control_url=control.url,
            control_token=token,
            ca=str(certificate.ca),
            bundle=str(certificate.bundle),
            services={
                name: ServiceState(
                    url=servers[name].url,
                    hosts=list(self._services[name].hosts),
                    identities=self._services[name].identities,
                    plain_url=plain[name].url if name in plain else "",
                )
                for name in self._names
            },
            keys={name: str(self._write_key(name)) for name in self._keys()},
        )
        self.environment = _environment(self.state, self.directory)
        lines = (f"export {name}={shlex.quote(text)}\n" for name, text in self.environment.items())
        write_private(self.directory / _ENVIRONMENT_FILE, "".join(lines))
        # Last, so that whoever sees it finds the sandbox ready.
        self.state.save(self.directory)

    def behave(self, variant: str) -> None:
        """Let Maia answer as that one of its variants, until the next reset."""
        self._services["maia"].behave(variant)

    def rotate(self, name: str) -> None:
        """Give a Stripe key a new value; the file of the key follows."""
        if name not in self._keys():
            raise KeyError(name)
        self._services["stripe"].rotate(name)
        self._write_key(name)

    def _servers(
        self, certificate: CertificateFiles
    ) -> tuple[dict[str, LoopbackServer], dict[str, LoopbackServer]]:
        apps = {name: Wire(service.app, self._journal) for name, service in self._services.items()}
        servers = {name: LoopbackServer(app, certificate) for name, app in apps.items()}
        plain = {name: LoopbackServer(apps[name]) for name in _ALSO_PLAIN_HTTP if name in apps}
        return servers, plain

    def _keys(self) -> dict[str, str]:
        stripe = self._services.get("stripe")
        return dict(stripe.keys) if stripe else {}

    def _write_key(self, name: str) -> Path:
        directory = self.directory / _KEYS_DIRECTORY
        directory.mkdir(mode=0o700, exist_ok=True)
        path = directory / f"{name}.key"
        write_private(path, self._keys()[name])
        return path

    def _claim_directory(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        state_file = self.directory / STATE_FILE
        if state_file.exists():
            pid = State.load(state_file).pid
            if _is_alive(pid):
                raise RuntimeError(f"Process {pid} runs a sandbox in {self.directory}.")
            self._clean_directory()
            self.directory.mkdir(mode=0o700, exist_ok=True)
        if any(self.directory.iterdir()):
            raise RuntimeError(f"{self.directory} is not empty.")
        self.directory.chmod(0o700)

    def _clean_directory(self) -> None:
        """Remove what the sandbox wrote, and the directory if nothing else is left in it."""
        keys = self.directory / _KEYS_DIRECTORY
        for path in (*keys.glob("*.key*"), *self.directory.glob("*.pem")):
            path.unlink()
        for name in (STATE_FILE, _ENVIRONMENT_FILE, "server.key"):
            (self.directory / name).unlink(missing_ok=True)
        for directory in (keys, self.directory):
            if directory.is_dir() and not any(directory.iterdir()):
                directory.rmdir()


def _environment(state: State, directory: Path) -> dict[str, str]:
    """What a shell needs for the unmodified SDKs to find the sandbox under production names."""
    variables = {
        "HTTPS_PROXY": state.proxy,
        "NO_PROXY": "",
        # Where both spellings are set the lower case one counts, and it may be set already.
        "https_proxy": state.proxy,
        "no_proxy": "",
        "REQUESTS_CA_BUNDLE": state.bundle,
        "AWS_CA_BUNDLE": state.bundle,
        "SSL_CERT_FILE": state.bundle,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_SESSION_TOKEN": "",  # a left-over one would spoil the sandbox's credentials
        "MAIA_REGION": "eu1",
        "SANDBOX_STATE": str(directory / STATE_FILE),
    }
    for service, names in _IDENTITY_VARIABLES.items():
        if service in state.services:
            identity = state.services[service].identities["full"]
            variables |= {names[option]: identity[option] for option in names}
    return variables


def _running(cleanup: ExitStack, part: _Part) -> _Part:
    part.start()
    cleanup.callback(part.stop)
    return part


def _stop_all(servers: Sequence[LoopbackServer]) -> None:
    stops: list[Callable[[], None]] = [server.stop for server in servers]
    with ThreadPoolExecutor(max_workers=len(stops) or 1) as pool:
        for done in [pool.submit(stop) for stop in stops]:
            done.result()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
