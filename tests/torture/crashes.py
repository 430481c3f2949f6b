# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program is killed at every step, before and after the server has acted, and run again.

It then converges; no secret is orphaned, no key is lost, and no value is written twice.
"""

from __future__ import annotations

import random

from sandbox.service import Fault
from torture.cases import Case, changing
from torture.judge import Aim, compare, converges, explore
from torture.tally import Tally
from torture.world import World

MOMENTS = ("kill before", "kill after")


def torture(world: World, points: int | None, seed: int, only: str = "") -> Tally:
    """points: how many to pick at random; None for all of them. only: a part of their names."""
    tally = Tally("Crashes", "kills")
    cases = [case for case in changing() if only in case.name]
    if points is not None:
        # To learn a case's steps takes time, too.
        cases = random.Random(seed).sample(cases, min(points // 4, len(cases)))
    everything = []
    for case in cases:
        aim = explore(world, case, apart=True)
        steps = range(len(aim.requests))
        everything += [(case, aim, step, moment) for step in steps for moment in MOMENTS]
    picked = everything
    if points is not None:
        picked = random.Random(seed).sample(everything, min(points, len(everything)))
    for case, aim, step, moment in picked:
        _kill(world, case, aim, step, moment, tally)
    return tally


def _kill(world: World, case: Case, aim: Aim, step: int, moment: str, tally: Tally) -> None:
    what = f"{case.name}, {moment} request {step}"

    def order(pid: int) -> None:
        world.sandbox.order(Fault("*", wire=moment, skip=step, pid=pid))

    world.start(case, apart=True)
    fork = world.fork(case.module, case.args, ready=order)
    fork.start()
    if fork.wait() is not None:
        tally.problems.append(f"{what}: it was not killed")
        return
    tally.tried[case.vault] += 1
    state = compare(world.contents(), aim)
    tally.outcomes[state] += 1
    problems = [f"leaves {world.contents()}"] if state == "mixed up" else []
    problems += converges(world, case, aim, lambda: world.fork(case.module, case.args).finish())
    if world.versions() != aim.versions:
        problems.append(f"{world.versions()} values were written instead of {aim.versions}")
    tally.note(what, problems)
