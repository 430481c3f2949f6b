# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a case that was disturbed came out as it must, and what was counted on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torture.cases import Case
from torture.tally import Tally
from torture.world import Result, World, one_sentence


@dataclass(frozen=True)
class Aim:
    """What the vaults hold before and after a case that nothing disturbs.

    versions: how many values they were given in the end. most: before or after, what is more.
    deleted: what they can restore, which comes back as it was before anything else is done.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    versions: int
    most: int
    requests: list[tuple[str, str]]
    deleted: dict[str, Any]


def explore(world: World, case: Case, *, apart: bool = False) -> Aim:
    """Run a case undisturbed; apart: in a process of its own."""
    world.start(case, apart=apart)
    before, given = world.contents(), world.versions()
    fork = world.fork(case.module, case.args) if apart else None
    result = fork.finish() if fork else world.run(case.module, case.args)
    if result.get("failed"):
        raise RuntimeError(f"{case.name} fails undisturbed: {result['msg']}")
    versions = world.versions()
    return Aim(
        before,
        world.contents(),
        versions,
        max(given, versions),
        world.requests(),
        world.deleted,
    )


def judge(
    world: World,
    case: Case,
    what: str,
    result: Result,
    aim: Aim,
    tally: Tally,
    *,
    hostile: bool = False,
) -> None:
    """Look at a result and at what the vaults hold, and run the case again.

    hostile: the server lied. Who is told that there is nothing cannot know better.
    """
    failed, held = bool(result.get("failed")), world.contents()
    state = compare(held, aim)
    problems = []
    if failed and not one_sentence(result):
        problems.append(f"says {result.get('msg')!r}")
    if world.leaks(result):
        problems.append("shows a secret")
    honest = failed or state in ("changed", "nothing to change")
    if hostile and not honest:
        tally.outcomes["misled by a lie"] += 1
        return
    tally.outcomes[f"{'failed' if failed else 'succeeded'}, {state}"] += 1
    if not honest:
        problems.append(f"says that it succeeded, and the target is {state}")
    if failed and state in ("changed", "changed in part") and not result.get("changed"):
        problems.append("says that it changed nothing")
    if state == "mixed up":
        problems.append(f"leaves what was neither there nor wanted: {held}")
    if world.versions() > aim.most:
        problems.append(f"writes {world.versions()} values instead of {aim.most}")
    problems += converges(world, case, aim, lambda: world.run(case.module, case.args))
    tally.note(what, problems)


def converges(world: World, case: Case, aim: Aim, run: Callable[[], Result]) -> list[str]:
    """What is wrong with a plain second run, and with a third one that must find nothing to do."""
    world.sandbox.clear()
    again = run()
    if again.get("failed"):
        return [f"a second run fails: {again['msg']}"]
    problems = []
    if world.contents() != aim.after:
        problems.append(f"a second run does not converge: {world.contents()}")
    world.sandbox.clear()
    third = run()
    if third.get("failed") or third.get("changed") or world.writes():
        problems.append(f"a third run of {case.module} changes something: {third.get('changes')}")
    return problems


def compare(held: Mapping[str, Any], aim: Aim) -> str:
    """Which of the two states it is, or what there is of each."""
    if aim.before == aim.after == held:
        return "nothing to change"
    if held == aim.after:
        return "changed"
    if held == aim.before:
        return "unchanged"
    names = aim.before.keys() | aim.after.keys() | held.keys()
    whole = all(
        held.get(name) == aim.before.get(name)
        or _fields_from(held.get(name), (aim.deleted | aim.before).get(name), aim.after.get(name))
        for name in names
    )
    # Several requests make a change of several fields; each of them is whole.
    return "changed in part" if whole else "mixed up"


def _fields_from(held: Any, before: Any, after: Any) -> bool:
    if held in (before, after):
        return True
    sides = [side for side in (before, after) if side is not None]
    return isinstance(held, dict) and all(
        _comes_from(value, [side.get(name) for side in sides]) for name, value in held.items()
    )


def _comes_from(value: Any, sides: list[Any]) -> bool:
    """Grants and labels are given and taken one after another."""
    if value in sides:
        return True
    known = [item for side in sides if isinstance(side, list) for item in side]
    return isinstance(value, list) and all(item in known for item in value)
