# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often and for how long a failing call is tried: botocore's own retries, with an end."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from ..._core.deadline import current
from ..errors.causes import BUSY

# A missing library is reported as such before anything here runs.
with suppress(ImportError):
    from botocore.exceptions import ClientError

_READS = ("Get", "List", "Describe", "Assume", "Simulate")
_STARTED = "maia.stripe_query.started"


# Of botocore's standard mode: 1, 2, 4 ... seconds, of which it takes a random part.
_LONGEST_PAUSE = 20


def limit_retries(client: Any, max_seconds: float) -> None:
    """Begin no further attempt of a call max_seconds after its first one began.

    Nor when the operation's time is over before. botocore's retry modes know a number of attempts
    but no time.
    """
    service = client.meta.service_model.service_id.hyphenize()

    def start(context: dict[str, Any], model: Any, **_event: Any) -> None:
        current().check(f"calling {model.name}")
        context[_STARTED] = time.monotonic()

    def stop(
        request_dict: dict[str, Any],
        operation: Any,
        attempts: int,
        response: Any = None,
        caught_exception: Exception | None = None,
        **_event: Any,
    ) -> None:
        current().check(f"the answer to {operation.name}")
        started = request_dict["context"].get(_STARTED)
        if started is None:
            return
        pause = min(2 ** (attempts - 1), _LONGEST_PAUSE)
        if time.monotonic() - started < max_seconds and pause < current().left():
            return
        # Only an exception ends it in every version of botocore.
        if caught_exception is not None:
            raise caught_exception
        if response is not None and _may_pass(*response):
            raise ClientError(response[1], operation.name)

    def send(event_name: str, **_event: Any) -> None:
        name = event_name.rpartition(".")[2]
        current().changing("" if name.startswith(_READS) else name)

    def note(response_dict: dict[str, Any] | None, **_event: Any) -> None:
        if response_dict is not None:
            current().answered(response_dict["status_code"])

    client.meta.events.register(f"before-call.{service}", start)
    client.meta.events.register(f"before-send.{service}", send)
    client.meta.events.register(f"response-received.{service}", note)
    client.meta.events.register(f"needs-retry.{service}", stop)


def _may_pass(http: Any, parsed: dict[str, Any]) -> bool:
    code = parsed.get("Error", {}).get("Code", "")
    return http.status_code >= 500 or code in BUSY
