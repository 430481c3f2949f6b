# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the services, runs every way against them in turn, and writes down what it took.

python -m bench [--quick | --goals | --trial] [options]; see README.md beside this file.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import publish
from bench.plan import GOALS, TRIAL, Item
from bench.report import Result, write_reports
from bench.ways import AZURE_PEERS, BUILD, BY_NAME, FORKS, PEERS, THREADS, Way
from bench.world import World, world

DIRECTORY = BUILD / "bench"


def main() -> None:
    options = _options()
    results: list[Result] = []
    for item in options.items:
        for result in _measure(item):
            results.append(result)
            print(result.line(), flush=True)
            # What takes long may be stopped, or fail, and not all be lost.
            write_reports(results, options.report)
    print(f"\n{publish.summary(options.report)}\nWritten to {options.report}")
    if options.publish:
        publish.main([str(options.report / "results.json")])


def _measure(item: Item) -> Iterator[Result]:
    """Rounds of all ways in turn, so that a busy minute meets every way."""
    with ExitStack() as kept:
        slow: dict[str, World] = {}
        for _round in range(item.repeat):
            for way in _ways(item):
                if way.slow:
                    if way.name not in slow:
                        slow[way.name] = kept.enter_context(world(item, _work(way)))
                        yield slow[way.name].run(way, "first")
                    yield slow[way.name].run(way, "unchanged")
                    continue
                with world(item, _work(way)) as fresh:
                    counts = "first" in item.phases
                    first = fresh.run(way if counts else BY_NAME["bulk"], "first")
                    if counts:
                        yield first
                    for phase in item.phases[counts:]:
                        yield fresh.run(way, phase)


def _work(way: Way) -> Path:
    return DIRECTORY / "work" / way.name


def _ways(item: Item) -> list[Way]:
    """Those that there are, and that can do it."""
    installed = {"aws": PEERS, "azure": AZURE_PEERS}
    return [
        way
        for name in item.ways
        for way in [BY_NAME[name]]
        if item.vault in way.vaults and item.targets <= way.most
        if way.name != "peers" or installed[item.vault].is_dir()
    ]


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    plans = parser.add_mutually_exclusive_group()
    plans.add_argument("--quick", action="store_true", help="about two minutes")
    plans.add_argument("--goals", action="store_true", help="what the goals need, and no more")
    plans.add_argument("--trial", action="store_true", help="the same in small, to try it")
    parser.add_argument("--repeat", type=int, help="how often each is run")
    parser.add_argument("--targets", type=_numbers, help="comma-separated numbers of targets")
    parser.add_argument("--vaults", type=lambda text: text.split(","))
    parser.add_argument("--ways", type=lambda text: text.split(","), default=list(BY_NAME))
    parser.add_argument("--forks", type=int, default=FORKS)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--report", type=Path, default=DIRECTORY / "report")
    parser.add_argument("--publish", action="store_true", help="put it into docs/speed.md as well")
    options = parser.parse_args()
    options.items = _plan(options)
    return options


def _plan(options: argparse.Namespace) -> Sequence[Item]:
    if options.goals:
        return GOALS
    if options.trial:
        return TRIAL
    full = ([10, 50, 200, 1000], ["aws", "azure", "snowflake"], 5)
    targets, vaults, repeat = ([10, 50], ["aws"], 1) if options.quick else full
    return [
        Item(
            vault,
            count,
            tuple(options.ways),
            repeat=options.repeat or repeat,
            latency_ms=options.latency_ms,
            forks=options.forks,
            threads=options.threads,
        )
        for vault in options.vaults or vaults
        for count in options.targets or targets
    ]


if __name__ == "__main__":
    main()
