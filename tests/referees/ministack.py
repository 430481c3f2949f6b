# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin of pytest: the sandbox's AWS is MiniStack's, an emulator that others wrote.

The tests are those that run against ours. It is asked for no rights and makes no faults to order:
what needs these is skipped. Where it differs from what AWS documents is in
ministack_differences.yml. Such a test has to fail, so that no line there outlives its reason.
"""

from __future__ import annotations

import fnmatch
import os
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests
import yaml
from botocore.client import BaseClient

from sandbox.client import SandboxClient
from sandbox.service import Entry, Fault

_DIFFERENCES = Path(__file__).with_name("ministack_differences.yml")
_PYTHON = "MINISTACK_PYTHON"  # that of the environment that it is installed in
_READS = ("Describe", "Get", "List", "Assume", "Simulate", "Validate")
_VALUES = ("SecretString", "SecretBinary")
_CALLS: Counter[str] = Counter()


@contextmanager
def _running() -> Iterator[str]:
    """Its URL. It gets the socket that is bound already, so that nobody else can have the port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        number = listener.fileno()
        command = [os.environ[_PYTHON], "-m", "hypercorn", "ministack.app:app"]
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{number}", "--log-level", "WARNING"],
            pass_fds=[number],
            env={**os.environ, "SERVICES": "secretsmanager,sts,kms,iam"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            _wait_for(url, process)
            yield url
        finally:
            process.terminate()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers or has ended."""
    while True:
        try:
            requests.get(f"{url}/_ministack/health", timeout=60).raise_for_status()
        except requests.RequestException as error:
            if process.poll() is not None:
                raise RuntimeError("MiniStack did not start.") from error
            time.sleep(0.1)
        else:
            return


def _no_such(what: str) -> NoReturn:
    pytest.skip(f"MiniStack has no {what}")


@pytest.fixture(scope="session", autouse=True)
def _ministack() -> Iterator[None]:
    theirs = SandboxClient
    url_of, identity_of, reset = theirs.url, theirs.identity, theirs.reset
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counted(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        _CALLS[operation] += 1
        token = parameters.get("ClientRequestToken")
        if operation != "CreateSecret" or token is None:
            return call(self, operation, parameters)
        # It ignores this token, by which AWS names the version, and makes one without a value.
        value = {name: parameters[name] for name in _VALUES if name in parameters}
        made = {k: v for k, v in parameters.items() if k not in (*value, "ClientRequestToken")}
        created = call(self, operation, made)
        secret, empty = {"SecretId": created["ARN"]}, created.get("VersionId")
        done = call(self, "PutSecretValue", {**secret, "ClientRequestToken": token, **value})
        stage = {"VersionStage": "AWSPREVIOUS", "RemoveFromVersionId": empty}
        call(self, "UpdateSecretVersionStage", {**secret, **stage})
        return {**created, **done}

    def identity(self: SandboxClient, service: str, name: str = "full") -> dict[str, str]:
        if service != "aws":
            return identity_of(self, service, name)
        known = {"access_key": "test", "secret_key": "test"}
        if name != "full":
            _no_such(f"rights, as those of {name}")
        return known

    def order(_self: SandboxClient, _fault: Fault) -> None:
        _no_such("faults to order")

    def contents(_self: SandboxClient, _service: str | None = None) -> list[Entry]:
        _no_such("list of what it holds")

    with _running() as url, pytest.MonkeyPatch.context() as patch:

        def emptied(self: SandboxClient) -> None:
            requests.post(f"{url}/_ministack/reset", timeout=60).raise_for_status()
            reset(self)

        patch.setattr(BaseClient, "_make_api_call", counted)
        patch.setattr(
            theirs, "url", lambda self, name: url if name == "aws" else url_of(self, name)
        )
        patch.setattr(theirs, "identity", identity)
        patch.setattr(theirs, "order", order)
        patch.setattr(theirs, "contents", contents)
        patch.setattr(theirs, "reset", emptied)
        patch.setattr(theirs, "clear", lambda _self: _CALLS.clear())
        patch.setattr(theirs, "requests", lambda _self, _service: dict(_CALLS))
        patch.setattr(theirs, "writes", lambda _self, _service: _writes())
        yield


def _writes() -> int:
    return sum(count for name, count in _CALLS.items() if not name.startswith(_READS))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    differences = yaml.safe_load(_DIFFERENCES.read_text(encoding="utf-8"))
    for item in items:
        name = item.nodeid.split("/")[-1]
        for each in differences:
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in each["tests"]):
                strict = not each.get("sometimes", False)
                item.add_marker(pytest.mark.xfail(reason=each["ministack"], strict=strict))
