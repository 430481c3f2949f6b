# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maia's REST API: authentication, paging and errors. What to call is other files' business.

https://docs.maia.ai/docs/api-reference/maia-api-overview
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from ..._core.causes import Said, error_for
from ..._core.deadline import OutOfTime, current
from ..._core.errors import (
    MALFORMED,
    ApiError,
    CollectionError,
    malformed,
)
from ..._core.http import Response, Transport, Unreachable
from ..._core.operation import Runtime
from ..._core.shared import WHOLE_RUN
from ..._core.wording import listed
from ..errors import refusals
from ..errors.causes import ANSWERS, NO_ANSWER
from .budget import DEFAULT_LIMIT, Budget
from .shapes import Shape
from .token import ATTEMPT as TOKEN_ATTEMPT
from .token import SUBJECT as TOKEN_SUBJECT
from .token import TokenSource

_REFUSED = 400
PAGE_SIZE = 100  # the most that the API gives
_MAX_PAGES = 1000


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
            asked = f"{method} {path}"
            raise _problem(subject, attempt, response, sent, self._words(), asked)
        answer = response.json()
        if answer is None and response.content:
            raise ApiError(
                subject,
                "the answer is not JSON, so it does not come from Maia",
                "check api_url, any proxy on the way, and whether the network has a sign-in page",
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
        seen = 0
        before: list[Any] = []
        known: set[bytes] = set()
        for answer in self._answers(path, params, subject, attempt):
            try:
                found = _page(answer, shape)
            except MALFORMED:
                raise malformed(subject, "Maia", attempt) from None
            # A server that knows no pages repeats itself.
            if not found.items or found.items == before:
                if found.total is not None and found.total > seen:
                    raise ApiError(
                        subject,
                        f"Maia says that there are {found.total}, and gives {seen} of them",
                        "run again; if that does not help, report it with the version of this"
                        " collection",
                        attempt=attempt,
                    )
                return
            # Only what is the same again and again is no list of pages.
            content = hashlib.sha256(repr(found.items).encode(errors="replace")).digest()
            if content in known or len(known) == _MAX_PAGES:
                what = "an earlier page comes again" if content in known else "there is no end"
                raise ApiError(
                    subject,
                    f"after {len(known)} pages {what}, so this is no list of Maia's",
                    "check api_url and any proxy on the way",
                    attempt=attempt,
                )
            known.add(content)
            yield from found.items
            before = found.items
            seen += len(found.items)
            if found.is_last(seen):
                return

    def _answers(
        self, path: str, params: Mapping[str, str] | None, subject: str, attempt: str
    ) -> Iterator[Any]:
        """Page after page, without end; the same again and again where none can be asked for.

        For lists of connections no page and size are documented: they may be refused.
        """
        page = 0
        while True:
            query = {**(params or {}), "page": str(page), "size": str(PAGE_SIZE)}
            try:
                answer = self.call("GET", path, subject=subject, attempt=attempt, params=query)
            except ApiError as error:
                if page or error.status != _REFUSED:
                    raise
                answer = self.call("GET", path, subject=subject, attempt=attempt, params=params)
                yield from itertools.repeat(answer)
            yield answer
            page += 1

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

    def amend(self, what: str, change: Callable[[Any], Any]) -> None:
        """Let the next remember() give what change() makes of what is remembered, if any is."""
        refusals.amend(self._runtime.shared, f"{self._account} {what}", change)

    def warn_once(self, what: str, text: str) -> None:
        """Tell the user, unless a task of this run did; what: a name for the warning."""
        if self._runtime.shared.first(f"{self._account} {what}"):
            self._runtime.warn(text)

    def take_turn(self) -> None:
        """Wait until one more request to the API is within the account's limit."""
        self._budget.wait(self._account, self._runtime)

    def _words(self) -> Mapping[str, str]:
        """What a refusal says of whom it refuses."""
        if self._given_token:
            return {
                "which": "that is given (access_token)",
                "renew": "get a new one, since each is good for half an hour, or give client_id and"
                " client_secret instead",
            }
        return {
            "which": "that it gave for client_id and client_secret",
            "renew": "check that region or api_url is that of the credentials' account",
        }

    def _send(
        self,
        method: str,
        path: str,
        subject: str,
        attempt: str,
        params: Mapping[str, str] | None,
        body: object | None,
    ) -> Response:
        try:
            self.take_turn()
        except OutOfTime as error:
            raise error.about(subject, attempt) from None
        token = self._given_token or self._tokens.current()
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        url = f"{self._api_url}/v1{path}"
        current().changing("" if method == "GET" else f"{attempt} ({subject})")
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
        except OutOfTime as error:
            raise error.about(subject, attempt) from None
        except Unreachable as error:
            where = "token_url" if url == self._token_url else "region or api_url"
            words = error.words(service="Maia", where=where)
            raise error_for(NO_ANSWER, error.said, subject, attempt, words=words) from None

    def _post_form(self, form: Mapping[str, str]) -> Response:
        # The limit is on the API's requests; tokens come from elsewhere.
        current().changing("")
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
        """Whether this is the last page. seen: the number of items so far, including this page.

        Without plausible counts in the response, the next page must be requested.
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


def _problem(
    subject: str,
    attempt: str,
    response: Response,
    sent: Collection[str],
    words: Mapping[str, str],
    asked: str,
) -> CollectionError:
    """A refusal as one of our errors; its body is a problem-details object at best.

    sent: the names of what was sent. Maia's text may quote values, so only names are passed on.
    """
    answer = response.json()
    details = answer if isinstance(answer, dict) else {}
    text = f"{details.get('title', '')} {details.get('detail', '')}"
    said = Said(status=response.status, text=text, right=asked)
    code = f"HTTP {response.status}"
    error = error_for(ANSWERS, said, subject, attempt, words={"code": code, **words})
    violations = details.get("violations")
    if isinstance(violations, list) and violations:
        found = set(re.findall(r"\w+", " ".join(map(str, violations))))
        if named := sorted(found.intersection(sent)):
            return error.told_as(reason=f"{error.reason}, because of {listed(named)}")
    return error
