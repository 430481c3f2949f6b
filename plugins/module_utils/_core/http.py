# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP for REST APIs: requests behind a small protocol, with one retry policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from .causes import Said, class_names, with_causes
from .deadline import current
from .operation import Requirement
from .trust import REQUESTS_VARIABLES, trusted_authorities

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse
    from urllib3.util.retry import Retry

try:
    import requests
    import urllib3.exceptions
    import urllib3.util.retry

    from .bounded import BoundedAdapter
except ImportError as error:
    REQUESTS = Requirement("requests", "https://pypi.org/project/requests/", error)
else:
    REQUESTS = Requirement("requests", "https://pypi.org/project/requests/", None)

TOO_MANY_REQUESTS = 429
_BUSY = (502, 503, 504)
_TIMEOUT_SECONDS = (10, 60)  # to connect, to wait for an answer
_LONGEST_PAUSE = 1e9


class Unreachable(Exception):
    """No usable answer came. said: why, to be looked up in network.py; never shown."""

    def __init__(self, error: Exception) -> None:
        super().__init__(type(error).__name__)
        self.said = Said(raised=class_names(error), text=with_causes(error))

    def words(self, *, service: str, where: str) -> Mapping[str, str]:
        """For the tables of causes; where: the options that say where the service is."""
        return {"service": service, "where": where, "ca": "ca_bundle", "class_name": str(self)}


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


@dataclass(frozen=True)
class Upload:
    """A body of files (multipart/form-data), and further headers.

    files: by their names, content and media type.
    """

    files: Mapping[str, tuple[bytes, str]] = field(repr=False)
    headers: Mapping[str, str]


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
        """body is sent as JSON or as it says, form as a form. Raises Unreachable and OutOfTime."""


def retry_policy(
    *, repeat_all: bool = False, before_repeat: Callable[[], object] = lambda: None
) -> Retry:
    """urllib3's policy (it honours Retry-After), which also repeats a throttled POST.

    A 429 says that nothing was done. After any other failure only requests that may safely be
    repeated are; with repeat_all a POST counts as one. before_repeat: called after the wait.
    """

    class RestRetry(urllib3.util.retry.Retry):
        def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
            if status_code == TOO_MANY_REQUESTS:
                if self.total:
                    current().answered(status_code)
                return bool(self.total)
            return super().is_retry(method, status_code, has_retry_after)

        def sleep(self, response: BaseHTTPResponse | None = None) -> None:
            asked = response and self.respect_retry_after_header and self.get_retry_after(response)
            # A number may have hundreds of digits.
            pause = min(asked or self.get_backoff_time(), _LONGEST_PAUSE)
            why = ", as the service asks for (Retry-After)," if asked else " for the next attempt"
            current().sleep(pause, f"waiting {pause:.3g} seconds{why}")
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
        # A hook for the caller, called before a request is repeated.
        self.before_repeat: Callable[[], object] = lambda: None
        self._session = requests.Session()
        # It would look through the environment for each request, and into ~/.netrc.
        self._session.trust_env = False
        self._proxies: dict[str, dict[str, str]] = {}
        self._verify = trusted_authorities(ca_bundle, REQUESTS_VARIABLES) or True
        policy = retry_policy(before_repeat=self._about_to_repeat)
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, BoundedAdapter(max_retries=policy))
        if repeatable_url:
            repeat_all = retry_policy(repeat_all=True)
            self._session.mount(repeatable_url, BoundedAdapter(max_retries=repeat_all))

    def _about_to_repeat(self) -> object:
        """Whatever is to be done by then."""
        return self.before_repeat()

    def close(self) -> None:
        self._session.close()

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
        upload = body if isinstance(body, Upload) else None
        current().check(f"sending {method} {urlsplit(url).path}")
        try:
            answer = self._session.request(
                method,
                url,
                headers={**(headers or {}), **(upload.headers if upload else {})},
                params=dict(params) if params else None,
                json=None if upload else body,
                # A part is called as its file is.
                files={n: (n, *file) for n, file in upload.files.items()} if upload else None,
                data=dict(form) if form else None,
                timeout=_TIMEOUT_SECONDS,
                verify=self._verify,
                proxies=self._proxies_to(url),
                # A redirect would carry the credentials to wherever it points.
                allow_redirects=False,
            )
        except (
            requests.exceptions.RequestException,
            urllib3.exceptions.HTTPError,
            ValueError,  # urllib3 about a proxy
        ) as error:
            current().check(f"the answer to {method} {urlsplit(url).path}")
            raise Unreachable(error) from None
        current().answered(answer.status_code)
        return Response(answer.status_code, answer.headers, answer.content)

    def _proxies_to(self, url: str) -> dict[str, str]:
        """Those that the environment names, unless it says that the host has none."""
        host = urlsplit(url).netloc
        if host not in self._proxies:
            self._proxies[host] = requests.utils.get_environ_proxies(url)
        return self._proxies[host]
