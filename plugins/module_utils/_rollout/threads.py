# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many targets at once, in a bounded number of threads."""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from .._core.deadline import Deadline, current, held
from .._flow.target import Done, place_of
from .._flow.vaults import Values
from .progress import Progress

NOT_STARTED = "Not started, since more targets failed than max_fail_percentage allows."
_INTERRUPTED = (
    "Left while a request was under way, since {why}; run again, which finds what was done."
)
# How often it is looked whether the run was cancelled, and what requests under way then may take.
_LOOK_SECONDS, _PATIENCE_SECONDS = 0.2, 1.0
Work = Callable[[Values], Done]
"""Does one target. Raises nothing."""


@dataclass(frozen=True)
class Limits:
    """threads: how many targets at a time. waves: the size of each.

    max_fail_percentage: no further target is begun when more of them than that have failed. Where
    there are waves, all targets of a wave are done, and the percentage is of the wave.
    """

    threads: int
    max_fail_percentage: float
    waves: Sequence[int] = ()

    def exceeded(self, failed: int, targets: int) -> bool:
        return failed * 100 > self.max_fail_percentage * targets


@dataclass(frozen=True)
class Rollout:
    """say: tells how far it has got. waiting: how many targets wait for the request limit.

    changed: what is said of those that changed; in check mode they would. Empty if the work only
    looks.
    """

    limits: Limits
    say: Callable[[str], None]
    waiting: Callable[[], int]
    changed: str = "changed"

    def run(self, targets: Sequence[dict[str, Any]], work: Work) -> dict[str, Done]:
        """What came of each target, by its name; wave by wave, if there are to be any."""
        if not self.limits.waves:
            return self._through(targets, work, self.limits)
        done: dict[str, Done] = {}
        whole = Limits(self.limits.threads, 100.0)
        for number, size in enumerate(self.limits.waves, start=1):
            wave = targets[len(done) : len(done) + size]
            came = self._through(wave, work, whole)
            done |= came
            counts = counts_of(came.values())
            self._tell(number, counts)
            if self.limits.exceeded(counts["failed"], size):
                break
        return done | {each["name"]: not_started(each) for each in targets[len(done) :]}

    def look(self, targets: Sequence[dict[str, Any]], work: Work) -> dict[str, Done]:
        """As run(), for work that changes nothing: none is left out."""
        looking = replace(self, changed="")
        return looking._through(targets, work, Limits(self.limits.threads, 100.0))

    def _through(
        self, targets: Sequence[dict[str, Any]], work: Work, limits: Limits
    ) -> dict[str, Done]:
        progress = Progress(len(targets), self.say, self.waiting, self.changed)
        return {done.name: done for done in work_through(spread(targets), work, limits, progress)}

    def _tell(self, number: int, counts: Mapping[str, int]) -> None:
        """Show each wave, so that a killed run has shown what was done."""
        words = {"changed": self.changed or "changed", "unchanged": "unchanged", "failed": "failed"}
        parts = [f"{counts[name]} {word}" for name, word in words.items()]
        self.say(f"wave {number} of {len(self.limits.waves)}: {', '.join(parts)}")


def work_through(
    targets: Sequence[Values],
    work: Work,
    limits: Limits,
    progress: Progress,
) -> Iterator[Done]:
    """Do all of them, and give what came of each as soon as it is known.

    Those that were not begun any more are skipped; they are neither failed nor changed.
    """
    finished: queue.SimpleQueue[Done] = queue.SimpleQueue()
    stopped = threading.Event()
    whole = current()

    def job(target: Values) -> None:
        with held(whole):
            if stopped.is_set() or whole.ended_because():
                finished.put(not_started(target))
            else:
                finished.put(work(target) if whole.left() else _too_late(target, whole))

    threads = ThreadPoolExecutor(min(limits.threads, len(targets)) or 1)
    left = {target["name"]: target for target in targets}
    patience = _PATIENCE_SECONDS
    try:
        for target in targets:
            threads.submit(job, target)
        while progress.done < len(targets) and patience > 0:
            try:
                done = finished.get(timeout=min(progress.seconds_to_next(), _LOOK_SECONDS))
            except queue.Empty:
                patience -= _LOOK_SECONDS if whole.ended_because() else 0
            else:
                left.pop(done.name, None)
                progress.count(changed=done.changed, failed=done.failed)
                if limits.exceeded(progress.failed, len(targets)):
                    stopped.set()
                yield done
            progress.tell()
        for target in left.values():
            yield failed(target, msg=_INTERRUPTED.format(why=whole.ended_because()))
    except BaseException:
        # The task's timeout, say: no further request, and no waiting for those under way.
        whole.end()
        threads.shutdown(wait=False, cancel_futures=True)
        raise
    threads.shutdown(wait=not left)


def _too_late(target: Values, whole: Deadline) -> Done:
    failure = whole.error("this target").about(f"Target {target['name']}", "").to_result()
    return failed(target, **failure)


def failed(target: Values, **failure: object) -> Done:
    return Done(target["name"], {**place_of(target), "changed": False, "failed": True, **failure})


def not_started(target: Values, why: str = NOT_STARTED) -> Done:
    if cancelled := current().ended_because():
        why = f"Not started, since {cancelled}."
    return Done(target["name"], {**place_of(target), "changed": False, "skipped": True, "msg": why})


def spread(targets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The targets of one project far apart: next to each other they wait for the same list."""
    seen: Counter[str] = Counter()
    turns = []
    for target in targets:
        project = str(target.get("authorize_project"))
        turns.append(seen[project])
        seen[project] += 1
    order = sorted(range(len(targets)), key=turns.__getitem__)
    return [targets[place] for place in order]


def counts_of(done: Iterable[Done]) -> dict[str, int]:
    """How many targets there are of each outcome."""
    counts = dict.fromkeys(("changed", "unchanged", "failed", "not_started"), 0)
    for each in done:
        counts[each.outcome] += 1
    return counts
