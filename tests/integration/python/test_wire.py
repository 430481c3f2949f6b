# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox breaks connections and answers as it is told, before or after the service acts."""

from __future__ import annotations

import signal
import ssl
import subprocess
import sys
import time
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from integration.python.vendors import HostedVendor
from sandbox.client import SandboxClient
from sandbox.service import ACTS, Fault
from sandbox.wire import KINDS
from unit.clock import PATIENCE


def ask(services: SandboxClient, *, patience: float = PATIENCE) -> requests.Response:
    """One plain request. patience: seconds to wait for an answer."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = services.state.ca
        url = services.url("stripe") + "/v1/balance"
        key = services.identity("stripe")["api_key"]
        headers = {"Authorization": f"Bearer {key}"}
        return session.get(url, headers=headers, timeout=(PATIENCE, patience))


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("reset before", requests.ConnectionError),
        ("reset after", requests.ConnectionError),
        ("half an answer", requests.exceptions.ChunkedEncodingError),
        ("silence", requests.ReadTimeout),
    ],
)
def test_the_connection_breaks(services: SandboxClient, kind: str, raised: type[Exception]) -> None:
    services.order(Fault("stripe", wire=kind))

    with pytest.raises(raised):
        ask(services, patience=0.1 if kind == "silence" else PATIENCE)

    assert ask(services).ok  # it is spent


def test_the_answer_is_another(services: SandboxClient) -> None:
    services.order(
        Fault("stripe", wire="answer", body="<html>", headers={"Content-Type": "text/html"})
    )

    answer = ask(services)

    assert (answer.status_code, answer.text) == (200, "<html>")
    assert answer.headers["Content-Type"] == "text/html"


def test_the_answer_ends_too_early(services: SandboxClient) -> None:
    whole = ask(services).content
    services.order(Fault("stripe", wire="cut answer"))

    assert ask(services).content == whole[: len(whole) // 2]


def test_requests_may_pass_before(services: SandboxClient) -> None:
    services.order(Fault("*", wire="reset before", skip=1))

    assert ask(services).ok
    with pytest.raises(requests.ConnectionError):
        ask(services)


@pytest.mark.parametrize("kind", ["reset before", "reset after"])
def test_the_service_acts_or_does_not(services: SandboxClient, kind: str) -> None:
    vendor = HostedVendor(services)
    services.order(Fault("maia", "CreateConnection", wire=kind, times=10))

    with pytest.raises(Exception, match="creating it failed"):
        vendor.make_foreign("some value of it")

    assert len(services.contents("maia")) == (kind in ACTS)


@pytest.mark.parametrize("kind", ["kill before", "kill after"])
def test_the_client_dies(services: SandboxClient, kind: str) -> None:
    client = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    services.order(Fault("stripe", wire=kind, pid=client.pid))

    with pytest.raises(requests.ConnectionError):
        ask(services)

    assert client.wait() == -signal.SIGKILL


def test_a_client_that_hangs_up_is_no_failure_of_the_sandbox(tmp_path: Path) -> None:
    # In development mode Python tells what it else swallows before 3.13.
    command = [*(sys.executable, "-X", "dev", "-W", "ignore", "-m", "sandbox", "--quiet")]
    command += ["--state-dir", str(tmp_path / "sandbox"), "--services", "stripe"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        services = SandboxClient.from_state(tmp_path / "sandbox")
        services.order(Fault("stripe", status=0, delay_seconds=0.2))
        address = urlsplit(services.url("stripe"))
        trusted = ssl.create_default_context(cafile=services.state.ca)
        client = HTTPSConnection(str(address.hostname), address.port, context=trusted)
        key = services.identity("stripe")["api_key"]
        client.request("GET", "/v1/balance", headers={"Authorization": f"Bearer {key}"})
        client.close()
        while services.served() is None:
            time.sleep(0.05)
        process.terminate()
        _output, said = process.communicate()
    assert said == ""


def test_it_is_known_for_how_long_requests_were_under_way(services: SandboxClient) -> None:
    assert services.served() is None
    for _time in range(2):
        services.order(Fault("stripe", status=0, delay_seconds=0.2))
        assert ask(services).ok
    served = services.served()
    assert served is not None
    # They came one after the other: in between there was none.
    assert 0.4 <= served.under_way <= served.last - served.first
    ask(services)
    later = services.served()
    assert later is not None
    assert later.first == served.first
    assert later.last > served.last


def test_unknown_kinds_are_refused(services: SandboxClient) -> None:
    with pytest.raises(ValueError, match="break the wire"):
        services.order(Fault("stripe", wire="somehow"))


def test_those_that_act_are_kinds() -> None:
    assert KINDS.keys() >= ACTS
