# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option for how long an operation may take in all; the same for every vendor."""

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
