# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Maia, Stripe, proxies and networks say becomes an error that leads to the cause."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from ansible_collections.maia.stripe_query.plugins.module_utils._core.causes import error_for
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
    CollectionError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import (
    Response,
    Transport,
    Unreachable,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.errors import (
    causes as maia_causes,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.verdict import judge
from unit.fakes import FakeRuntime
from unit.keys import random_text
from unit.situations.injected import ATTEMPT, SUBJECT, Situation, check, situations

TOKEN = {"access_token": "t", "expires_in": 60}


class _Transport(Transport):
    """Gives the token endpoint's answer to a form, and Maia's to all else."""

    def __init__(self, token: Any, maia: Any) -> None:
        self._token, self._maia = token, maia

    def request(self, method: str, url: str, *, form: Any = None, **_more: Any) -> Response:  # noqa: ARG002
        status, body = self._token if form else self._maia
        return Response(status, {}, json.dumps(body).encode())


@pytest.mark.parametrize("situation", situations("http"))
def test_situation(situation: Situation) -> None:
    if "stripe" in situation:
        status, body = situation["stripe"]
        check(situation, _judged(status, body, situation.get("context")))
    elif "unreachable" in situation:
        check(situation, _unreachable(*situation["unreachable"]))
    else:
        given = situation.get("given")
        client = MaiaClient(
            _Transport(situation.get("token", [200, TOKEN]), given or situation.get("maia")),
            FakeRuntime(),
            api_url="https://eu1.api.matillion.com/dpc",
            token_url="https://id.core.matillion.com/oauth/dpc/token",
            client_id=None if given else "c",
            client_secret=None if given else random_text(),
            access_token="t" if given else None,
        )
        body = {"secretName": "x", "name": "y"}
        method, path = situation.get("asks", "POST /x").split()
        with pytest.raises(CollectionError) as failure:
            client.call(method, path, subject=SUBJECT, attempt=ATTEMPT, body=body)
        check(situation, failure.value)


def _judged(status: int, body: Any, context: str | None) -> CollectionError:
    """As the module raises it."""
    verdict = judge(status, body, "balance", context)
    kind = TransientError if verdict.status == "unverified" else AuthenticationError
    return kind(SUBJECT, verdict.reason, verdict.hint, attempt=ATTEMPT, link=verdict.link)


def _unreachable(service: str, text: str, kind: str = "ConnectionError") -> CollectionError:
    error = Unreachable(getattr(requests.exceptions, kind)(text))
    words = error.words(service=service, where="region or api_url")
    return error_for(maia_causes.NO_ANSWER, error.said, SUBJECT, ATTEMPT, words=words)
