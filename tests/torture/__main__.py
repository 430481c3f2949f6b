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
from collections.abc import Callable, Sequence
from pathlib import Path

from sandbox.client import SandboxClient
from torture import answers, check_mode, crashes, faults, inputs, killed_runs, predictions, rivals
from torture.world import World

_CREDENTIALS = ("AWS_", "AZURE_", "SNOWFLAKE_", "MAIA_")  # they come from options here
Part = Callable[[World, argparse.Namespace], tuple[Sequence[str], int]]


def _faults(world: World, options: argparse.Namespace) -> tuple[Sequence[str], int]:
    points = None if options.long else 100
    tally = faults.torture(world, points, options.seed, options.only)
    return faults.lines(tally), len(tally.problems)


def _crashes(world: World, options: argparse.Namespace) -> tuple[Sequence[str], int]:
    points = None if options.long else 24
    tally = crashes.torture(world, points, options.seed, options.only)
    return crashes.lines(tally), len(tally.problems)


def _killed_runs(world: World, options: argparse.Namespace) -> tuple[Sequence[str], int]:
    tally = killed_runs.torture(world, 40 if options.long else 1, options.seed, options.only)
    return killed_runs.lines(tally), len(tally.problems)


def _rivals(world: World, options: argparse.Namespace) -> tuple[Sequence[str], int]:
    tally = rivals.torture(world, 50 if options.long else 5, options.seed, options.only)
    return rivals.lines(tally), len(tally.problems)


def _check_mode(world: World, options: argparse.Namespace) -> tuple[Sequence[str], int]:
    checks = 100 if options.long else 8
    tally = check_mode.torture(world, checks, options.seed, options.only)
    return check_mode.lines(tally), len(tally.problems)


def _predictions(_world: World, options: argparse.Namespace) -> tuple[Sequence[str], int]:
    tally = predictions.torture(1000 if options.long else 100, options.seed, options.only)
    return predictions.lines(tally), len(tally.problems)


def _inputs(world: World, options: argparse.Namespace) -> tuple[Sequence[str], int]:
    examples = 1000 if options.long else 20
    tally = inputs.torture(world, examples, options.seed, options.only)
    return inputs.lines(tally), len(tally.problems)


def _answers(world: World, options: argparse.Namespace) -> tuple[Sequence[str], int]:
    points = None if options.long else 150
    tally = answers.torture(world, points, options.seed, options.only)
    return answers.lines(tally), len(tally.problems)


# Those that fork come first: after a fork, not every SDK works that was loaded before.
PARTS: dict[str, Part] = {
    "crashes": _crashes,
    "killed_runs": _killed_runs,
    "rivals": _rivals,
    "check_mode": _check_mode,
    "predictions": _predictions,
    "faults": _faults,
    "answers": _answers,
    "inputs": _inputs,
}


def main() -> int:
    options = _options()
    problems = 0
    for name in list(os.environ):
        if name.upper().endswith("_PROXY") or name.startswith(_CREDENTIALS):
            del os.environ[name]
    print(f"Seed: {options.seed}", flush=True)
    sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    with tempfile.TemporaryDirectory(prefix="torture-") as scratch:
        world = World(sandbox, Path(scratch))
        for part, torture in PARTS.items():
            if part in (options.parts or PARTS):
                started = time.monotonic()
                shown, found = torture(world, options)
                problems += found
                print(*shown, f"  ({time.monotonic() - started:.0f} s)", sep="\n", flush=True)
    return 1 if problems else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m torture")
    parser.add_argument("--long", action="store_true", help="everything, instead of a sample")
    parser.add_argument("--seed", type=int, help="of what is random; a sample has always the same")
    parser.add_argument("--only", default="", help="what has this text in its name")
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = int(time.time()) if options.long else 1
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
