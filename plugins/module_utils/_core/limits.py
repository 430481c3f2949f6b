# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often and for how long a service is called; the same options for every vendor."""

from __future__ import annotations

from .argspec import ArgumentSpec
from .errors import ConfigurationError
from .operation import Params
from .time_limit import TIME_SPEC

MAX_ATTEMPTS = 5
ATTEMPTS = range(1, 10_001)
# An SDK begins no further attempt of one call after that long.
CALL_SECONDS = 60

LIMITS_SPEC = TIME_SPEC.merge(
    ArgumentSpec(options={"max_attempts": {"type": "int", "default": MAX_ATTEMPTS}})
)


def check_limits(params: Params) -> None:
    """Raises ConfigurationError."""
    if params["max_attempts"] not in ATTEMPTS:
        raise ConfigurationError(
            "Option max_attempts",
            f"it is {params['max_attempts']}",
            f"give a number from {ATTEMPTS[0]} to {ATTEMPTS[-1]}",
        )
