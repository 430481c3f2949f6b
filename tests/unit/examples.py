# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many examples a property is tried with, and how they are found, on a busy machine too."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# How many times as many examples are drawn; make test-long takes more of them.
_FACTOR = int(os.environ.get("EXAMPLES_FACTOR", "1"))

settings.register_profile(
    "unit",
    deadline=None,
    max_examples=50 * _FACTOR,
    # Tests that only run in CI are no tests: the same examples everywhere, and no files.
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unit")


def examples(number: int) -> settings:
    """For a property that needs another number of them."""
    return settings(max_examples=number * _FACTOR)
