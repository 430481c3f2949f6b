# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the forks of one run share, in files that only this run can see and that go with it.

Ansible makes a private directory for each run, which all of its forks inherit. So nothing that
an earlier run left behind is ever read, even if it was killed.
https://docs.ansible.com/ansible/latest/reference_appendices/config.html#default-local-tmp
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from ansible import constants

from ..module_utils._core.deadline import current
from ..module_utils._core.shared import WAITING, Fetch, SharedState, next_turn

# Between looks whether another task is ready: a file's lock can only be waited for without end.
_PAUSES = (0.0002, 0.001, 0.005, 0.02)


def run_state() -> SharedState:
    """The one of this run."""
    directory: str = vars(constants)["DEFAULT_LOCAL_TMP"]  # set at run time, unknown to mypy
    return FileState(Path(directory) / "maia_stripe_query")


class FileState:
    """A SharedState for the processes of one machine: a file for each name, locked while in use.

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
        with self._locked("value", name) as file:
            held = _read(file)
            if held is not None and stale in (None, held["value"]):
                _write(file, None)

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
                turn.enter_context(self._locked("exclusive", name))
            yield

    @contextmanager
    def _locked(self, kind: str, name: str) -> Iterator[IO[str]]:
        path = self._directory / hashlib.sha256(f"{kind} {name}".encode()).hexdigest()
        with self._open(path) as file:
            _lock(file)  # until the file is closed, or its process dies
            yield file

    def _open(self, path: Path) -> IO[str]:
        try:
            return open(path, "r+", encoding="utf-8", opener=_private)
        except FileNotFoundError:  # it is the first one
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return open(path, "r+", encoding="utf-8", opener=_private)


def _lock(file: IO[str]) -> None:
    """Raises OutOfTime if another task does not give it back in time."""
    for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
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
    file.seek(0)
    file.truncate()
    if data is not None:
        json.dump(data, file)
    file.flush()
