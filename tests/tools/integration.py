# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run integration targets, one for each core at a time: python -m tools.integration [TARGET ...]

Each has a sandbox and a copy of the checkout of its own. What one prints comes out when it is done,
so that nothing mixes. Arguments that begin with "-" go to ansible-test.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tools.workspace import BUILD, CHECKOUT

TARGETS = CHECKOUT / "tests" / "integration" / "targets"


def all_targets() -> list[str]:
    """What is not a part of the others, as setup_sandbox is."""
    names = (path.name for path in TARGETS.iterdir() if path.is_dir())
    return sorted(name for name in names if not name.startswith("setup_"))


def run_target(target: str, lane: int, options: list[str]) -> tuple[int, str]:
    """Its exit status, and what it printed."""
    sandbox = ["-m", "sandbox", "--state-dir", str(BUILD / f"integration-{lane}"), "--quiet"]
    test = ["-m", "tools.integration_target", str(lane), target, *options]
    done = subprocess.run(
        [sys.executable, *sandbox, "--", sys.executable, *test],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def main() -> int:
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    targets = [argument for argument in sys.argv[1:] if argument not in options] or all_targets()
    count = min(len(targets), os.cpu_count() or 1)
    lanes: queue.SimpleQueue[int] = queue.SimpleQueue()
    for lane in range(count):
        lanes.put(lane)
    failed = []

    def run_one(target: str) -> None:
        lane, start = lanes.get(), time.monotonic()
        try:
            status, output = run_target(target, lane, options)
        finally:
            lanes.put(lane)
        if status:
            failed.append(target)
        outcome = f"failed with exit status {status}" if status else "passed"
        print(f"{output}{target} {outcome} in {time.monotonic() - start:.0f} s\n", flush=True)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(run_one, targets))
    print(f"{len(targets) - len(failed)} of {len(targets)} integration targets passed", flush=True)
    if failed:
        print(f"Failed: {', '.join(sorted(failed))}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
