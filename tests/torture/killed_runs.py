# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real ansible-playbook, which rolls out to all vaults, is killed with all that it started.

It is killed at a random request, before or after the service has acted on it, and run again.
"""

from __future__ import annotations

import random
import signal
import subprocess
from collections.abc import Sequence

from sandbox.service import Fault
from torture.crashes import MOMENTS
from torture.judge import Aim, compare
from torture.playbooks import OTHER_KEYS, command, environment
from torture.tally import Tally
from torture.world import World

# What is done -> the options of the run before it, and its own.
ROLLOUTS: dict[str, tuple[Sequence[str] | None, Sequence[str]]] = {
    "roll out": (None, ()),
    "rotate": ((), OTHER_KEYS),
}


def torture(world: World, points: int, seed: int, only: str = "") -> Tally:
    """points: how many kills, shared out among ROLLOUTS."""
    tally = Tally("Killed runs", "kills of ansible-playbook")
    chance = random.Random(seed)
    chosen = [name for name in ROLLOUTS if only in name][:points]
    aims = {name: _explore(world, name) for name in chosen}
    for number in range(points if chosen else 0):
        name = chosen[number % len(chosen)]
        step = chance.randrange(len(aims[name].requests))
        _kill(world, name, aims[name], step, chance.choice(MOMENTS), tally)
    return tally


def _start(world: World, name: str) -> None:
    """What the rollout begins with."""
    world.sandbox.clear()
    world.sandbox.reset()
    before, _options = ROLLOUTS[name]
    if before is not None:
        _finish(world, before)
    world.sandbox.clear()


def _explore(world: World, name: str) -> Aim:
    _start(world, name)
    before, given = world.contents(), world.versions()
    _finish(world, ROLLOUTS[name][1])
    versions = world.versions()
    most = max(given, versions)
    return Aim(before, world.contents(), versions, most, world.requests(), {})


def _kill(world: World, name: str, aim: Aim, step: int, moment: str, tally: Tally) -> None:
    what = f"{name}, {moment} request {step}"
    options = ROLLOUTS[name][1]
    _start(world, name)
    run = _launch(world, options)
    # A negative number is the process group: Ansible and all of its workers.
    world.sandbox.order(Fault("*", wire=moment, skip=step, pid=-run.pid))
    output, _nothing = run.communicate()
    if run.returncode != -signal.SIGKILL:
        tally.problems.append(f"{what}: it was not killed: {output[-500:]}")
        return
    tally.tried[name] += 1
    state = compare(world.contents(), aim)
    tally.outcomes[state] += 1
    problems = [f"leaves {world.contents()}"] if state == "mixed up" else []
    world.sandbox.clear()
    _finish(world, options)
    if world.contents() != aim.after:
        problems.append(f"a second run does not converge: {world.contents()}")
    if world.versions() != aim.versions:
        problems.append(f"{world.versions()} values were written instead of {aim.versions}")
    world.sandbox.clear()
    recap = _finish(world, options)
    if world.writes() or recap.count("changed=0") != recap.count("changed="):
        problems.append(f"a third run changes something: {recap}")
    tally.note(what, problems)


def _finish(world: World, options: Sequence[str]) -> str:
    """Run it undisturbed. Returns the recap; raises RuntimeError if it fails."""
    run = _launch(world, options)
    output, _nothing = run.communicate()
    if run.returncode:
        raise RuntimeError(f"ansible-playbook fails undisturbed: {output[-2000:]}")
    return output.rpartition("PLAY RECAP")[2]


def _launch(world: World, options: Sequence[str]) -> subprocess.Popen[str]:
    """The leader of a process group of its own."""
    return subprocess.Popen(
        command("authorize", options),
        env=environment(world),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
