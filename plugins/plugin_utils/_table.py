# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that a playbook for many targets ends with. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..module_utils._core.redaction import Redactor
from ..module_utils._core.verdicts import RECORDED, UNKNOWN, VERDICTS
from ..module_utils._flow.proof import Link, stopping
from ._report import STATES, named, state_of

Result = Mapping[str, Any]


def table(
    results: Iterable[Result] | Mapping[str, Result],
    *,
    check_mode: bool = False,
    files: Sequence[str] = (),
) -> list[str]:
    """Lines: one for each target, how many are in which state, why targets failed, and the files.

    results: as the report has them. files: paths of what was written about the run.
    """
    found = [dict(result) for result in named(results)]
    states = [state_of(result, check_mode) for result in found]
    rows = [
        (_name(result), state, _text(result.get("vault")), _what(result, state))
        for result, state in zip(found, states, strict=True)
    ]
    lines = [
        *_aligned(rows),
        _totals(states),
        *_reasons(found),
        *_doubts(found),
        *(f"{_name(each)}: {text}" for each in found for text in _drift(each)),
        *(f"Report: {path}" for path in files if path),
    ]
    masked: list[str] = Redactor().mask_data(lines)
    return masked


def _name(result: Result) -> str:
    return _text(result.get("target"))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _drift(result: Result) -> Sequence[str]:
    drift = result.get("drift") or ()
    return [drift] if isinstance(drift, str) else drift


def _what(result: Result, state: str) -> str:
    """What changed, or is proven."""
    if state == "failed":
        return "see below"
    changes = {
        "secret": result.get("secret_changes"),
        "definition": result.get("definition_changes") if result.get("secret_name") else (),
        "components": [
            str(each.get("component"))
            for each in result.get("components") or ()
            if each.get("changed")
        ],
    }
    parts = [f"{name} ({', '.join(map(str, held))})" for name, held in changes.items() if held]
    return "; ".join([*parts, *_verdicts(result), *(["see below"] if _drift(result) else [])])


def _verdicts(result: Result) -> list[str]:
    """The links of the chain by verdict, the best first."""
    proof = result.get("proof") or ()
    links = {
        verdict: [link.get("link") for link in proof if link.get("verdict") == verdict]
        for verdict in VERDICTS
    }
    return [f"{verdict}: {', '.join(map(str, held))}" for verdict, held in links.items() if held]


def _doubts(results: Sequence[Result]) -> list[str]:
    """Why links of the chain are not proven; what is contradicted has failed the target."""
    about: dict[tuple[str, ...], list[str]] = {}
    for result in results:
        for link in result.get("proof") or ():
            if link.get("verdict") in (RECORDED, UNKNOWN) and link.get("reason"):
                key = tuple(str(link[part]) for part in ("link", "verdict", "reason"))
                about.setdefault(key, []).append(_name(result))
    return [
        f"{link} {verdict}: {reason} ({', '.join(names) if len(names) < len(results) else 'all'})"
        for (link, verdict, reason), names in about.items()
    ]


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _totals(states: Sequence[str]) -> str:
    """What there always is to say, and what there is."""
    counts = Counter(states)
    changed = "would change" if counts["would change"] else "changed"
    shown = [changed, "unchanged", "failed"]
    shown += [state for state in STATES if counts[state] and state not in shown]
    return ", ".join(f"{counts[state]} {state}" for state in shown)


def _reasons(results: Iterable[Result]) -> list[str]:
    """Each reason once, with all that failed for it. The objects that they name are others."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        if result.get("failed"):
            groups.setdefault(_reason(result), []).append(result)
    return [
        f"{len(failed)} failed: {_told(failed)} ({', '.join(map(_name, failed))})"
        for failed in groups.values()
    ]


def _reason(result: Result) -> str:
    """The message without what it is about."""
    error = result.get("error")
    if isinstance(error, Mapping) and error.get("cure"):
        attempt = f"{error['attempt']} failed: " if error.get("attempt") else ""
        return f"{attempt}{error.get('reason')}; {error['cure']}."
    links = (
        Link(*(_text(link.get(part)) for part in ("link", "verdict", "reason")))
        for link in result.get("proof") or ()
    )
    wrong = [f"The link '{link.link}' is {link.verdict}. {link.reason}" for link in stopping(links)]
    return " ".join(wrong) or _text(result.get("msg"))


def _told(failed: Sequence[Result]) -> str:
    """The whole sentence, or if it is about several objects what all have in common."""
    messages = {_text(result.get("msg")) for result in failed}
    return messages.pop() if len(messages) == 1 else _reason(failed[0])
