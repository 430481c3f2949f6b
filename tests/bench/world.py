# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that were just started, what is to be authorized in them, and runs of a way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.fleet import make_fleet, projects_for
from bench.measure import cpu_of, run
from bench.plan import Item
from bench.report import Result
from bench.ways import Job, Way, environment_of
from sandbox.client import SandboxClient
from sandbox.service import Served
from sandbox.state import State


@dataclass(frozen=True)
class World:
    """The processes of the vault's service and of Maia's, and a job for them.

    changed: the inventory with another key for each target.
    """

    item: Item
    job: Job
    changed: Path
    clients: dict[str, SandboxClient]
    pids: dict[str, int]

    def run(self, way: Way, phase: str) -> Result:
        """Raises RuntimeError if it fails."""
        for client in self.clients.values():
            client.clear()
        busy = self._cpu()
        log = self.job.directory / f"{way.name}-{phase}.log"
        job = replace(self.job, inventory=self.changed) if phase == "changed" else self.job
        usage = run(way.command(job), environment_of(way, job), log)
        served = self._served()
        return Result(
            way=way.name,
            vault=self.item.vault,
            targets=self.item.targets,
            phase=phase,
            latency_ms=self.item.latency_ms,
            at_once=way.at_once(self.job),
            wall=usage.wall,
            cpu=usage.cpu,
            memory=usage.memory,
            services_cpu=self._cpu() - busy,
            requests=sum(
                sum(client.requests(name).values()) for name, client in self.clients.items()
            ),
            asking=max(each.last for each in served) - min(each.first for each in served),
            under_way=sum(each.under_way for each in served),
        )

    def _cpu(self) -> float:
        return sum(map(cpu_of, self.pids.values()))

    def _served(self) -> list[Served]:
        found = [served for client in self.clients.values() if (served := client.served())]
        return found or [Served(0.0, 0.0, 0.0)]


@contextmanager
def world(item: Item, directory: Path) -> Iterator[World]:
    """directory: emptied."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True, mode=0o700)
    clients: dict[str, SandboxClient] = {}
    pids: dict[str, int] = {}
    with ExitStack() as cleanup:
        for name in (item.vault, "maia"):
            state_dir = directory / f"{name}-service"
            command = [
                *(sys.executable, "-m", "bench.services", "--service", name),
                *("--state-dir", str(state_dir), "--latency-ms", str(item.latency_ms)),
                *("--projects", str(projects_for(item.targets) if name == "maia" else 0)),
            ]
            process = cleanup.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            )
            # Ends it; the ExitStack then waits for it.
            cleanup.callback(os.kill, process.pid, signal.SIGTERM)
            if not process.stdout or not process.stdout.readline():
                raise RuntimeError(f"The service {name} did not start.")
            _pin(process.pid)
            clients[name] = SandboxClient(State.load(state_dir))
            pids[name] = process.pid
        states = {name: client.state for name, client in clients.items()}
        inventory, changed = (
            make_fleet(item.vault, item.targets, states).write(directory / f"{name}.json")
            for name in ("inventory", "changed")
        )
        job = Job(item.vault, inventory, directory, item.forks, item.threads)
        yield World(item, job, changed, clients, pids)


def _pin(pid: int) -> None:
    """Keep the services off the processors of those who are measured, where there are enough."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) >= 4:
        os.sched_setaffinity(pid, processors[-2:])
