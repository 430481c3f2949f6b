# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's request limit, kept to by all tasks of a run together.

https://docs.maia.ai/docs/api-reference/maia-api-overview says 1000 requests a minute; older
accounts have 60, and 5 in a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ..._core.deadline import current
from ..._core.operation import Runtime

DEFAULT_LIMIT = 1000
LIMITS = range(10, 100_001)  # below it a burst would not fit in
_NOTICEABLE_SECONDS = 1.0


@dataclass(frozen=True)
class Budget:
    """At most `requests_per_minute` requests in any minute, counted from the first one on.

    A few may go at once after a pause; the others have to keep a distance that leaves room for
    these few in the same minute.
    """

    requests_per_minute: int
    sleep: Callable[[float], None] = time.sleep

    @property
    def burst(self) -> int:
        """How many may go at once: three of 60, which the older limit of 5 in a second allows."""
        return max(1, self.requests_per_minute // 20)

    @property
    def interval(self) -> float:
        """Seconds from one request to the next."""
        return 60 / (self.requests_per_minute - self.burst)

    def wait(self, account: str, runtime: Runtime) -> None:
        """Take a turn and wait for it, so that the server never has to refuse a request."""
        seconds = runtime.shared.reserve(f"{account} requests", self.interval, self.burst)
        if seconds >= _NOTICEABLE_SECONDS and runtime.shared.first(f"{account} waits"):
            limit = f"{self.requests_per_minute} of them a minute (requests_per_minute)"
            runtime.warn(
                f"This run waits between requests to Maia, to keep within {limit}."
                " Nothing is wrong; it only takes longer."
            )
        if seconds > 0:
            limit = f"{self.requests_per_minute} requests a minute (requests_per_minute)"
            current().check(f"waiting {seconds:.3g} seconds for a turn within {limit}", seconds)
            self.sleep(seconds)
