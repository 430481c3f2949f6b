# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a key that was replaced still works. It is no module of its own: a key that works is no
success here, and one that does not no failure.

https://docs.stripe.com/keys#rolling-keys
"""

from __future__ import annotations

import hashlib

from .._core.argspec import ArgumentSpec
from .._core.http import REQUESTS, RequestsTransport
from .._core.limits import TIME_SPEC
from .._core.operation import Operation, Outcome, Params, Runtime
from .client import API_URL, StripeClient, checked_api_url
from .key import parse_key
from .permissions import BALANCE_PATH
from .source import KEY_SOURCES, SOURCE_SPEC, key_text

# status: Stripe takes it, does not take it any more, or could not be asked.
WORKS, ENDED, UNKNOWN = "works", "ended", "unknown"

SPEC = SOURCE_SPEC.merge(
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
# For the targets of one task; a later one of the same run asks again.
_GOOD_SECONDS = 30.0
_ENDED = {
    "expired": "it has expired or was rolled",
    "invalid": "Stripe does not know it, or does not know it any more",
}


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Ask Stripe, once for each key of a run. Nothing is changed in any mode.

    Raises ConfigurationError for what is no key.
    """
    key = parse_key(key_text(params), allow_unknown=True)
    runtime.protect(key.value)
    api_url = checked_api_url(params["api_url"] or API_URL)
    ca_bundle = params["ca_bundle"]

    def ask() -> tuple[dict[str, str | None], float]:
        with runtime.clients.lease(
            ("stripe", ca_bundle), lambda: RequestsTransport(ca_bundle)
        ) as transport:
            client = StripeClient(transport, key, api_url=api_url, context=params["stripe_context"])
            verdict = client.ask(BALANCE_PATH)
        if verdict.status == "valid":
            return {"status": WORKS, "reason": None}, _GOOD_SECONDS
        if verdict.status in _ENDED:
            return {"status": ENDED, "reason": _ENDED[verdict.status]}, _GOOD_SECONDS
        return {"status": UNKNOWN, "reason": verdict.reason}, _GOOD_SECONDS

    # A hash identifies the key without showing it.
    name = hashlib.sha256(f"old key\0{api_url}\0{key.value}".encode()).hexdigest()[:32]
    found = runtime.shared.recall(f"stripe-old-key-{name}", ask)
    return Outcome(changed=False, values={"old_key": {"masked": key.masked, **found}})


OPERATION = Operation("stripe_old_key", SPEC, execute, (REQUESTS,), reads_only=True)
