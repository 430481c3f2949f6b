# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No option and no environment variable makes a client talk to a server that it cannot verify."""

from __future__ import annotations

import ctypes
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import (
    OPERATION as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION as AZURE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    AzureConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validated
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    Operation,
    Outcome,
    Params,
    Runtime,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import Redactor
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.environment import (
    OPERATION as MAIA,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION as SNOWFLAKE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.operation import (
    OPERATION as STRIPE,
)
from sandbox.tls import write_certificates
from torture.world import one_sentence
from unit.fakes import FakeRuntime
from unit.keys import make_key, random_text

_UNREADABLE = 65534  # nobody


class Impostor:
    """A server whose certificate no client may trust. It notes what it is sent all the same."""

    def __init__(self, directory: Path) -> None:
        self.got: list[str] = []
        impostor = self
        files = write_certificates(directory)
        self.ca = str(files.ca)

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                line = self.rfile.readline(65537)
                if line:
                    impostor.got.append(line.decode("latin-1"))
                    self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                self.close_connection = True

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate, files.private_key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.url = f"https://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Impostor]:
    impostor = Impostor(tmp_path_factory.mktemp("impostor"))
    yield impostor
    impostor.stop()


@pytest.fixture
def impostor(server: Impostor, monkeypatch: pytest.MonkeyPatch) -> Impostor:
    server.got.clear()
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    return server


# --- the clients ---


def _get_azure_token(params: Params, _runtime: Runtime) -> Outcome:
    """The token alone: a vault is asked first by the whole module, and refused."""
    connection = AzureConnection.from_params(params)
    credential = connection._token_credential()
    try:
        credential.get_token("https://vault.azure.net/.default")
    except Exception as error:
        return Outcome(changed=False, failure={"msg": f"Azure: {type(error).__name__}."})
    return Outcome(changed=False)


@dataclass(frozen=True)
class Client:
    """reads: the environment variables that its library takes a bundle from."""

    operation: Operation
    options: Callable[[Impostor], Mapping[str, object]]
    reads: tuple[str, ...]
    has_option: bool = True


_LIMITS = {"max_attempts": 1, "max_seconds": 30}
_SECRET = {"api_key": make_key(), "name": "shop", **_LIMITS}
_AWS = {**_SECRET, "region": "eu-west-1", "access_key": "x", "secret_key": random_text()}
_AZURE = {**_SECRET, "tenant_id": "t", "client_id": "c", "client_secret": random_text()}
_SNOWFLAKE = {**_SECRET, "account": "a", "database": "D", "schema": "S", "user": "u"}
_MAIA = {"project": "Shop", "environment": "Live"}
_REQUESTS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_AZURE_TOKEN = Operation("azure_token", AZURE.spec, _get_azure_token, AZURE.requirements)


def _snowflake_variables() -> tuple[str, ...]:
    from importlib.metadata import version

    major = int(version("snowflake-connector-python").split(".")[0])
    return ("SSL_CERT_FILE",) if major >= 5 else (*_REQUESTS, "SSL_CERT_FILE")


CLIENTS = {
    "maia": Client(
        MAIA, lambda it: {**_MAIA, "api_url": it.url, "access_token": random_text()}, _REQUESTS
    ),
    "maia token": Client(
        MAIA,
        lambda it: {
            **_MAIA,
            "api_url": it.url,
            "token_url": f"{it.url}/token",
            "client_id": "c",
            "client_secret": random_text(),
        },
        _REQUESTS,
    ),
    "stripe": Client(
        STRIPE,
        lambda it: {
            "api_key": make_key(),
            "verify": True,
            "on_unverified": "fail",
            "api_url": it.url,
        },
        _REQUESTS,
    ),
    "aws": Client(
        AWS, lambda it: {**_AWS, "endpoint_url": it.url}, ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
    ),
    "aws role": Client(
        AWS,
        lambda it: {
            **_AWS,
            "sts_endpoint_url": it.url,
            "endpoint_url": it.url,
            "assume_role_arn": "arn:aws:iam::123456789012:role/x",
        },
        ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"),
    ),
    "azure": Client(
        AZURE,
        lambda it: {
            **_AZURE,
            "vault_url": it.url,
            "authority_host": it.url,
            "allow_unknown_vault_host": True,
        },
        _REQUESTS,
    ),
    "azure token": Client(
        _AZURE_TOKEN,
        lambda it: {**_AZURE, "vault_name": "shop", "authority_host": it.url},
        _REQUESTS,
    ),
    "snowflake": Client(
        SNOWFLAKE,
        lambda it: {
            **_SNOWFLAKE,
            "host": "127.0.0.1",
            "port": it.port,
            "password": random_text(),
        },
        _snowflake_variables(),
        has_option=False,
    ),
    "snowflake token": Client(
        SNOWFLAKE,
        lambda it: {
            **_SNOWFLAKE,
            "host": "127.0.0.1",
            "port": it.port,
            "oauth_client_id": "c",
            "oauth_client_secret": random_text(),
            "oauth_token_request_url": f"{it.url}/token",
        },
        _snowflake_variables(),
        has_option=False,
    ),
}
WITH_OPTION = [name for name, client in CLIENTS.items() if client.has_option]
WITH_VARIABLE = [(name, variable) for name, client in CLIENTS.items() for variable in client.reads]


def run(client: Client, impostor: Impostor, **options: object) -> dict[str, Any]:
    given = {**client.options(impostor), **options}
    params = validated(client.operation.name, client.operation.spec, given)
    return dict(client.operation.run(params, FakeRuntime(), Redactor(), diff=False))


# --- what is tried ---

NOT_GIVEN = ("", None)
FALSE_LIKE = ("False", "false", "no", "off", "0", "None", " ")
FILES = ("missing", "directory", "unreadable", "without certificates", "device")


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may read all files; for this thread's looks at files it is nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    if not sys.platform.startswith("linux"):
        pytest.skip("root can read all files")
    libc = ctypes.CDLL(None)
    libc.setfsuid(_UNREADABLE)
    try:
        yield
    finally:
        libc.setfsuid(0)


def _bundle(kind: str, directory: Path) -> str:
    if kind == "device":
        return os.devnull
    path = directory / "bundle.pem"
    if kind == "directory":
        path.mkdir()
    elif kind != "missing":
        path.write_text("no certificate\n")
        path.chmod(0o000 if kind == "unreadable" else 0o644)
    return str(path)


def _user(kind: str) -> Any:
    return _as_nobody() if kind == "unreadable" else nullcontext()


def refused(result: Mapping[str, Any], impostor: Impostor) -> str:
    """The sentence that it ended with, after nothing was sent."""
    assert impostor.got == []
    assert result["failed"]
    return str(result["msg"])


@pytest.mark.parametrize("value", NOT_GIVEN)
@pytest.mark.parametrize("name", WITH_OPTION)
def test_1_1_an_empty_ca_bundle_is_not_given(name: str, value: object, impostor: Impostor) -> None:
    result = run(CLIENTS[name], impostor, ca_bundle=value)
    message = refused(result, impostor)
    assert "report this as a bug" not in message
    assert name == "azure token" or one_sentence(result), message


@pytest.mark.parametrize("value", FALSE_LIKE)
@pytest.mark.parametrize("name", WITH_OPTION)
def test_1_1_no_word_switches_verification_off(
    name: str, value: str, impostor: Impostor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(CLIENTS[name], impostor, ca_bundle=value)
    assert "verification cannot be switched off" in refused(result, impostor)
    assert one_sentence(result)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", WITH_OPTION)
def test_1_1_a_bundle_that_cannot_be_used_is_a_sentence(
    name: str, kind: str, impostor: Impostor, tmp_path: Path
) -> None:
    path = _bundle(kind, tmp_path)
    with _user(kind):
        result = run(CLIENTS[name], impostor, ca_bundle=path)
    message = refused(result, impostor)
    assert message.startswith("Option ca_bundle: ")
    assert path in message
    assert one_sentence(result), message


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(("name", "variable"), WITH_VARIABLE)
def test_1_1_a_bundle_of_the_environment_that_cannot_be_used(
    name: str,
    variable: str,
    kind: str,
    impostor: Impostor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, _bundle(kind, tmp_path))
    with _user(kind):
        result = run(CLIENTS[name], impostor)
    message = refused(result, impostor)
    assert message.startswith(f"Environment variable {variable}: ")
    assert one_sentence(result), message


@pytest.mark.parametrize("value", ["", "False"])
@pytest.mark.parametrize(
    "variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE"]
)
@pytest.mark.parametrize("name", CLIENTS)
def test_1_1_no_variable_switches_verification_off(
    name: str,
    variable: str,
    value: str,
    impostor: Impostor,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, value)
    result = run(CLIENTS[name], impostor)
    message = refused(result, impostor)
    assert "report this as a bug" not in message
    assert name == "azure token" or one_sentence(result), message


@pytest.mark.parametrize(
    ("variable", "value"), [("PYTHONHTTPSVERIFY", "0"), ("SF_OCSP_FAIL_OPEN", "true")]
)
@pytest.mark.parametrize("name", CLIENTS)
def test_switches_of_others_are_none_of_ours(
    name: str, variable: str, value: str, impostor: Impostor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    refused(run(CLIENTS[name], impostor), impostor)


@pytest.mark.parametrize("entry", ["ca_bundle = ", "ca_bundle = False", "verify_ssl = false"])
def test_1_1_aws_configuration_files(
    entry: str, impostor: Impostor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(f"[default]\n{entry}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    result = run(CLIENTS["aws"], impostor)
    assert one_sentence(result), refused(result, impostor)


@pytest.mark.parametrize(
    "entry",
    [
        "insecure_mode = true",
        "disable_ocsp_checks = true",
        "tls_skip_verify = true",
        "verify_certificates = false\nverify_hostname = false",
    ],
)
def test_1_1_snowflake_connections_files(
    entry: str, impostor: Impostor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "connections.toml"
    file.write_text(f"[shop]\n{entry}\n[default]\n{entry}\n")
    file.chmod(0o600)
    monkeypatch.setenv("SNOWFLAKE_HOME", str(tmp_path))
    monkeypatch.setenv("SNOWFLAKE_DEFAULT_CONNECTION_NAME", "shop")
    for options in ({}, {"connection_name": "shop"}):
        result = run(CLIENTS["snowflake"], impostor, **options)
        assert one_sentence(result), refused(result, impostor)


@pytest.mark.parametrize(
    ("variable", "credential"),
    [
        ("AZURE_CLI_DISABLE_CONNECTION_VERIFICATION", "cli"),
        ("AZURE_CLI_DISABLE_CONNECTION_VERIFICATION", "default"),
        ("IDENTITY_SERVER_THUMBPRINT", "managed_identity"),
        ("IDENTITY_SERVER_THUMBPRINT", "default"),
    ],
)
def test_azure_s_ways_around_verification_are_refused(
    variable: str, credential: str, impostor: Impostor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "1")
    monkeypatch.setenv("IDENTITY_ENDPOINT", impostor.url)
    monkeypatch.setenv("IDENTITY_HEADER", random_text())
    result = run(CLIENTS["azure"], impostor, credential=credential)
    assert refused(result, impostor).startswith(f"Environment variable {variable}: ")


# Version 5 of Snowflake's connector keeps the authorities that it read first.
_IN_OWN_PROCESS = """
import sys
from types import SimpleNamespace
from integration.python.test_tls import CLIENTS, run
name, port = sys.argv[1:]
print(run(CLIENTS[name], SimpleNamespace(url=f"https://127.0.0.1:{port}", port=int(port))))
"""


@pytest.mark.parametrize("name", CLIENTS)
def test_with_its_authority_the_same_server_is_reached(name: str, impostor: Impostor) -> None:
    """Otherwise the tests above would show nothing."""
    client = CLIENTS[name]
    if name == "snowflake token" and "CURL_CA_BUNDLE" in client.reads:
        pytest.skip("for tokens, this version of the connector trusts public authorities only")
    if client.has_option:
        said = str(run(client, impostor, ca_bundle=impostor.ca))
    else:
        paths = {"PYTHONPATH": os.pathsep.join(sys.path), client.reads[0]: impostor.ca}
        command = [sys.executable, "-c", _IN_OWN_PROCESS, name, str(impostor.port)]
        environment = {**os.environ, **paths}
        said = subprocess.run(
            command, env=environment, text=True, capture_output=True, check=False
        ).stdout
    assert impostor.got, said


def test_snowflake_says_that_it_was_tls(impostor: Impostor) -> None:
    result = run(CLIENTS["snowflake"], impostor)
    assert "TLS certificate that was shown is not signed" in refused(result, impostor)
    assert one_sentence(result)
