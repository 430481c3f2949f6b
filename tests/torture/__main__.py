# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Torments the modules' operations and counts what came of it.

Runs inside the sandbox: python -m sandbox --state-dir DIR -- python -m torture [--long] [PART ...].
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sandbox.client import SandboxClient
from torture import (
    answers,
    cancellations,
    crashes,
    faults,
    inputs,
    options,
    rivals,
)
from torture.tally import Tally
from torture.world import World

_CREDENTIALS = ("AWS_", "AZURE_", "SNOWFLAKE_", "MAIA_")  # they come from options here


class Part(NamedTuple):
    """quick, long: how much of it, in whatever it counts; None for all that there is."""

    torture: Callable[..., Tally]
    quick: int
    long: int | None


# Those that fork come first: after a fork, not every SDK works that was loaded before.
PARTS = {
    "crashes": Part(crashes.torture, 8, None),
    "cancellations": Part(cancellations.torture, 1, None),
    "rivals": Part(rivals.torture, 3, 50),
    "faults": Part(faults.torture, 40, None),
    "answers": Part(answers.torture, 80, None),
    "inputs": Part(inputs.torture, 12, 1000),
    "options": Part(options.torture, 300, 20_000),
}


def main() -> int:
    given = _options()
    problems = 0
    for name in list(os.environ):
        if name.upper().endswith("_PROXY") or name.startswith(_CREDENTIALS):
            del os.environ[name]
    print(f"Seed: {given.seed}", flush=True)
    sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    with tempfile.TemporaryDirectory(prefix="torture-") as scratch:
        world = World(sandbox, Path(scratch))
        for name, part in PARTS.items():
            if name in (given.parts or PARTS):
                started = time.monotonic()
                amount = given.cases or (part.long if given.long else part.quick)
                tally = part.torture(world, amount, given.seed, given.only)
                problems += len(tally.problems)
                print(
                    *tally.lines(), f"  ({time.monotonic() - started:.0f} s)", sep="\n", flush=True
                )
    return 1 if problems else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m torture")
    parser.add_argument("--long", action="store_true", help="everything, instead of a sample")
    parser.add_argument("--seed", type=int, help="of what is random; a sample has always the same")
    parser.add_argument("--cases", type=int, help="how many of each part, whatever --long says")
    parser.add_argument("--only", default="", help="what has this text in its name")
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}")
    given = parser.parse_args()
    if given.seed is None:
        given.seed = int(time.time()) if given.long else 1
    if unknown := set(given.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return given


if __name__ == "__main__":
    sys.exit(main())
