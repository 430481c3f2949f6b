# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens by OAuth client credentials, fetched once for all tasks of a run.

https://docs.maia.ai/docs/api-reference/maia-api-authentication
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..._core.causes import Said, error_for
from ..._core.errors import CollectionError
from ..._core.http import Response
from ..._core.operation import Runtime
from ..errors import refusals
from ..errors.causes import TOKEN_ANSWERS

AUDIENCE = "https://api.matillion.com"
SUBJECT, ATTEMPT = "Maia API credentials", "getting an access token"

# What the documentation says, for an answer without expires_in.
_USUAL_SECONDS = 1800.0
# How long before its end a token is no longer used: a request may take a while.
_EARLY_SECONDS = 60.0

# What a header can carry; https://www.rfc-editor.org/rfc/rfc6750#section-2.1
_TOKEN = re.compile(r"[\x21-\x7e]+")
_OAUTH_ERROR = re.compile(r"[a-z_]{1,64}")

Post = Callable[[Mapping[str, str]], Response]
"""Sends a form to the token endpoint. Raises TransientError."""


class TokenSource:
    """The access token of one pair of API credentials."""

    def __init__(
        self, post: Post, runtime: Runtime, account: str, client_id: str, client_secret: str
    ) -> None:
        """account: what the token is remembered by."""
        self._post = post
        self._runtime = runtime
        self._name = f"{account} token"
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "audience": AUDIENCE,
        }

    def current(self) -> str:
        """A token that is good for a while. Raises AuthenticationError and TransientError."""
        token = str(refusals.recall(self._runtime.shared, self._name, self._fetch, SUBJECT))
        self._runtime.protect(token)
        return token

    def refused(self, token: str) -> None:
        """The server does not take this token any more; a newer one of another task may do."""
        refusals.forget(self._runtime.shared, self._name, token)

    def _fetch(self) -> tuple[str, float]:
        response = self._post(self._form)
        answer = response.json()
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if response.status != 200 or not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise _refusal(response)
        return token, usable_seconds(answer.get("expires_in"))


def usable_seconds(expires_in: Any) -> float:
    """How long to use a token of which the server says `expires_in`."""
    try:
        seconds = float(expires_in)
    except (OverflowError, TypeError, ValueError):
        seconds = _USUAL_SECONDS
    if not 0 <= seconds < math.inf:
        seconds = _USUAL_SECONDS
    return seconds - min(_EARLY_SECONDS, seconds / 10)


def _refusal(response: Response) -> CollectionError:
    answer = response.json()
    error = str(answer.get("error", "")) if isinstance(answer, dict) else ""
    code = error if _OAUTH_ERROR.fullmatch(error) else f"HTTP {response.status}"
    said = Said(codes=[code], status=response.status)
    return error_for(TOKEN_ANSWERS, said, SUBJECT, ATTEMPT, words={"code": code}, code=code)
