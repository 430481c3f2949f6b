# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode of the pure core, for vaults with the facts of each vendor and no vendor's code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import Phase, given, seed, settings

from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import Capabilities
from unit.fakes import PROFILES
from unit.plugins.module_utils._secret.test_converge_properties import (
    Case,
    cases,
    check_prediction,
)


@dataclass
class Tally:
    """What was tried and what came of it."""

    predictions: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def torture(examples: int, chance: int, only: str = "") -> Tally:
    """examples: for each kind of vault."""
    tally = Tally()
    for name, profile in PROFILES.items():
        if only in name:
            _predict(examples, chance, name, profile, tally)
    return tally


def _predict(examples: int, chance: int, name: str, profile: Capabilities, tally: Tally) -> None:
    @seed(chance)
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate])
    @given(cases(profile))
    def example(case: Case) -> None:
        tally.predictions[name] += 1
        try:
            predicted = check_prediction(case)
        except AssertionError as error:
            tally.problems.append(f"{name}: {case}: {error}")
            return
        if isinstance(predicted, str):
            tally.outcomes["refused"] += 1
        else:
            tally.outcomes["changed" if predicted.changed else "unchanged"] += 1

    example()


def lines(tally: Tally) -> Sequence[str]:
    """The counts, to be printed."""
    places = ", ".join(f"{name} {count}" for name, count in sorted(tally.predictions.items()))
    outcomes = ", ".join(f"{name}: {count}" for name, count in sorted(tally.outcomes.items()))
    return (
        f"Check mode of the core: {tally.predictions.total()} predictions ({places}); {outcomes};"
        f" {len(tally.problems)} problems.",
        *tally.problems,
    )
