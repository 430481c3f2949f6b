# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a command takes, and what it uses."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# The kernel walks through all memory for a look; it must not become a part of what is measured.
_LEAST_PAUSE_SECONDS = 0.25
_PAUSE_PER_LOOK = 20
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Of the command and all its children: seconds, seconds of CPU, and megabytes at the peak.

    Memory that processes share is counted once (Pss); a fork shares most of its parent's.
    """

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Usage:
    """Raises RuntimeError if it fails."""
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        )
        watch = MemoryWatch(process.pid)
        watch.start()
        _pid, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.stop()
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed, see {log}")
    return Usage(wall, used.ru_utime + used.ru_stime, watch.peak)


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a running process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class MemoryWatch(threading.Thread):
    """Looks at the memory of a process and its descendants now and then."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        pause = _LEAST_PAUSE_SECONDS
        while not self._over.wait(pause):
            started = time.monotonic()
            self.look()
            spent = time.monotonic() - started
            pause = max(_LEAST_PAUSE_SECONDS, _PAUSE_PER_LOOK * spent)

    def look(self) -> None:
        self.peak = max(self.peak, sum(map(_megabytes, _family(self._pid))))

    def stop(self) -> None:
        self._over.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # it has ended meanwhile
        return
    for thread in threads:
        try:
            children = (thread / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
