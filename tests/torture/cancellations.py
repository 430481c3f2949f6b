# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of ansible-playbook are cancelled in every way there is, at a random moment, and run again.

No write starts later than two seconds after, no process stays, the terminal is as before, and where
something is left to tell it, what is told of each target is true.
"""

from __future__ import annotations

import json
import os
import pty
import random
import signal
import subprocess
import sys
import termios
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.service import Fault
from torture.tally import Tally
from torture.world import World

_CHECKOUT = Path(__file__).resolve().parents[2]
_INVENTORY = _CHECKOUT / "tests" / "leak" / "inventory.yml"
_PROGRAMS = Path(sys.executable).parent
# The new key of each target.
_OTHER_KEYS = (
    "--extra-vars",
    "authorize_api_key={{ lookup('ansible.builtin.file',"
    " sandbox['keys'][inventory_hostname ~ '-production']) }}",
)
_WRITES_END, _PROCESSES_END = 2.0, 10.0  # seconds after the signal
_LATENCY = 0.4  # seconds, so that a run takes long enough
_MARK = "TORTURE_RUN"
_TOLD = "The run was cancelled."
_CORE = "TORTURE_CORE"  # another version of ansible-core


@dataclass(frozen=True)
class Way:
    """before: what is run first, as playbooks with options. in_process: of the run itself."""

    playbook: str
    options: Sequence[str] = ()
    before: Sequence[tuple[str, Sequence[str]]] = ()
    in_process: bool = True

    @property
    def tells(self) -> bool:
        """Whether its targets are those of one task, which runs in Ansible's worker."""
        return self.in_process and self.playbook != "authorize"


_STORED = ("rollout", ())
_ROTATED = ("rollout", _OTHER_KEYS)
_OLD_KEY = (
    "--extra-vars",
    "authorize_old_api_key={{ lookup('ansible.builtin.file',"
    " sandbox['keys'][inventory_hostname ~ '-test']) }}",
)
_HOSTS = "shop-analytics,billing-insights,finance-warehouse,marketing-reports"
WAYS = {
    "authorize": Way("authorize"),
    "authorize as modules": Way("authorize", in_process=False),
    "rollout": Way("rollout"),
    "rollout as a module": Way("rollout", in_process=False),
    "rotate": Way("rotate", _OTHER_KEYS, (_STORED,)),
    "rollback": Way("rollback", _OLD_KEY, (_STORED, _ROTATED)),
    "revoke": Way("revoke", ("--extra-vars", "revoke_targets=4"), (_STORED,)),
    "adopt": Way("adopt", ("--extra-vars", f"adopt_hosts={_HOSTS}"), (_STORED,)),
    "prove": Way("prove", (), (_STORED,)),
    "audit": Way("audit", (), (_STORED,)),
    "preflight": Way("preflight"),
    "discover": Way("discover", (), (_STORED,)),
}
# What is sent, and whether to the process group instead of ansible-playbook alone.
SIGNALS = {
    "SIGINT": (signal.SIGINT, False),
    "SIGTERM": (signal.SIGTERM, False),
    "SIGHUP": (signal.SIGHUP, False),
    "SIGKILL": (signal.SIGKILL, False),
    "SIGKILL of the group": (signal.SIGKILL, True),
}


def torture(world: World, points: int | None, seed: int, only: str = "") -> Tally:
    """points: how many cancellations to pick; None for each signal in each way."""
    tally = Tally("Cancelled runs", "cancellations of ansible-playbook")
    chance = random.Random(seed)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has it ignored, by whatever it starts
    everything = [(way, name) for way in WAYS for name in SIGNALS if only in f"{way}, {name}"]
    if points is not None:
        everything = chance.sample(everything, min(points, len(everything)))
    aims: dict[str, _Aim] = {}
    for way, name in everything:
        if way not in aims:
            aims[way] = _undisturbed(world, WAYS[way])
        _cancel(world, way, name, aims[way], chance, tally)
    return tally


@dataclass(frozen=True)
class _Aim:
    """What an undisturbed run ends with, and how many requests it makes."""

    code: int
    after: dict[str, Any]
    requests: int


def _start(world: World, way: Way) -> None:
    world.sandbox.clear()
    world.sandbox.reset()
    for playbook, options in way.before:
        run = _Run(world, Way(playbook, options))
        if run.wait():
            raise RuntimeError(f"{playbook} fails undisturbed: {run.output()[-2000:]}")
    world.sandbox.clear()


def _undisturbed(world: World, way: Way) -> _Aim:
    _start(world, way)
    run = _Run(world, way)
    code = run.wait()
    return _Aim(code, world.contents(), len(world.requests()))


def _cancel(
    world: World, way: str, name: str, aim: _Aim, chance: random.Random, tally: Tally
) -> None:
    """Of a run that is over too soon, the signal comes earlier the next time."""
    number, group = SIGNALS[name]
    step = chance.randrange(aim.requests)
    while True:
        _start(world, WAYS[way])
        world.sandbox.order(Fault("*", status=0, delay_seconds=_LATENCY, times=10**9))
        run = _Run(world, WAYS[way])
        began = run.asks(world, step)
        time.sleep(chance.random() * _LATENCY)
        if began and run.signal(number, group=group):
            break
        step //= 2
    tally.tried[way] += 1
    what = f"{way}, {name} after request {step + 1} of {aim.requests}"
    problems = [*_ends(world, run), *_told(run, WAYS[way], tally)]
    problems += _goes_on(world, WAYS[way], run, aim)
    tally.note(what, problems)


