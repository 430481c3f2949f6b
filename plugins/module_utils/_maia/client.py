# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maia's REST API: authentication, paging and errors. What to call is other files' business.

https://docs.maia.ai/docs/api-reference/maia-api-overview
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from .._core.errors import (
    MALFORMED,
    ApiError,
    AuthenticationError,
    CollectionError,
    ConflictError,
    NotFoundError,
    NotPermittedError,
    TransientError,
    malformed,
)
from .._core.http import TOO_MANY_REQUESTS, Response, Transport, Unreachable
from .._core.operation import Runtime
from .._core.shared import WHOLE_RUN
from .._core.wording import listed
from . import refusals
from .budget import DEFAULT_LIMIT, Budget
from .shapes import Shape
from .token import ATTEMPT as TOKEN_ATTEMPT
from .token import SUBJECT as TOKEN_SUBJECT
from .token import TokenSource

PAGE_SIZE = 100  # the most that the API gives


class MaiaClient:
    """A session with one Maia account.

    Tokens, requests and what is remembered are shared with the other tasks of the run.
    """

    def __init__(
        self,
        transport: Transport,
        runtime: Runtime,
        *,
        api_url: str,
        token_url: str,
        client_id: str | None = None,
        client_secret: str | None = None,
        access_token: str | None = None,
        budget: Budget | None = None,
    ) -> None:
        """Either client_id and client_secret, or an access_token that is used as it is."""
        self._transport = transport
        self._runtime = runtime
        self._api_url = api_url
        self._token_url = token_url
        self._given_token = access_token
        self._budget = budget or Budget(DEFAULT_LIMIT)
        # Other credentials may see other things, even those of the same account.
        who = (api_url, token_url, client_id, client_secret, access_token)
        self._account = f"maia {hashlib.sha256(repr(who).encode()).hexdigest()}"
        self._tokens = TokenSource(
            self._post_form, runtime, self._account, client_id or "", client_secret or ""
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        subject: str,
        attempt: str,
        params: Mapping[str, str] | None = None,
        body: object | None = None,
        shape: Shape | None = None,
    ) -> Any:
        """Call /v1<path>. Returns the parsed body, None if there is none.

        shape: of the body, if it matters.

        subject and attempt: for the error. Raises AuthenticationError, NotPermittedError,
        NotFoundError, ConflictError, TransientError and ApiError.
        """
        response = self._send(method, path, subject, attempt, params, body)
        if response.status == 401 and not self._given_token:
            # The token may have been revoked meanwhile; _send() has forgotten it.
            response = self._send(method, path, subject, attempt, params, body)
        if not 200 <= response.status < 300:
            sent = {**(params or {}), **(body if isinstance(body, Mapping) else {})}
            raise _problem(subject, attempt, response, sent)
        answer = response.json()
        if answer is None and response.content:
            raise ApiError(
                subject,
                "the answer is not JSON, so it does not come from Maia",
                "check api_url, and any proxy on the way",
                attempt=attempt,
                status=response.status,
            )
        if shape is not None:
            if isinstance(answer, dict) and answer.keys() == {"result"}:
                answer = answer["result"]  # as some have seen it
            try:
                shape.check(answer)
            except MALFORMED:
                raise malformed(subject, "Maia", attempt) from None
        return answer

    def pages(
        self,
        path: str,
        shape: Shape,
        *,
        subject: str,
        attempt: str,
        params: Mapping[str, str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """All items of a list; the answer may be a page, a bare list or one bare object.

        shape: of an item. Raises what call() does.
        """
        page = seen = 0
        before: list[Any] = []
        while True:
            query = {**(params or {}), "page": str(page), "size": str(PAGE_SIZE)}
            answer = self.call("GET", path, subject=subject, attempt=attempt, params=query)
            try:
                found = _page(answer, shape)
            except MALFORMED:
                raise malformed(subject, "Maia", attempt) from None
            # A server that knows no pages repeats itself.
            if not found.items or found.items == before:
                if found.total is not None and found.total > seen:
                    raise _incomplete(subject, attempt, seen, found.total)
                return
            yield from found.items
            before = found.items
            page += 1
            seen += len(found.items)
            if found.is_last(seen):
                return

    def remember(
        self, what: str, fetch: Callable[[], Any], *, subject: str, anew: bool = False
    ) -> Any:
        """What fetch() gives, as JSON data; for all tasks of the run it is called once.

        What it raises is raised; if that is a refusal, it is not called again for a moment.
        subject: for the error. anew: call it even if that was done.
        """
        if anew:
            self.forget(what)
        name = f"{self._account} {what}"
        return refusals.recall(self._runtime.shared, name, lambda: (fetch(), WHOLE_RUN), subject)

    def forget(self, what: str) -> None:
        """Let the next remember() fetch it anew."""
        refusals.forget(self._runtime.shared, f"{self._account} {what}")

    def warn_once(self, what: str, text: str) -> None:
        """Tell the user, unless a task of this run did; what: a name for the warning."""
        if self._runtime.shared.first(f"{self._account} {what}"):
            self._runtime.warn(text)

    def take_turn(self) -> None:
        """Wait until one more request to the API is within the account's limit."""
        self._budget.wait(self._account, self._runtime)

    def _send(
        self,
        method: str,
        path: str,
        subject: str,
        attempt: str,
        params: Mapping[str, str] | None,
        body: object | None,
    ) -> Response:
        self.take_turn()
        token = self._given_token or self._tokens.current()
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        url = f"{self._api_url}/v1{path}"
        response = self._exchange(subject, attempt, method, url, headers, params=params, body=body)
        if response.status == 401:
            self._tokens.refused(token)
        return response

    def _exchange(
        self,
        subject: str,
        attempt: str,
        method: str,
        url: str,
        headers: Mapping[str, str],
        **payload: Any,
    ) -> Response:
        try:
            return self._transport.request(method, url, headers=headers, **payload)
        except Unreachable as error:
            raise TransientError(
                subject,
                f"Maia could not be reached: {error}",
                "check region or api_url, network, proxy and ca_bundle, and run again",
                attempt=attempt,
            ) from None

    def _post_form(self, form: Mapping[str, str]) -> Response:
        # The limit is on the API's requests; tokens come from elsewhere.
        return self._exchange(TOKEN_SUBJECT, TOKEN_ATTEMPT, "POST", self._token_url, {}, form=form)


class _Page(NamedTuple):
    """size: how many items a full page has. total: of all pages. None where the server is silent.

    It may give smaller pages than it is asked for, and the documentation's examples have size 0
    and total 0 beside an item.
    """

    items: list[dict[str, Any]]
    size: int | None = None
    total: int | None = None

    def is_last(self, seen: int) -> bool:
        """Whether there is nothing after it; seen: how many items there were, its own included.

        If that is not told in a way that can be believed, the next page has to be asked for.
        """
        if self.total is not None and self.total >= seen:
            return self.total == seen
        return self.size is not None and len(self.items) < self.size


def _page(answer: Any, shape: Shape) -> _Page:
    """Raises what MALFORMED names for an answer that is no list of things of this shape."""
    if isinstance(answer, dict) and "results" in answer:
        size, total = (None if answer.get(n) is None else int(answer[n]) for n in ("size", "total"))
        page = _Page(list(answer["results"]), size, total)
    else:
        page = _Page(answer if isinstance(answer, list) else [answer])
    # Taken for an empty list, it would have us say that what is to be absent is.
    for item in page.items:
        shape.check(item)
    return page


def _incomplete(subject: str, attempt: str, seen: int, total: int) -> ApiError:
    return ApiError(
        subject,
        f"Maia says that there are {total}, and gives {seen} of them",
        "run again; if that does not help, report it with the version of this collection",
        attempt=attempt,
    )


def _problem(
    subject: str, attempt: str, response: Response, sent: Collection[str]
) -> CollectionError:
    """A refusal as one of our errors; its body is a problem-details object at best.

    sent: the names of what was sent. Maia's text may quote values, so only names are passed on.
    """
    answer = response.json()
    details = answer if isinstance(answer, dict) else {}
    said = f"{details.get('title', '')} {details.get('detail', '')}"
    kind, reason, cure = _explain(response.status, said)
    violations = details.get("violations")
    if isinstance(violations, list) and violations:
        words = set(re.findall(r"\w+", " ".join(map(str, violations))))
        if named := sorted(words.intersection(sent)):
            reason = f"{reason}, because of {listed(named)}"
    return kind(subject, reason, cure, attempt=attempt, status=response.status)


def _explain(status: int, said: str) -> tuple[type[CollectionError], str, str]:
    code = f"HTTP {status}"
    if status == 401:
        return (
            AuthenticationError,
            f"Maia does not accept the access token ({code})",
            "check the credentials, or get a new access_token",
        )
    if status == 403 and "IP not allowed" in said:
        return (
            NotPermittedError,
            f"this machine's address is not on the account's IP allow list ({code})",
            "add it to the list in Maia, IPv6 included",
        )
    if status == 403:
        return (
            NotPermittedError,
            f"the API credentials lack the right to do it ({code})",
            "give them the account role Super Admin, or the project and environment roles",
        )
    if status == 404:
        return (
            NotFoundError,
            f"Maia says it does not exist ({code})",
            "check the project, environment and name, and the account's region",
        )
    if status == 409:
        return ConflictError, f"it was created meanwhile ({code})", "run again"
    if status == TOO_MANY_REQUESTS:
        return (
            TransientError,
            f"the account's request limit is used up ({code})",
            "set requests_per_minute to what the account has left for this run, or run it later",
        )
    if status >= 500:
        return TransientError, f"Maia is failing ({code})", "run again in a while"
    return ApiError, f"Maia refused the request ({code})", "check the module's options"
