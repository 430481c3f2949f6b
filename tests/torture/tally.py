# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was tried and what came of it, to be printed at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Tally:
    """title and unit: "Crashes" and "kills". tried: by vault or the like. problems: a line each."""

    title: str
    unit: str
    tried: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def note(self, what: object, problems: Iterable[str]) -> None:
        """Keep what went wrong with one of those that were tried."""
        self.problems += [f"{what}: {problem}" for problem in problems]

    def lines(self) -> Sequence[str]:
        places = ", ".join(f"{name} {count}" for name, count in sorted(self.tried.items()))
        return self._with_problems(f"{self.tried.total()} {self.unit} ({places})")

    def _with_problems(self, tried: str) -> Sequence[str]:
        came = f"{_listed(self.outcomes)}; " if self.outcomes else ""
        return (f"{self.title}: {tried}; {came}{len(self.problems)} problems.", *self.problems)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))
