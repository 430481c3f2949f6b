# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run integration targets, some at a time: python -m tools.integration [TARGET ...]

There is a lane for each processor, and one more, as targets wait for their services a third of the
time. A lane's targets share a sandbox, which each of them empties first, and have a copy of the
checkout each. What one prints comes out when it is done, so that nothing mixes. With --quick few
tasks run as modules too. Other arguments that begin with "-" go to ansible-test.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile

from integration.python.sandboxes import in_own_process
from sandbox.state import STATE_FILE
from tools.workspace import BUILD, CHECKOUT

TARGETS = CHECKOUT / "tests" / "integration" / "targets"
LONGEST = "playbook_fleet"


def all_targets() -> list[str]:
    """What is not a part of the others, as setup_sandbox is; what takes longest comes first."""
    names = (path.name for path in TARGETS.iterdir() if path.is_dir())
    found = (name for name in names if not name.startswith("setup_"))
    return sorted(found, key=lambda name: (name != LONGEST, name))


def state_of(lane: int) -> Path:
    """The directory of a lane's sandbox."""
    return BUILD / f"integration-{lane}"


def run_target(target: str, lane: int, options: list[str]) -> tuple[int, str, float]:
    """Its exit status, what it printed, and its seconds of CPU, without those of the sandbox."""
    command = [sys.executable, "-m", "tools.integration_target", str(lane), target, *options]
    environment = {**os.environ, "SANDBOX_STATE": str(state_of(lane) / STATE_FILE)}
    with TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    return process.returncode, printed, used.ru_utime + used.ru_stime


def run_all(targets: list[str], options: list[str]) -> list[str]:
    """Those that failed."""
    lanes: queue.SimpleQueue[int] = queue.SimpleQueue()
    failed = []

    def run_one(target: str) -> None:
        lane, start = lanes.get(), time.monotonic()
        try:
            status, output, cpu = run_target(target, lane, options)
        finally:
            lanes.put(lane)
        if status:
            failed.append(target)
        outcome = f"failed with exit status {status}" if status else "passed"
        took = f"{time.monotonic() - start:.0f} s, {cpu:.0f} s of CPU"
        print(f"{output}{target} {outcome} in {took}\n", flush=True)

    count = min(len(targets), (os.cpu_count() or 1) + 1)
    with ExitStack() as sandboxes, ThreadPoolExecutor(count) as pool:
        for lane in range(count):
            sandboxes.enter_context(in_own_process(state_of(lane)))
            lanes.put(lane)
        list(pool.map(run_one, targets))
    return failed


def main() -> int:
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    targets = [argument for argument in sys.argv[1:] if argument not in options]
    targets = targets or all_targets()
    failed, count = run_all(targets, options), len(targets)
    print(f"{count - len(failed)} of {count} integration targets passed", flush=True)
    if failed:
        print(f"Failed: {', '.join(sorted(failed))}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
