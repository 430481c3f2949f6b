# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that ends with the run that asked for it.

Ansible's workers are sessions of their own. If ansible-playbook is killed, or its terminal is
closed, nobody ends them, and a rollout would go on for hours while nobody is told. On Ctrl-C and
SIGTERM it passes the signal on, and a worker ends at once, without a word of what it has done.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from ..module_utils._core.deadline import Deadline

CANCELLED = "the run was cancelled"
_LOOK_SECONDS = 0.25
# To stop, and to tell of it.
_GRACE_SECONDS = 8.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _controllers_stderr() -> int | None:
    """A worker has none: Ansible shows what it says, as long as Ansible is there."""
    try:
        return os.dup(2)
    except OSError:  # closed
        return None


# This is loaded by Ansible's parent, before it forks.
_STDERR = _controllers_stderr()


def tell(text: str) -> None:
    """Say it where ansible-playbook's errors go, though that may be gone."""
    if _STDERR is not None:
        with suppress(OSError):
            os.write(_STDERR, text.encode(errors="replace"))


@contextmanager
def ends_with_ansible(limit: Deadline | None = None) -> Iterator[None]:
    """Inside, this process and those that it started end with the one that forked it.

    Also on SIGINT and SIGTERM. limit: is ended first, and what is inside has some seconds to tell
    what it has done.
    """
    parent = multiprocessing.parent_process()
    if parent is None or parent.pid is None:  # no worker of Ansible's
        yield
        return
    if os.getpgrp() != os.getpid():
        os.setsid()  # as Ansible does itself since ansible-core 2.19
    watch = _Watch(parent.pid, limit)
    handlers = {number: signal.signal(number, watch.cancel) for number in _SIGNALS}
    threading.Thread(target=watch.run, daemon=True).start()
    try:
        yield
    finally:
        watch.done.set()
        for number, handler in handlers.items():
            signal.signal(number, handler)


def cancelled(limit: Deadline) -> bool:
    """Whether the run was, though nobody may have looked since."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid != os.getppid():
        limit.end(CANCELLED)
    return bool(limit.ended_because())


class _Watch:
    def __init__(self, parent: int, limit: Deadline | None) -> None:
        self.done = threading.Event()
        self._parent = parent
        self._limit = limit
        self._cancelled = False

    def cancel(self, _signal: int, _frame: object) -> None:
        """Takes no lock: what it interrupts may hold it."""
        if self._limit is None:
            end()
        self._limit.end(CANCELLED)
        self._cancelled = True

    def run(self) -> None:
        while os.getppid() == self._parent and not self._cancelled:
            if self.done.wait(_LOOK_SECONDS):
                return
        if self._limit:
            self._limit.end(CANCELLED)
            if self.done.wait(_GRACE_SECONDS):
                return
        end()


def end() -> NoReturn:
    """End this process, whose other threads must not write anything any more, and its modules."""
    os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)
