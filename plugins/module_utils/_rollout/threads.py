# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many targets at once, in a bounded number of threads."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .._flow.target import Done, Values
from .progress import Progress

NOT_STARTED = "Not started, since more targets failed than max_fail_percentage allows."


@dataclass(frozen=True)
class Limits:
    """threads: how many targets at a time.

    max_fail_percentage: no further target is begun when more of them than that have failed.
    """

    threads: int
    max_fail_percentage: float


def work_through(
    targets: Sequence[Values],
    work: Callable[[Values], Done],
    limits: Limits,
    progress: Progress,
) -> Iterator[Done]:
    """Do all of them, and give what came of each as soon as it is known. `work` raises nothing.

    Those that were not begun any more are skipped; they are neither failed nor changed.
    """
    finished: queue.SimpleQueue[Done] = queue.SimpleQueue()
    stopped = threading.Event()

    def job(target: Values) -> None:
        finished.put(_not_started(target) if stopped.is_set() else work(target))

    threads = ThreadPoolExecutor(min(limits.threads, len(targets)) or 1)
    try:
        for target in targets:
            threads.submit(job, target)
        while progress.done < len(targets):
            try:
                done = finished.get(timeout=progress.seconds_to_next())
            except queue.Empty:
                pass
            else:
                progress.count(changed=done.changed, failed=done.failed)
                if progress.failed * 100 > limits.max_fail_percentage * len(targets):
                    stopped.set()
                yield done
            progress.tell()
    finally:
        stopped.set()
        threads.shutdown(cancel_futures=True)


def _not_started(target: Values) -> Done:
    result = {"changed": False, "skipped": True, "msg": NOT_STARTED}
    return Done(target["name"], result)
