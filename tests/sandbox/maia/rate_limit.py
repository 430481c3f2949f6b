# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's request budget: a token bucket."""

from __future__ import annotations

import time
from collections.abc import Callable


class TokenBucket:
    """Holds one minute's requests and refills steadily."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._per_minute: float = 0
        self._left: float = 0
        self._at: float = 0

    def take(self, per_minute: float) -> float:
        """Seconds to wait before the next request may come; 0 when this one may pass."""
        moment = self._clock()
        if per_minute != self._per_minute:
            self._per_minute = self._left = per_minute
        else:
            refilled = (moment - self._at) * per_minute / 60
            self._left = min(per_minute, self._left + refilled)
        self._at = moment
        if self._left >= 1:
            self._left -= 1
            return 0
        return (1 - self._left) * 60 / per_minute
