# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long to go on: pauses between looks at what takes time, and between attempts."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from ..._core.deadline import current, wait
from ..._core.http import TOO_MANY_REQUESTS

T = TypeVar("T")

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 4.0


class Patience:
    """Growing pauses that end after so many seconds in all."""

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = wait,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._deadline = clock() + min(seconds, current().left())
        self._pause = _FIRST_PAUSE

    def pause(self) -> bool:
        """Wait a little; False, at once, if the time would then be over."""
        if self._clock() + self._pause > self._deadline:
            return False
        self._sleep(self._pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        return True

    def until(self, look: Callable[[], T]) -> T:
        """What look() says once that is true, or its last answer when the time is over."""
        while not (seen := look()) and self.pause():
            pass
        return seen


# A missing library is reported as such before anything here is used.
with suppress(ImportError):
    from azure.core.exceptions import ServiceRequestError
    from azure.core.pipeline.policies import RetryPolicy

    class BoundedRetryPolicy(RetryPolicy[Any, Any]):
        """The SDK's own policy, which does not begin an attempt after `timeout` seconds.

        The original sleeps for as long as the service says in Retry-After, however long that is,
        and only then finds that its time is over.

        A call may say with `repeatable` (a function that returns bool) whether to be made again
        after a failure in spite of which the service may have done what it was asked for.
        """

        def configure_retries(self, options: dict[str, Any]) -> dict[str, Any]:
            repeatable = options.pop("repeatable", None)
            settings = super().configure_retries(options)
            seconds = min(settings["timeout"], current().left())
            settings["deadline"] = time.monotonic() + seconds
            settings["repeatable"] = repeatable
            return settings

        def increment(
            self, settings: dict[str, Any], response: Any = None, error: Any = None
        ) -> bool:
            if not super().increment(settings, response=response, error=error):
                return False
            asked = None if error or response is None else self.get_retry_after(response)
            pause = asked or self.get_backoff_time(settings)
            if time.monotonic() + pause > settings["deadline"]:
                return False
            if settings["repeatable"] is None or _surely_not_done(response, error):
                return True
            return bool(settings["repeatable"]())

    def _surely_not_done(response: Any, error: Exception | None) -> bool:
        """response: a request's, or where there is an error the request itself."""
        if error is not None:
            return isinstance(error, ServiceRequestError)
        return bool(response.http_response.status_code == TOO_MANY_REQUESTS)
