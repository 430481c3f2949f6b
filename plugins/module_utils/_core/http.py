# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP for REST APIs: requests behind a small protocol, with one retry policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .operation import Requirement
from .trust import REQUESTS_VARIABLES, trusted_authorities

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse
    from urllib3.util.retry import Retry

try:
    import requests
    import urllib3.util.retry
    from requests.adapters import HTTPAdapter
except ImportError as error:
    REQUESTS = Requirement("requests", "https://pypi.org/project/requests/", error)
else:
    REQUESTS = Requirement("requests", "https://pypi.org/project/requests/", None)

TOO_MANY_REQUESTS = 429
_BUSY = (502, 503, 504)
_TIMEOUT_SECONDS = (10, 60)  # to connect, to wait for an answer


class Unreachable(Exception):
    """No usable answer came; the text names the kind of failure and nothing else."""


@dataclass(frozen=True)
class Response:
    """A complete answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)

    def json(self) -> Any:
        """The parsed body, or None if it is not JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None


class Transport(Protocol):
    """Sends one request and returns the answer, whatever its status."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: object | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Response:
        """body is sent as JSON, form as a form. Raises Unreachable."""


def retry_policy(
    *, repeat_all: bool = False, before_repeat: Callable[[], None] | None = None
) -> Retry:
    """urllib3's policy (it honours Retry-After), which also repeats a throttled POST.

    A 429 says that nothing was done. After any other failure only requests that may safely be
    repeated are; with repeat_all a POST counts as one. before_repeat: called after the wait.
    """

    class RestRetry(urllib3.util.retry.Retry):
        def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
            if status_code == TOO_MANY_REQUESTS:
                return bool(self.total)
            return super().is_retry(method, status_code, has_retry_after)

        def sleep(self, response: BaseHTTPResponse | None = None) -> None:
            super().sleep(response)
            if before_repeat is not None:
                before_repeat()

    safe_methods = None if repeat_all else RestRetry.DEFAULT_ALLOWED_METHODS
    policy = RestRetry(
        allowed_methods=safe_methods,
        total=6,
        connect=3,
        read=2,
        status=6,
        other=0,  # above all a certificate that is not trusted, which no waiting will mend
        backoff_factor=0.5,
        status_forcelist=_BUSY,
        raise_on_status=False,
    )
    policy.backoff_jitter = 0.5  # not an argument: urllib3 1, which requests allows, knows none
    return policy


class RequestsTransport:
    """requests over kept-alive connections; honours the usual proxy and CA variables."""

    def __init__(
        self,
        ca_bundle: str | None = None,
        *,
        repeatable_url: str | None = None,
    ) -> None:
        """repeatable_url: a POST to it changes nothing and may be repeated after any failure.

        Raises ConfigurationError for a ca_bundle that cannot be used.
        """
        # Whoever uses the transport may set it: called before any other request is repeated.
        self.before_repeat: Callable[[], None] = _do_nothing
        self._session = requests.Session()
        self._verify = trusted_authorities(ca_bundle, REQUESTS_VARIABLES) or True
        policy = retry_policy(before_repeat=self._repeating)
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=policy))
        if repeatable_url:
            repeat_all = retry_policy(repeat_all=True)
            self._session.mount(repeatable_url, HTTPAdapter(max_retries=repeat_all))

    def close(self) -> None:
        self._session.close()

    def _repeating(self) -> None:
        self.before_repeat()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: object | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Response:
        try:
            answer = self._session.request(
                method,
                url,
                headers=dict(headers or {}),
                params=dict(params) if params else None,
                json=body,
                data=dict(form) if form else None,
                auth=_keep_headers,
                timeout=_TIMEOUT_SECONDS,
                # Per request: the environment's CA would win over the session's.
                verify=self._verify,
                # A redirect would carry the credentials to wherever it points.
                allow_redirects=False,
            )
        except requests.exceptions.SSLError:
            raise Unreachable("the TLS connection could not be verified") from None
        except requests.exceptions.RequestException as error:
            raise Unreachable(f"no answer ({type(error).__name__})") from None
        return Response(answer.status_code, answer.headers, answer.content)


def _do_nothing() -> None:
    """Nobody wants to know."""


def _keep_headers(request: Any) -> Any:
    """An authenticator that does nothing, so that requests does not look into ~/.netrc."""
    return request
