# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the forks of one run share, in files that only this run can see and that go with it.

Ansible makes a private directory for each run, which all of its forks inherit. So nothing that
an earlier run left behind is ever read, even if it was killed.
https://docs.ansible.com/ansible/latest/reference_appendices/config.html#default-local-tmp
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

from ansible import constants

from ..module_utils._core.deadline import current
from ..module_utils._core.shared import WAITING, Fetch, LocalState, SharedState, next_turn

# Between looks whether another task is ready: a file's lock can only be waited for without end.
_PAUSES = (0.0002, 0.001, 0.005, 0.02)


def run_state() -> SharedState:
    """The one of this run."""
    directory: str = vars(constants)["DEFAULT_LOCAL_TMP"]  # set at run time, unknown to mypy
    return FileState(Path(directory) / "maia_stripe_query")


class FileState:
    """A SharedState for the processes of one machine: a file for each name, locked while in use.

    Of what only has to be exclusive, all names have one file, since it is slow to make many.
    Times are those of the system's monotonic clock, which all processes read alike.
    """

    def __init__(self, directory: Path) -> None:
        """directory: made if it is not there."""
        self._directory = directory

    def recall(self, name: str, fetch: Fetch) -> Any:
        with self._locked("value", name) as file:
            held = _read(file)
            if held is None or held["end"] <= time.monotonic():
                _write(file, None)  # fetch may fail, and then what is old must not stay
                value, seconds = fetch()
                held = {"value": value, "end": time.monotonic() + seconds}
                _write(file, held)
        return held["value"]

    def forget(self, name: str, stale: Any = None) -> None:
        if not self._path("value", name).exists():
            return
        with self._locked("value", name) as file:
            held = _read(file)
            if held is not None and stale in (None, held["value"]):
                _write(file, None)

    def amend(self, name: str, change: Callable[[Any], Any]) -> None:
        if not self._path("value", name).exists():
            return  # who reads it from now on sees what was written before
        with self._locked("value", name) as file:
            if (held := _read(file)) is not None:
                _write(file, {**held, "value": change(held["value"])})

    def reserve(self, name: str, interval: float, burst: int) -> float:
        with self._locked("turn", name) as file:
            # Inside the lock, so that requests keep their order.
            now = time.monotonic()
            turn = next_turn(_read(file), now, interval, burst)
            _write(file, turn)
        return max(0.0, turn - now)

    def first(self, name: str) -> bool:
        with self._locked("seen", name) as file:
            unseen = _read(file) is None
            _write(file, True)
        return unseen

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        with ExitStack() as turn:
            # Without files to lock, do not wait; concurrent writes are seen in the vault.
            with suppress(OSError):
                turn.enter_context(_turns(self._path("exclusive", "")).exclusive(name))
            yield

    @contextmanager
    def _locked(self, kind: str, name: str) -> Iterator[IO[str]]:
        with _open(self._path(kind, name)) as file:
            # Until the file is closed, or its process dies.
            _lock(lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB))
            yield file

    def _path(self, kind: str, name: str) -> Path:
        return self._directory / _digest(f"{kind} {name}").hex()


class _Turns:
    """The turns that this process takes. Each name is locked by a byte of a file, at its digest.

    Such a lock is the process's, until it dies or closes the file, which stays open for that; its
    threads have locks of their own.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._threads = LocalState()
        self._file = _open(path)

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        place = int.from_bytes(_digest(name)[:7], "big")  # the largest offset has 63 bits
        with self._threads.exclusive(name):
            _lock(lambda: fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place))
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)


_MAKING = threading.Lock()
_made_turns = cache(lambda path, _process: _Turns(path))


def _turns(path: Path) -> _Turns:
    """Those of all threads of this process; a fork makes its own. Raises OSError."""
    with _MAKING:  # a second one would know nothing of the first, and give its locks back
        made: _Turns = _made_turns(path, os.getpid())
    return made


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def _open(path: Path) -> IO[str]:
    try:
        return open(path, "r+", encoding="utf-8", opener=_private)
    except FileNotFoundError:  # it is the first one
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open(path, "r+", encoding="utf-8", opener=_private)


def _lock(take: Callable[[], object]) -> None:
    """Raises OutOfTime if another task does not give it back in time."""
    for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
        try:
            take()
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            current().sleep(pause, WAITING)
        else:
            return


def _private(path: str, _flags: int) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _read(file: IO[str]) -> Any:
    """None if there is nothing, or only what a task wrote that was killed while it did."""
    file.seek(0)
    try:
        return json.load(file)
    except ValueError:
        return None


def _write(file: IO[str], data: Any) -> None:
    text = "" if data is None else json.dumps(data)
    # Over what was there, and in one go: to truncate a file takes as long as all else together.
    held = file.seek(0, os.SEEK_END)
    file.seek(0)
    file.write(text.ljust(held))
    file.flush()
