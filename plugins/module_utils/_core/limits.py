# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often and for how long a service is called; the same options for every vendor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .argspec import ArgumentSpec
from .deadline import Deadline, limited
from .errors import ConfigurationError

# With 60 requests a minute, as older accounts have, and 50 forks each request waits for a minute.
MAX_SECONDS = 600
_SECONDS = range(1, 86_401)

TIME_SPEC = ArgumentSpec(options={"max_seconds": {"type": "int", "default": MAX_SECONDS}})

MAX_ATTEMPTS = 5
ATTEMPTS = range(1, 10_001)
# An SDK begins no further attempt of one call after that long.
CALL_SECONDS = 60

LIMITS_SPEC = TIME_SPEC.merge(
    ArgumentSpec(options={"max_attempts": {"type": "int", "default": MAX_ATTEMPTS}})
)


@contextmanager
def time_limit(params: Mapping[str, Any], more: float = 0) -> Iterator[None]:
    """Let max_seconds hold inside, if the operation has it. Raises ConfigurationError.

    more: seconds that the operation may wait by an option of its own.
    """
    seconds = params.get("max_seconds")
    if seconds is None:
        yield
        return
    if seconds not in _SECONDS:
        raise ConfigurationError(
            "Option max_seconds",
            f"it is {seconds}",
            f"give a number from {_SECONDS[0]} to {_SECONDS[-1]}",
        )
    with limited(Deadline(seconds + more)):
        yield


def check_limits(params: Mapping[str, Any]) -> None:
    """Raises ConfigurationError."""
    if params["max_attempts"] not in ATTEMPTS:
        raise ConfigurationError(
            "Option max_attempts",
            f"it is {params['max_attempts']}",
            f"give a number from {ATTEMPTS[0]} to {ATTEMPTS[-1]}",
        )
