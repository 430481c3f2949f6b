# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two controllers change the same target at the same moment.

In the end it is as one of them wants it, whole; whoever fails is told so in one sentence; and
when both run again, one after the other, it is as the last one wants it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from torture.cases import KEY, OTHER, Case, changing
from torture.judge import Aim, converges, explore
from torture.tally import Tally
from torture.world import Result, World, one_sentence

_STEPS = ("create", "rotate")
_OVERTAKEN = "another writer stored a different value"


def torture(world: World, rounds: int, seed: int, only: str = "") -> Tally:
    tally = Tally("Two at once", "rounds")
    chance = random.Random(seed)
    cases = [c for c in changing() if c.name.endswith(_STEPS) and only in c.name]
    aims: dict[str, tuple[Aim, Aim]] = {}
    for number in range(rounds):
        case = cases[number % len(cases)]
        rival = _rival(case) if number // len(cases) % 2 == 0 else case
        name = f"{case.name} {rival is case}"
        if name not in aims:
            aims[name] = (
                explore(world, case, apart=True),
                explore(world, rival, apart=True),
            )
        _round(world, (case, rival), aims[name], chance, tally)
    return tally


def _rival(case: Case) -> Case:
    """The same target with another key, another description and other tags."""
    key = OTHER if case.args.get("api_key") == KEY else KEY
    other = {"api_key": key} if "api_key" in case.args else {"secret_name": "stripe/rival"}
    texts = {name: "Rival" for name in ("description", "comment") if name in case.args}
    tags = {"tags": dict.fromkeys(case.args["tags"], "rival")} if "tags" in case.args else {}
    return replace(case, args={**case.args, **other, **texts, **tags})


def _round(
    world: World,
    cases: tuple[Case, Case],
    aims: tuple[Aim, Aim],
    chance: random.Random,
    tally: Tally,
) -> None:
    same = cases[0] is cases[1]
    what = f"{cases[0].name}, {'same' if same else 'different'} wishes"
    world.start(cases[0], apart=True)
    # Who meets a rival waits for a random time, to let it come to an end.
    forks = [world.fork(case.module, case.args, hasty=False) for case in cases]
    chance.shuffle(forks)
    for fork in forks:
        fork.start()
    results = [fork.wait() or {} for fork in forks]
    failed = [result for result in results if result.get("failed")]
    held = world.contents()
    problems = [f"says {each.get('msg')!r}" for each in failed if not one_sentence(each)]
    if len(failed) == len(results):
        problems.append(f"both fail: {[each['msg'] for each in failed]}")
    if same and any(_OVERTAKEN in str(each.get("msg")) for each in failed):
        problems.append("is told of another value, and there was none")
    if held not in (aims[0].after, aims[1].after):
        problems.append(f"the end is neither wish: {held}")
    tally.tried[cases[0].vault] += 1
    tally.outcomes["one was told" if failed else "both succeeded"] += 1
    for case, aim in zip(cases, aims, strict=True):
        problems += converges(world, case, aim, _again(world, case))
    tally.note(what, problems)


def _again(world: World, case: Case) -> Callable[[], Result]:
    return lambda: world.fork(case.module, case.args).finish()
