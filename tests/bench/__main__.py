# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the services, runs every way against them in turn, and writes down what it took.

python -m bench [--quick] [options]; see README.md beside this file.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.fleet import make_fleet, projects_for
from bench.measure import cpu_of, run
from bench.report import Result, write_reports
from bench.ways import BUILD, PEERS, WAYS, Job, Way, environment_of
from sandbox.client import SandboxClient
from sandbox.state import State

DIRECTORY = BUILD / "bench"


@dataclass(frozen=True)
class Services:
    """The processes of the vault's service and of Maia's."""

    clients: dict[str, SandboxClient]
    pids: dict[str, int]

    def clear(self) -> None:
        for client in self.clients.values():
            client.clear()

    def requests(self) -> int:
        return sum(sum(client.requests(name).values()) for name, client in self.clients.items())

    def cpu(self) -> float:
        return sum(map(cpu_of, self.pids.values()))


def main() -> None:
    options = _options()
    work = DIRECTORY / "work"
    shutil.rmtree(work, ignore_errors=True)
    results: list[Result] = []
    for _round in range(options.repeat):
        for vault in options.vaults:
            for count in options.targets:
                for way in WAYS:
                    if _wanted(way, vault, count, options):
                        found = _measure(way, vault, count, options, work)
                        results += found
                        for result in found:
                            print(result.line(), flush=True)
    write_reports(results, options.report)


def _wanted(way: Way, vault: str, count: int, options: argparse.Namespace) -> bool:
    if way.name == "peers" and not PEERS.is_dir():
        return False
    return way.name in options.ways and vault in way.vaults and count <= way.most


def _measure(
    way: Way, vault: str, count: int, options: argparse.Namespace, work: Path
) -> list[Result]:
    """A first run, and one that changes nothing, with services that nobody has used."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, mode=0o700)
    results = []
    with _services(vault, count, options.latency_ms, work) as services:
        states = {name: client.state for name, client in services.clients.items()}
        inventory = make_fleet(vault, count, states).write(work)
        job = Job(vault, inventory, work, options.threads)
        for phase in ("first", "unchanged"):
            services.clear()
            busy = services.cpu()
            usage = run(way.command(job), environment_of(way, work), work / f"{phase}.log")
            results.append(
                Result(
                    way=way.name,
                    vault=vault,
                    targets=count,
                    phase=phase,
                    latency_ms=options.latency_ms,
                    wall=usage.wall,
                    cpu=usage.cpu,
                    memory=usage.memory,
                    services_cpu=services.cpu() - busy,
                    requests=services.requests(),
                )
            )
    return results


@contextmanager
def _services(vault: str, count: int, latency_ms: float, work: Path) -> Iterator[Services]:
    with ExitStack() as cleanup:
        clients, pids = {}, {}
        for name in (vault, "maia"):
            state_dir = work / f"{name}-service"
            command = [
                *(sys.executable, "-m", "bench.services", "--service", name),
                *("--state-dir", str(state_dir), "--latency-ms", str(latency_ms)),
                *("--projects", str(projects_for(count) if name == "maia" else 0)),
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
        yield Services(clients, pids)


def _pin(pid: int) -> None:
    """Keep the services off the processors of those who are measured, where there are enough."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) >= 4:
        os.sched_setaffinity(pid, processors[-2:])


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about two minutes")
    parser.add_argument("--repeat", type=int, help="how often each is run")
    parser.add_argument("--targets", type=_numbers, help="comma-separated numbers of targets")
    parser.add_argument("--vaults", type=lambda text: text.split(","))
    parser.add_argument(
        "--ways", type=lambda text: text.split(","), default=[way.name for way in WAYS]
    )
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--report", type=Path, default=DIRECTORY / "report")
    options = parser.parse_args()
    full = ([10, 50, 200, 1000], ["aws", "azure", "snowflake"], 5)
    targets, vaults, repeat = ([10, 50], ["aws"], 1) if options.quick else full
    options.targets = options.targets or targets
    options.vaults = options.vaults or vaults
    options.repeat = options.repeat or repeat
    return options


if __name__ == "__main__":
    main()