def _ends(world: World, run: _Run) -> Iterator[str]:
    """What is wrong with how it ends."""
    time.sleep(max(0.0, run.signalled + _WRITES_END - time.monotonic()))
    written = world.writes()
    while (left := run.processes()) and time.monotonic() < run.signalled + _PROCESSES_END:
        time.sleep(0.1)
    for pid, title in left.items():
        yield f"leaves a process: {title}"
        os.kill(pid, signal.SIGKILL)
    run.wait()
    if world.writes() != written:
        yield f"{world.writes() - written} writes later than {_WRITES_END:g} seconds after"
    if run.terminal_after != run.terminal_before:
        yield "leaves the terminal otherwise than it was"
    if "Traceback" in run.output() or "report this as a bug" in run.output():
        yield f"says {run.output()[-1500:]!r}"


def _told(run: _Run, way: Way, tally: Tally) -> Iterator[str]:
    """What is wrong with what it tells where something is left to tell it."""
    told = _TOLD in run.output()
    tally.outcomes["told what was done" if told else "could tell nothing"] += 1
    if way.tells and not told and "TASK [Show the outcome" not in run.output():
        yield f"tells nothing: {run.output()[-1500:]!r}"
    if told and way.playbook not in ("audit", "discover") and len(run.results()) != 4:
        yield "writes no report"


def _goes_on(world: World, way: Way, cancelled: _Run, aim: _Aim) -> Iterator[str]:
    """What is wrong with the next run, and with what the cancelled one said of its targets."""
    world.sandbox.clear()
    run = _Run(world, way)
    code = run.wait()
    if code != aim.code:
        yield f"the next run ends with {code} instead of {aim.code}: {run.output()[-1500:]!r}"
    if world.contents() != aim.after:
        yield f"the next run does not converge: {world.contents()}"
    results = run.results()
    for name, result in cancelled.results().items():
        finished = not result.get("failed") and not result.get("skipped")
        again = results.get(name, {})
        if finished and again.get("changed") and way.playbook != "preflight":
            yield f"{name} was told to be done, and is not: {again}"


def _command(
    playbook: str, options: Sequence[str], programs: Path = _PROGRAMS
) -> Sequence[str | Path]:
    """programs: where those of the ansible-core to use are."""
    # Its first line may name an interpreter by a path that is too long.
    ansible = [programs / "python", programs / "ansible-playbook"]
    given = ("--inventory", _INVENTORY, "--extra-vars", "authorize_hosts=fleet")
    return [*ansible, f"maia.stripe_query.{playbook}", *given, *options]


def _environment(world: World) -> dict[str, str]:
    # The inventory has wrong credentials too, which ansible-core 2.18 reads though none are used.
    canaries = world.directory().with_suffix(".canaries")
    canaries.write_text('{"wrong": "none"}', "utf-8")
    return {
        **os.environ,
        "ANSIBLE_HOME": str(world.directory()),
        "ANSIBLE_NOCOLOR": "true",
        "LEAK_CANARIES": str(canaries),
        "LEAK_STATE": os.environ["SANDBOX_STATE"],
    }


class _Run:
    """One ansible-playbook with a terminal of its own."""

    def __init__(self, world: World, way: Way) -> None:
        self._report = world.directory().with_suffix(".json")
        self._mark = uuid.uuid4().hex
        self._terminal, ours = pty.openpty()
        self.terminal_before = termios.tcgetattr(ours)
        self.terminal_after: list[Any] = []
        self._ours: int | None = ours
        self._said: list[bytes] = []
        core = {"programs": Path(os.environ[_CORE])} if _CORE in os.environ else {}
        self._process = subprocess.Popen(
            _command(
                way.playbook,
                (
                    *("--extra-vars", json.dumps({"authorize_threads": 2})),
                    *("--extra-vars", f"authorize_report_json={self._report}", *way.options),
                ),
                **core,
            ),
            env={
                **_environment(world),
                _MARK: self._mark,
                "MAIA_STRIPE_QUERY_IN_PROCESS": str(way.in_process),
            },
            stdin=ours,
            stdout=ours,
            stderr=ours,
            start_new_session=True,
        )
        self.signalled = 0.0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with suppress(OSError):
            while chunk := os.read(self._terminal, 65536):
                self._said.append(chunk)
        os.close(self._terminal)

    def asks(self, world: World, step: int) -> bool:
        """Wait until it has made so many requests and one; False if it has ended before."""
        while len(world.requests()) <= step:
            if self._process.poll() is not None:
                return False
            time.sleep(0.02)
        return True

    def signal(self, number: int, *, group: bool) -> bool:
        """False if it has ended."""
        if self._process.poll() is not None:
            return False
        self.signalled = time.monotonic()
        os.kill(-self._process.pid if group else self._process.pid, number)
        return True

    def wait(self) -> int:
        """Its return code."""
        code = self._process.wait(300)
        if self._ours is not None:
            self.terminal_after = termios.tcgetattr(self._ours)
            os.close(self._ours)
            self._ours = None
        self._reader.join(10)
        return code

    def output(self) -> str:
        return b"".join(self._said).decode(errors="replace")

    def processes(self) -> Mapping[int, str]:
        """Those that still run, of all that it has started, whatever their group or parent."""
        found = {}
        mark = f"{_MARK}={self._mark}".encode()
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                zombie = b") Z " in (path / "stat").read_bytes()
                if not zombie and mark in (path / "environ").read_bytes():
                    title = (path / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(path.name)] = title.decode(errors="replace")
        return found

    def results(self) -> dict[str, dict[str, Any]]:
        """What the report has of each target; none if there is no report."""
        if not self._report.exists():
            return {}
        held = json.loads(self._report.read_text("utf-8"))
        return {str(each["target"]): each for each in held["results"]}
