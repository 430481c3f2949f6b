# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs and hosts that are accepted, refused, and kept off proxies."""

from __future__ import annotations

import os
from typing import Any

import botocore.utils
import pytest
import requests

from ansible_collections.maia.stripe_query.plugins.module_utils._core.endpoint import (
    Endpoint,
    keep_loopback_off_proxies,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from unit.keys import random_text

SUBJECT = "Option api_url"


def accepted(text: str) -> Endpoint | None:
    try:
        return Endpoint.parse(text, SUBJECT)
    except ConfigurationError:
        return None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://eu1.api.matillion.com/dpc", "https://eu1.api.matillion.com/dpc"),
        ("HTTPS://EU1.api.Matillion.com/Dpc/", "https://eu1.api.matillion.com/Dpc"),
        ("https://10.0.0.7:8443", "https://10.0.0.7:8443"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        (
            "https://login.example/t-1/oauth2/v2.0/token",
            "https://login.example/t-1/oauth2/v2.0/token",
        ),
    ],
)
def test_a_plain_url_is_built_anew(text: str, url: str) -> None:
    endpoint = accepted(text)
    assert endpoint is not None
    assert endpoint.url == url


REFUSED = [
    "",
    "x",
    "https://",
    "https://[",
    "https:/host",
    "https:host",
    "//host",
    "ftp://host",
    # 1.2: the host is before the backslash for one library and after it for another.
    "http://127.0.0.2:8099\\@127.0.0.1",
    "https://127.0.0.2\\.matillion.com/token",
    "https://vault.example\\.vault.azure.net",
    "https://user@host",
    "https://user:word@host",
    "https://@host",
    "https://host?query",
    "https://host/path?query=1",
    "https://host#fragment",
    "https://host#@other",
    "https://ho%73t",
    "https://host%2eexample",
    "https://host/%2e%2e/a",
    "https://host/a/../b",
    "https://host//a",
    "https://host/a;b",
    "https://host\t.example",
    "https://host\n",
    " https://host",
    "https://host ",
    "https://host.",
    "https://.host",
    "https://a..b",
    "https://-a.b",
    "https://a-.b",
    "https://a_b.example",
    "https://*.example",
    "https://h\u00f6st",
    "https://host\u3002example",
    "https://host\uff0eexample",
    "https://\uff48ost",
    "https://ho\u212at",  # a letter that is a k in lower case
    "https://host:0",
    "https://host:",
    "https://host:080",
    "https://host:65536",
    "https://host:1:2",
    "https://host:\u0661",
    "https://host:80@other",
    "https://[::1",
    "https://[::2]",
    "https://[::1%25lo]",
    "https://[::ffff:127.0.0.1]",
    "https://::1",
    "https://127.1",
    "https://2130706433",
    "https://0x7f.1",
    "https://0x7f.0.0.1",
    "https://host.0x",
    "https://0177.0.0.1",
    "https://127.0.0.01",
    "https://127.0.0.1.2",
    "https://256.0.0.1",
    "https://host.5",
    f"https://{'a' * 64}.example",
    f"https://{'.'.join(['a' * 50] * 6)}",
]


@pytest.mark.parametrize("text", REFUSED)
def test_1_2_what_could_be_read_in_two_ways_is_refused(text: str) -> None:
    assert accepted(text) is None


def test_a_refusal_does_not_quote_a_password() -> None:
    word = random_text()
    with pytest.raises(ConfigurationError) as refused:
        Endpoint.parse(f"https://user:{word}@host", SUBJECT)
    assert word not in str(refused.value)


@pytest.mark.parametrize(
    "host", ["example.com", "127.0.0.2", "127.0.0.1.example.com", "localhost.example", "0.0.0.0"]
)
def test_1_3_http_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(ConfigurationError, match="unencrypted"):
        Endpoint.parse(f"http://{host}", SUBJECT)
    assert accepted(f"https://{host}")


@pytest.mark.parametrize(
    "text", ["https://host", "host:8", "host/", "a b", "", "user@host", "h\\i"]
)
def test_a_host_alone_is_nothing_else(text: str) -> None:
    with pytest.raises(ConfigurationError, match="not the name of a host"):
        Endpoint.of_host(text, SUBJECT)


def test_a_host_with_its_port() -> None:
    assert Endpoint.of_host("Host.example", SUBJECT, port=8443).url == "https://host.example:8443"
    for port in (0, -1, 65536):
        with pytest.raises(ConfigurationError, match="not a port"):
            Endpoint.of_host("host", SUBJECT, port=port)
    with pytest.raises(ConfigurationError, match="unencrypted"):
        Endpoint.of_host("host", SUBJECT, scheme="http")


def test_a_domain_is_no_mere_ending() -> None:
    endpoint = Endpoint.parse("https://evilmatillion.com", SUBJECT)
    assert not endpoint.is_in("matillion.com")
    assert Endpoint.parse("https://matillion.com", SUBJECT).is_in("matillion.com")


# --- proxies ---


@pytest.mark.parametrize("spelling", [str.upper, str.lower])
@pytest.mark.parametrize("variable", ["http_proxy", "https_proxy", "all_proxy"])
@pytest.mark.parametrize("excepted", [None, "", "internal.example", "*"])
def test_1_8_loopback_never_goes_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, variable: str, spelling: Any, excepted: str | None
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(spelling(variable), "http://proxy.example:3128")
    if excepted is not None:
        monkeypatch.setenv(spelling("no_proxy"), excepted)
    _keep_off(monkeypatch)
    for host in ("localhost", "127.0.0.1", "[::1]", "127.0.0.1:8443", "[::1]:8443"):
        url = f"https://{host}/"
        assert requests.utils.get_environ_proxies(url) == {}
        assert botocore.utils.get_environ_proxies(url) == {}
    if excepted in ("internal.example", "*"):
        assert requests.utils.get_environ_proxies("https://internal.example") == {}
    if excepted != "*":
        assert requests.utils.get_environ_proxies("https://api.stripe.com")


def test_the_two_spellings_keep_what_each_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """The libraries do not agree on which of them counts."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "upper.example")
    monkeypatch.setenv("no_proxy", "lower.example, 127.0.0.1")
    _keep_off(monkeypatch)
    _keep_off(monkeypatch)
    assert os.environ["NO_PROXY"] == "upper.example,localhost,127.0.0.1,[::1],::1"
    assert os.environ["no_proxy"] == "lower.example,127.0.0.1,localhost,[::1],::1"


def test_without_a_proxy_in_the_environment_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS the variable alone would hide the proxies of the system's settings."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    _keep_off(monkeypatch)
    assert "NO_PROXY" not in os.environ


def _keep_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """With monkeypatch undoing it."""
    for name in ("NO_PROXY", "no_proxy"):
        held = os.environ.get(name)
        monkeypatch.setenv(name, held or "")
        if held is None:
            monkeypatch.delenv(name)
    keep_loopback_off_proxies()
