# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was tried and what came of it, to be printed at the end."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_SILENCE = 60.0  # seconds after which a long form says how far it has come


@dataclass
class Tally:
    """title and unit: "Crashes" and "kills". tried: by vault or the like. problems: a line each."""

    title: str
    unit: str
    tried: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    _told: float = field(default_factory=time.monotonic)

    def note(self, what: object, problems: Iterable[str]) -> None:
        """Keep what went wrong with one of those that were tried."""
        for problem in problems:
            self.problems.append(f"{what}: {problem}")
            print(f"  {self.problems[-1]}", file=sys.stderr)  # a long form may not get to its end
        if time.monotonic() - self._told > _SILENCE:
            self._told = time.monotonic()
            count, problem_count = self.tried.total(), len(self.problems)
            print(f"  {count} {self.unit}, {problem_count} problems so far", file=sys.stderr)

    def lines(self) -> Sequence[str]:
        places = ", ".join(f"{name} {count}" for name, count in sorted(self.tried.items()))
        return self._with_problems(f"{self.tried.total()} {self.unit} ({places})")

    def _with_problems(self, tried: str) -> Sequence[str]:
        came = f"{_listed(self.outcomes)}; " if self.outcomes else ""
        return (f"{self.title}: {tried}; {came}{len(self.problems)} problems.", *self.problems)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))
