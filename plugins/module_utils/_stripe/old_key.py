# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a key that was replaced still works. It is no module of its own: a key that works is no
success here, and one that does not no failure.

https://docs.stripe.com/keys#rolling-keys
"""

from __future__ import annotations

import hashlib

from .._core.http import REQUESTS
from .._core.operation import Operation, Outcome, Params, Runtime
from .client import BALANCE, CLIENT_SPEC, checked_api_url, client_for
from .key import parse_key
from .source import key_text

# status: Stripe takes it, does not take it any more, or could not be asked.
WORKS, ENDED, UNKNOWN = "works", "ended", "unknown"

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
    api_url = checked_api_url(params)

    def ask() -> tuple[dict[str, str | None], float]:
        with client_for(key, params, runtime, api_url=api_url) as client:
            verdict = client.ask(BALANCE)
        ended = _ENDED.get(verdict.status)
        status = WORKS if verdict.status == "valid" else ENDED if ended else UNKNOWN
        return {"status": status, "reason": ended or verdict.reason or None}, _GOOD_SECONDS

    # A hash identifies the key without showing it.
    name = hashlib.sha256(f"old key\0{api_url}\0{key.value}".encode()).hexdigest()[:32]
    found = runtime.shared.recall(f"stripe-old-key-{name}", ask)
    return Outcome(changed=False, values={"old_key": {"masked": key.masked, **found}})


OPERATION = Operation("stripe_old_key", CLIENT_SPEC, execute, (REQUESTS,), reads_only=True)
