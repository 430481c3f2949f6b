# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock for tests, so that none depends on how fast the machine is."""

from __future__ import annotations

from dataclasses import dataclass, field

PATIENCE = 120.0
"""Seconds until what surely comes is waited for no more; a test that has to wait so long fails."""


@dataclass
class Clock:
    """Its time passes when somebody sleeps, or a test moves it on. Seconds."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
