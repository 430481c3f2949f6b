# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several processes at once, as Ansible's forks are."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any


def in_forks(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What `work` returns in as many processes, all of which start at the same moment."""
    context = multiprocessing.get_context("fork")
    results: Any = context.Queue()
    gate = context.Barrier(count)

    def child(number: int) -> None:
        gate.wait()
        results.put(work(number))

    processes = [context.Process(target=child, args=(number,)) for number in range(count)]
    for process in processes:
        process.start()
    for process in processes:  # an answer fits into a pipe's buffer: no one waits to be read
        process.join()
        assert process.exitcode == 0
    return [results.get() for _process in processes]
