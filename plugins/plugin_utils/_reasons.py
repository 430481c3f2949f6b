# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why targets failed, each reason once. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..module_utils._core.wording import listed
from ..module_utils._flow.proof import Link, in_words, stopping

Result = Mapping[str, Any]
_IT = re.compile(r"\bits?\b")


def reasons(
    results: Iterable[Result], failed_how: str = "failed"
) -> list[tuple[str, list[Result]]]:
    """A line for each reason, with all that failed for it; what else they name may differ."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        if result.get("failed"):
            groups.setdefault(_reason(result), []).append(result)
    return [
        (
            f"{len(failed)} {failed_how}: {_told(failed)}"
            f" ({', '.join(text_of(result.get('target')) for result in failed)})",
            failed,
        )
        for failed in groups.values()
    ]


def first_alike(targets: Mapping[str, Result], name: str) -> str:
    """The first target that failed for the same reason as this one; it may be itself."""
    own = _reason({"target": name, **targets[name]})
    for other, result in targets.items():
        if result.get("failed") and _reason({"target": other, **result}) == own:
            return other
    return name


def text_of(value: object) -> str:
    """What there is of it."""
    return "" if value is None else str(value)


def _reason(result: Result) -> str:
    """The message without what it is about."""
    error = result.get("error")
    if isinstance(error, Mapping) and error.get("hint"):
        attempt = f"{error['attempt']} failed: " if error.get("attempt") else ""
        return f"{attempt}{error.get('reason')}; {error['hint']}."
    links = (
        Link(
            text_of(link.get("link")),
            text_of(link.get("verdict")),
            text_of(link.get("reason")),
            failed=bool(link.get("failed")),
        )
        for link in result.get("proof") or ()
    )
    if told := " ".join(in_words(stopping(links))):
        return told
    if kinds := result.get("kinds"):
        return f"{', '.join(map(str, kinds))}."
    return text_of(result.get("msg")).removeprefix(f"Host '{text_of(result.get('target'))}': ")


def _told(failed: Sequence[Result]) -> str:
    """The whole sentence, or if it is about several objects what all have in common."""
    messages = {text_of(result.get("msg")) for result in failed}
    if len(messages) == 1:
        return messages.pop()
    reason = _reason(failed[0])
    return f"{listed(subjects)}: {reason}" if (subjects := _subjects(failed)) else reason


def _subjects(failed: Sequence[Result]) -> list[str]:
    """What the action that failed calls "it", such as "reading its value"."""
    errors = [error for result in failed if isinstance(error := result.get("error"), Mapping)]
    if not any(_IT.search(text_of(error.get("attempt"))) for error in errors):
        return []
    return list(
        dict.fromkeys(text_of(error["subject"]) for error in errors if error.get("subject"))
    )
