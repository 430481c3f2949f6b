# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Maia refuses one task of a run, it would refuse all others that ask the same.

So a wrong id or secret costs a run over hundreds of hosts one request, not hundreds. Only what
waiting does not mend is remembered, and only for a moment: a task that waits for a project to
appear asks again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..._core.errors import (
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    NotFoundError,
    NotPermittedError,
    NotVisibleError,
)
from ..._core.shared import Fetch, SharedState

REMEMBERED_SECONDS = 30.0

_LASTING: tuple[type[CollectionError], ...] = (
    AuthenticationError,
    ConfigurationError,
    NotPermittedError,
    NotFoundError,
    NotVisibleError,
)
_DETAILS = ("reason", "hint", "attempt", "code", "status", "link")
_BY_KIND = {each.kind: each for each in _LASTING}


def recall(shared: SharedState, name: str, fetch: Fetch, subject: str) -> Any:
    """As shared.recall(), but refusals are remembered as well. subject: the asker's, for errors."""
    answer = shared.recall(name, lambda: _answer(fetch, subject))
    if "refusal" in answer:
        raise _refusal(subject, **answer["refusal"])
    return answer["value"]


def forget(shared: SharedState, name: str, stale: Any = None) -> None:
    """As shared.forget()."""
    shared.forget(name, None if stale is None else {"value": stale})


def amend(shared: SharedState, name: str, change: Callable[[Any], Any]) -> None:
    """As shared.amend(); a refusal stays what it is."""
    shared.amend(
        name,
        lambda held: held if "refusal" in held else {"value": change(held["value"])},
    )


def _answer(fetch: Fetch, subject: str) -> tuple[dict[str, Any], float]:
    try:
        value, seconds = fetch()
    except _LASTING as error:
        told = {
            "kind": error.kind,
            # Each asker has its own, unless it is about something that all of them share.
            "other_subject": None if error.subject == subject else error.subject,
            **{name: getattr(error, name) for name in _DETAILS},
        }
        return {"refusal": told}, REMEMBERED_SECONDS
    return {"value": value}, seconds


def _refusal(
    subject: str, kind: str, other_subject: str | None, reason: str, hint: str, **details: Any
) -> CollectionError:
    make: Callable[..., CollectionError] = _BY_KIND[kind]
    return make(other_subject or subject, reason, hint, **details)
