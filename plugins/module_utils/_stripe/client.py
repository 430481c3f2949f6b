# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking Stripe about a key, with calls that change nothing.

https://docs.stripe.com/api/balance/balance_retrieve
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .._core.argspec import ArgumentSpec
from .._core.deadline import OutOfTime
from .._core.endpoint import Endpoint
from .._core.errors import ConfigurationError
from .._core.http import RequestsTransport, Transport, Unreachable
from .._core.limits import TIME_SPEC
from .._core.operation import Params, Runtime
from .causes import NO_ANSWER
from .key import StripeKey
from .source import KEY_SOURCES, SOURCE_SPEC
from .verdict import Verdict, judge, verdict_for

API_URL = "https://api.stripe.com"
# Pinned, so that an account's default version cannot change what an answer looks like.
STRIPE_VERSION = "2024-06-20"

# What Stripe calls these objects; all others that are asked for are lists.
BALANCE, ACCOUNT = "balance", "account"

CLIENT_SPEC = SOURCE_SPEC.merge(
    ArgumentSpec(
        options={
            "stripe_context": {"type": "str"},
            "api_url": {"type": "str", "default": API_URL},
            "ca_bundle": {"type": "path"},
        },
        required_one_of=(KEY_SOURCES,),
    ),
    TIME_SPEC,
)


def checked_api_url(params: Params) -> str:
    """Raises ConfigurationError: a key must not be sent anywhere else by a typing mistake."""
    endpoint = Endpoint.parse(params["api_url"] or API_URL, "Stripe API, option api_url")
    if endpoint.url != API_URL and not endpoint.is_loopback:
        is_stripe = endpoint.host == Endpoint.parse(API_URL, "Stripe API").host
        place = (
            f"'{endpoint.url}', of which the port or the path is not Stripe's"
            if is_stripe
            else f"'{endpoint.host}', which is not Stripe's"
        )
        raise ConfigurationError(
            "Stripe API",
            f"the key is not sent to {place}",
            f"leave out api_url; only {API_URL} and this machine are allowed",
        )
    return endpoint.url


class StripeClient:
    """Reads with one key."""

    def __init__(
        self, transport: Transport, key: StripeKey, *, api_url: str, context: str | None
    ) -> None:
        """context: the account that an organization key is used for."""
        self._transport = transport
        self._context = context
        self._api_url = api_url
        self._headers = {
            "Authorization": f"Bearer {key.value}",
            "Stripe-Version": STRIPE_VERSION,
            **({"Stripe-Context": context} if context else {}),
        }

    def ask(self, what: str) -> Verdict:
        """Read BALANCE, ACCOUNT, or one item of a list, of which the permission alone matters."""
        kind = what if what in (BALANCE, ACCOUNT) else "list"
        try:
            answer = self._transport.request(
                "GET",
                f"{self._api_url}/v1/{what}",
                headers=self._headers,
                params={"limit": "1"} if kind == "list" else None,
            )
        except OutOfTime as error:
            return Verdict("unverified", reason=error.reason, hint=error.hint)
        except Unreachable as error:
            words = error.words(service="Stripe", where="api_url")
            return verdict_for(NO_ANSWER, error.said, words)
        return judge(answer.status, answer.json(), kind, self._context)


@contextmanager
def client_for(
    key: StripeKey, params: Params, runtime: Runtime, *, api_url: str
) -> Iterator[StripeClient]:
    """params: of CLIENT_SPEC. api_url: as it was checked."""
    ca_bundle = params["ca_bundle"]
    with runtime.clients.lease(
        ("stripe", ca_bundle), lambda: RequestsTransport(ca_bundle)
    ) as transport:
        yield StripeClient(transport, key, api_url=api_url, context=params["stripe_context"])
