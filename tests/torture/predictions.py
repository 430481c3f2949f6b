# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode of the pure core, for vaults with the facts of each vendor and no vendor's code."""

from __future__ import annotations

from hypothesis import Phase, given, seed, settings

from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import Capabilities
from torture.tally import Tally
from torture.world import World
from unit.fakes import PROFILES
from unit.plugins.module_utils._secret.test_converge_properties import (
    Case,
    cases,
    check_prediction,
)


def torture(_world: World, examples: int, chance: int, only: str = "") -> Tally:
    """examples: for each kind of vault."""
    tally = Tally("Check mode of the core", "predictions")
    for name, profile in PROFILES.items():
        if only in name:
            _predict(examples, chance, name, profile, tally)
    return tally


def _predict(examples: int, chance: int, name: str, profile: Capabilities, tally: Tally) -> None:
    @seed(chance)
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate])
    @given(cases(profile))
    def example(case: Case) -> None:
        tally.tried[name] += 1
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
