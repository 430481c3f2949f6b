# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for what AWS does in the background: removing replicas, deleting for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..._core.errors import ConflictError

T = TypeVar("T")

# In seconds, before each look or attempt.
PAUSES = (0, 1, 2, 4, 8, 15)


def until_name_is_free(create: Callable[[], T], sleep: Callable[[float], None]) -> T:
    """Create a secret that is not there; one that was deleted for good keeps its name for a while.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
    """
    *pauses, last = PAUSES
    for pause in pauses:
        sleep(pause)
        try:
            return create()
        except ConflictError as error:
            if error.code != "InvalidRequestException":
                raise
    sleep(last)
    return create()
