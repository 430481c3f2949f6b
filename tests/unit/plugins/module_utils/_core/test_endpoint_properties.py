# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every library that sends something reads the host of an accepted URL as we do.

`make oldest` runs this with the oldest versions that are allowed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
import requests
import urllib3.connectionpool
from azure.core.pipeline.transport import HttpRequest, RequestsTransport
from botocore.awsrequest import AWSPreparedRequest
from botocore.httpsession import URLLib3Session
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from ansible_collections.maia.stripe_query.plugins.module_utils._core.endpoint import Endpoint
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from unit.examples import examples

Reading = tuple[str, str, int]
"""Scheme, host in lower case and without brackets, port."""

_PORTS = {"http": 80, "https": 443}


class _Reached(Exception):
    """In place of a request: the Reading of where it would have gone."""


@pytest.fixture(scope="module", autouse=True)
def _no_connections() -> Iterator[None]:
    """urllib3 is what all of these libraries connect with; it stops where it has a host."""
    kinds = {
        "http": urllib3.connectionpool.HTTPConnectionPool,
        "https": urllib3.connectionpool.HTTPSConnectionPool,
    }
    with pytest.MonkeyPatch.context() as patch:
        for scheme, kind in kinds.items():

            def urlopen(self: Any, *_args: Any, _scheme: str = scheme, **_more: Any) -> Any:
                host = str(self.host).strip("[]").lower()
                raise _Reached(_scheme, host, int(self.port or _PORTS[_scheme]))

            patch.setattr(kind, "urlopen", urlopen)
        yield


def _by_urllib3(url: str) -> Reading:
    parts = parse_url(url)
    scheme = str(parts.scheme)
    return scheme, str(parts.host).strip("[]").lower(), parts.port or _PORTS[scheme]


def _by_standard_library(url: str) -> Reading:
    parts = urlsplit(url)
    return parts.scheme, str(parts.hostname), parts.port or _PORTS[parts.scheme]


def _by_requests(url: str) -> None:
    session = requests.Session()
    session.trust_env = False
    session.get(url)


def _by_azure(url: str) -> None:
    with RequestsTransport(use_env_settings=False) as transport:
        transport.send(HttpRequest("GET", url))


_BOTOCORE = botocore.session.Session()
_BOTOCORE.set_credentials("none", "none")


def _by_botocore(url: str) -> None:
    """Both halves: how a client reads its endpoint, and how its HTTP session reads a URL."""
    client: Any = _BOTOCORE.create_client("secretsmanager", "eu-west-1", endpoint_url=url)

    def send(request: AWSPreparedRequest, **_event: Any) -> None:
        URLLib3Session().send(request)

    client.meta.events.register("before-send", send)
    client.list_secrets()


def _reading(library: Any, url: str) -> Reading:
    """Raises what the library does if it goes nowhere."""
    try:
        found: Reading = library(url)
    except Exception as error:
        reached = _reached(error)
        if reached is None:
            raise
        return reached
    return found


def _reached(error: BaseException | None) -> Reading | None:
    while error is not None:
        if isinstance(error, _Reached):
            scheme, host, port = error.args
            return scheme, host, port
        error = error.__cause__ or error.__context__
    return None


LIBRARIES = (_by_urllib3, _by_standard_library, _by_requests, _by_azure, _by_botocore)

_ODD = (
    *(
        "\\",
        "@",
        ":",
        "/",
        "?",
        "#",
        "%",
        "%2f",
        "%40",
        "%00",
        "\t",
        "\n",
        "\r",
        " ",
        "\0",
        "[",
        "]",
    ),
    *(
        "\u3002",
        "\uff0e",
        "\u2044",
        "\uff0f",
        "\u212a",
        "\u00df",
        "\u00ad",
        ";",
        "&",
        "*",
        "_",
        "~",
    ),
    *("..", "//", "xn--", "0x", "'", '"', "<", "|", "^", "`", "{"),
)
_HOSTS = (
    *("localhost", "127.0.0.1", "127.0.0.2", "[::1]", "api.stripe.com", "a.vault.azure.net", ""),
    *("127.1", "0x7f.1", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1%25eth0]"),
)
_odd = st.sampled_from(_ODD)
_hosts = st.one_of(
    st.sampled_from(_HOSTS),
    st.from_regex(r"[a-zA-Z0-9.-]{1,20}", fullmatch=True),
    st.ip_addresses(v=4).map(str),
)
_plain = st.from_regex(
    r"https://[a-zA-Z0-9]{1,9}([.-][a-zA-Z0-9]{1,9}){0,3}(:[1-9][0-9]{0,3})?(/[a-zA-Z0-9._~-]{1,5}){0,3}/?",
    fullmatch=True,
)
_pieces = st.one_of(
    _odd, _hosts, st.sampled_from(["http", "https", "://", ":443", ":8099", ":0", "/", "a", "1"])
)
_near_urls = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["https://", "http://", "HTTPS://", "https:/", "https:\\\\", "//"]),
        st.one_of(st.just(""), st.just("user@"), st.just("user:word@"), _odd),
        _hosts,
        st.one_of(st.just(""), _odd, st.builds("{}{}".format, _odd, _hosts)),
        st.one_of(st.just(""), st.integers(0, 70000).map(":{}".format), st.just(":1:2")),
        st.one_of(
            st.just(""), st.from_regex(r"(/[a-zA-Z0-9._~%-]{0,6}){0,4}", fullmatch=True), _odd
        ),
    ),
)
_nonsense = st.lists(_pieces, max_size=8).map("".join)


@examples(60)
@given(st.one_of(_plain, _near_urls, _nonsense))
@example("https://127.0.0.1")
@example("http://[::1]:8099/dpc")
@example("https://a.b-c.example:1/x/~y")
@example("https://0x7f")
@example("https://xn--a")
def test_1_2_every_library_reads_the_host_that_we_checked(text: str) -> None:
    try:
        endpoint = Endpoint.parse(text, "URL")
    except ConfigurationError:
        return
    port = endpoint.port or _PORTS[endpoint.scheme]
    ours = (endpoint.scheme, endpoint.host.strip("[]"), port)
    for library in LIBRARIES:
        # What was given, too: that they would read it in the same way is what makes it plain.
        for url in (endpoint.url, text):
            assert _reading(library, url) == ours, f"{library.__name__} of {url!r}"


def test_the_comparison_sees_a_difference() -> None:
    """Two of these libraries do read 1.2's URL differently, or the test above shows nothing."""
    url = "http://127.0.0.2:8099\\@127.0.0.1"
    readings = set()
    for library in LIBRARIES:
        with contextlib.suppress(Exception):
            readings.add(_reading(library, url)[1])
    assert len(readings) > 1
