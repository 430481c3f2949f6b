# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time limit of a whole operation.

Each operation has one deadline, for its thread (see operation.py). Everything that connects, waits,
reads or pages asks how much time is left. So a slow server cannot exceed the limit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Thread
from typing import TypeVar

from .errors import ApiError, CollectionError, TransientError
from .wording import listed

T = TypeVar("T")

_SUBJECT = "Time limit"
# A socket takes 0 for "do not wait", and nothing this long.
_SHORTEST, _LONGEST = 0.001, 1e9
# Of HTTP's statuses, the first that are no success, and those of a server's own failure.
_REFUSED, _FAILED = 300, 500


class OutOfTime(TransientError):
    """The operation's time is over, or does not suffice for what comes next."""

    def about(self, subject: str, attempt: str) -> OutOfTime:
        """The same error, with the action."""
        return OutOfTime(subject, self.reason, self.hint, attempt=attempt)


class Deadline:
    """When an operation has to end, and what it has done until now, for its error.

    exceeded: the last error that was made of it; an SDK may have made something else of that.
    """

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
        option: str = "max_seconds",
        earlier: Sequence[str] = (),
    ) -> None:
        """option: what has set it, for the error. earlier: what was changed before it began."""
        self.seconds = seconds
        self._earlier = earlier
        self._option = option
        self._outer: Deadline | None = None
        self._clock = clock
        self._sleep = sleep or time.sleep
        self._end = clock() + seconds
        self._why = ""
        self._answers = 0
        self._changes: list[str] = []
        self._changing = ""
        self._succeeded = False
        self._unconfirmed = 0
        self.exceeded: OutOfTime | None = None

    def left(self) -> float:
        """Seconds; 0 if the time is over."""
        own = max(0.0, self._end - self._clock())
        return min(own, self._outer.left()) if self._outer else own

    def end(self, why: str = "") -> None:
        """Let the time be over now, for all who work within it. why: if it was not the time."""
        self._why = why
        self._end = -math.inf

    def ended_because(self) -> str:
        """What end() was told; "" if it is the time alone."""
        return self._why or (self._outer.ended_because() if self._outer else "")

    def inside(self, outer: Deadline) -> Deadline:
        """The same, which ends no later than outer."""
        self._outer = outer
        return self

    def within(self, timeout: object) -> float | None:
        """A socket's timeout, shortened to what is left; None is no limit.

        Raises TimeoutError when the time is over.
        """
        left = self.left()
        if not left:
            raise TimeoutError("timed out")
        if isinstance(timeout, (int, float)):
            left = min(left, timeout)
        return max(left, _SHORTEST) if left < _LONGEST else None

    def check(self, waited_for: str, seconds: float = 0) -> None:
        """Raises OutOfTime if there is no more time than this. waited_for: what would come next."""
        if self.left() <= seconds:
            raise self.error(waited_for)

    def sleep(self, seconds: float, waited_for: str) -> None:
        """Raises OutOfTime, at once, if it would take longer than there is time."""
        self.check(waited_for, seconds)
        self._sleep(seconds)

    def changing(self, what: str) -> None:
        """Note that the next request is to change something; empty for one that reads."""
        self._changing, self._succeeded = what, False

    def sent(self) -> None:
        """Note that it is on its way: from now on it may be carried out."""
        self._unconfirmed += bool(self._changing)

    def answered(self, status: int = 200) -> None:
        """Note an answer. status: HTTP's, or what is like it.

        What failed on the server may have been done before; what was refused was not. What
        succeeds is as it is wanted, whatever came of earlier attempts.
        """
        self._answers += 1
        if not self._changing:
            return
        if status < _REFUSED:
            self._changes.append(self._changing)
            self._succeeded = True
            self.confirmed()
        elif status < _FAILED:
            self._unconfirmed = max(0, self._unconfirmed - 1)

    def confirmed(self) -> None:
        """Note that what was sent without an answer is known to be done, or not to be."""
        self._unconfirmed = 0

    def after(self, error: CollectionError) -> CollectionError:
        """The error that ends the operation, with what it may leave behind."""
        # A success whose answer cannot be read may be that of a proxy.
        unread = self._succeeded and isinstance(error, ApiError)
        if (self._unconfirmed or unread) and not error.unconfirmed:
            error = error.perhaps_done(
                "done", f"{error.hint}; a second run, or prove, tells whether it was done"
            )
        error.changed = error.unconfirmed or bool(self._changes)
        return error

    def error(self, waited_for: str) -> OutOfTime:
        ends_first = self._ends_first()
        earlier = self._changed_earlier()
        before = f"earlier {listed(earlier)} changed" if earlier else "no change was confirmed"
        done = f"done was {listed(self._changes)}"
        changes = f"{done}{f', and {before}' if earlier else ''}" if self._changes else before
        cause = ends_first._why or (
            f"{waited_for} does not fit into {ends_first.seconds:g} seconds ({ends_first._option})"
        )
        more_time = "" if ends_first._why else f", or give more time with {ends_first._option}"
        self.exceeded = OutOfTime(
            _SUBJECT,
            f"{cause}; until then {self._answers} requests were answered and {changes}",
            f"run again, which goes on from there{more_time}",
        )
        return self.exceeded

    def _changed_earlier(self) -> Sequence[str]:
        return self._earlier or (self._outer._changed_earlier() if self._outer else ())

    def _ends_first(self) -> Deadline:
        if self._outer and self._outer.left() <= max(0.0, self._end - self._clock()):
            return self._outer._ends_first()
        return self


_CURRENT: ContextVar[Deadline] = ContextVar("deadline")


def current() -> Deadline:
    """That of the operation that this thread works on; one without end if there is none."""
    return _CURRENT.get(None) or Deadline(math.inf)


@contextmanager
def limited(deadline: Deadline) -> Iterator[Deadline]:
    """Let it hold inside; one that ends earlier goes on to hold."""
    with held(deadline.inside(current())):
        yield deadline


@contextmanager
def held(deadline: Deadline) -> Iterator[None]:
    """Let it hold in another thread as well."""
    token = _CURRENT.set(deadline)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def overdue(subject: str, attempt: str) -> OutOfTime | None:
    """What to raise in place of an SDK's error, if that came of the time being over."""
    deadline = current()
    if not deadline.left():
        deadline.error("the answer")
    return deadline.exceeded.about(subject, attempt) if deadline.exceeded else None


def wait(seconds: float) -> None:
    """Sleep until a service may have finished what it is doing. Raises OutOfTime."""
    if seconds:
        current().sleep(seconds, f"waiting {seconds:.3g} seconds for the service to finish")


def in_time(make: Callable[[], T], discard: Callable[[T], object]) -> T:
    """Return make(). Raises TimeoutError if the deadline passes first.

    For calls without a timeout of their own, such as DNS or a native library: the call continues in
    a thread, and a late result is discarded.
    """
    left = current().left()
    if left == math.inf:
        return make()
    future: futures.Future[T] = futures.Future()
    Thread(target=_fulfil, args=(future, make), daemon=True).start()
    futures.wait([future], timeout=left)
    try:
        if future.done():
            return future.result()
        future.add_done_callback(lambda late: late.exception() or discard(late.result()))
        raise TimeoutError("timed out")
    finally:
        del future  # or else an error would refer to itself by its traceback


def _fulfil(future: futures.Future[T], make: Callable[[], T]) -> None:
    try:
        future.set_result(make())
    except BaseException as error:
        future.set_exception(error)
    finally:
        del future, make  # see in_time()
