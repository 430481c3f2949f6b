# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often and for how long a vault's SDK tries a call; the same options for every vault."""

from __future__ import annotations

from .argspec import ArgumentSpec
from .errors import ConfigurationError
from .operation import Params

MAX_ATTEMPTS = 5
MAX_SECONDS = 60

LIMITS_SPEC = ArgumentSpec(
    options={
        "max_attempts": {"type": "int", "default": MAX_ATTEMPTS},
        "max_seconds": {"type": "int", "default": MAX_SECONDS},
    },
)


def check_limits(params: Params) -> None:
    """Raises ConfigurationError."""
    for name in LIMITS_SPEC.options:
        if params[name] < 1:
            raise ConfigurationError(
                f"Option {name}", f"it is {params[name]}", "give 1 or a larger number"
            )
