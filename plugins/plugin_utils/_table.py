# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that a playbook for many targets ends with. Pure."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ..module_utils._core.redaction import Redactor
from ..module_utils._core.verdicts import RECORDED, UNKNOWN, VERDICTS
from ..module_utils._core.wording import listed
from ._reasons import reasons, text_of
from ._report import STATES, Results, named, state_of

Result = Mapping[str, Any]

_UNREAD = "not readable"
_WITH_FINDINGS = "with findings"
# Ansible indents each line and puts it in quotes: 100 columns in all.
_COLUMNS = 89
# A row may be longer, since a table is easier to read with one line for each target.
_ROW_COLUMNS = 100
# What the last column of a row has at least, however long the names of the targets are.
_LAST_COLUMN = 40
# Stands for a blank at which a line must not end.
_GLUE = "\0"


def table(
    results: Results,
    *,
    check_mode: bool = False,
    files: Sequence[str] = (),
    remarks: Sequence[str] = (),
) -> list[str]:
    """Lines: one for each target, how many are in which state, why targets failed, and the files.

    results: as the report has them. files: paths of what was written about the run. remarks: what
    else there is to say about all targets. A long row goes on below its last column.
    """
    found = [dict(result) for result in named(results)]
    states = [_state(result, check_mode) for result in found]
    rows = [
        (_name(result), state, text_of(result.get("vault")), _what(result, state, check_mode))
        for result, state in zip(found, states, strict=True)
    ]
    lines = [
        *_aligned(rows),
        _totals(states, 0 if check_mode else sum(map(_is_left_changed, found))),
        *wrapped(text for text, _about in reasons(found)),
        *wrapped(_doubts(found)),
        *wrapped(_drifts(found)),
        *(f"Report: {path}" for path in files if path),
        *wrapped(remarks),
    ]
    masked: list[str] = Redactor().mask_data(lines)
    return masked


def _state(result: Result, check_mode: bool) -> str:
    """As in the report, where drift is shown beside the state."""
    state = state_of(result, check_mode)
    return _WITH_FINDINGS if state == "unchanged" and _drift(result) else state


def _name(result: Result) -> str:
    return text_of(result.get("target"))


def _drift(result: Result) -> Sequence[str]:
    drift = result.get("drift") or ()
    return [drift] if isinstance(drift, str) else drift


def _what(result: Result, state: str, check_mode: bool) -> str:
    """What changed, or is proven, or why there was nothing to do."""
    changes = _changes(result)
    if state == "failed":
        if check_mode or not _is_left_changed(result):
            return "see below"
        return f"after {'; '.join(changes) or 'a change'}; see below"
    if _drift(result):
        # What an audit finds is no change.
        done = changes if result.get("changed") else ()
        return "; ".join([*done, *_verdicts(result), "see below"])
    if result.get("value_read") is False and changes:
        changes.append("value not read")
    why = text_of(result.get("msg")) if state == "unchanged" else None
    return "; ".join([*changes, *_verdicts(result), *([why] if why else [])])


def _is_left_changed(result: Result) -> bool:
    """Whether it failed after something had been changed."""
    return bool(result.get("failed") and result.get("changed"))


def _changes(result: Result) -> list[str]:
    # In Full SaaS both are one thing, of which only the definition can be removed.
    both = result.get("secret_changes") and not result.get("secret_name")
    changes = {
        "secret": result.get("secret_changes"),
        "definition": () if both else result.get("definition_changes"),
        "components": [
            str(each.get("component"))
            for each in result.get("components") or ()
            if each.get("changed")
        ],
    }
    gone = result.get("state") == "absent"
    return [_change(name, held, gone=gone) for name, held in changes.items() if held]


def _change(name: str, held: Collection[object], *, gone: bool) -> str:
    if name != "components" and "state" in held:
        return f"{name} {'removed' if gone else 'added'}"
    if name == "secret" and gone:  # others have labels in it
        return "label removed"
    return f"{name} ({', '.join(map(str, held))})"


def _verdicts(result: Result) -> list[str]:
    """How many links of the chain have which verdict; the lines below the table say why."""
    proof = result.get("proof") or ()
    counts = Counter(
        _UNREAD if link.get("failed") else text_of(link.get("verdict")) for link in proof
    )
    words = (*VERDICTS[:-1], _UNREAD, VERDICTS[-1])
    shown = [f"{counts[word]} {word}" for word in words if counts[word]]
    return [", ".join(shown)] if shown else []


def _doubts(results: Sequence[Result]) -> list[str]:
    """Why links of the chain are not proven.

    What is contradicted, or could not be read, has failed the target, or is among its findings.
    """
    about: dict[tuple[str, ...], list[str]] = {}
    for result in results:
        for link in result.get("proof") or ():
            doubtful = link.get("verdict") in (RECORDED, UNKNOWN) and not link.get("failed")
            if doubtful and link.get("reason"):
                key = tuple(str(link[part]) for part in ("link", "verdict", "reason"))
                about.setdefault(key, []).append(_name(result))
    return [
        f"{link} {verdict}: {reason} ({listed(names) if len(names) < len(results) else 'all'})"
        for (link, verdict, reason), names in about.items()
    ]


def _drifts(results: Sequence[Result]) -> list[str]:
    """Each text once, with all its targets."""
    about: dict[str, list[str]] = {}
    for result in results:
        for text in _drift(result):
            about.setdefault(text, []).append(_name(result))
    return [
        f"{names[0]}: {text}" if len(names) == 1 else f"{text} ({', '.join(names)})"
        for text, names in about.items()
    ]


def wrapped(lines: Iterable[str]) -> list[str]:
    return [part for line in lines for part in _wrap(line, _COLUMNS, "    ")]


def _wrap(text: str, columns: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        columns,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _between_parts(text: str, columns: int) -> list[str]:
    """Wrapped after semicolons, and within a part only if it is longer than a line."""
    parts = [
        part if len(part) >= columns else part.replace(" ", _GLUE) for part in text.split("; ")
    ]
    lines = _wrap("; ".join(parts), columns, "") or [""]
    return [line.replace(_GLUE, " ") for line in lines]


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    indent = sum(widths) + 2 * len(widths)
    columns = max(_ROW_COLUMNS, indent + _LAST_COLUMN) - indent
    lines = []
    for *cells, last in rows:
        head = "".join(f"{cell.ljust(width)}  " for cell, width in zip(cells, widths, strict=True))
        first, *others = _between_parts(last, columns)
        lines += [f"{head}{first}".rstrip(), *(f"{' ' * indent}{other}" for other in others)]
    return lines


def _totals(states: Sequence[str], left_changed: int) -> str:
    """What there always is to say, and what there is. left_changed: how many of the failed."""
    counts = Counter(states)
    changed = "would change" if counts["would change"] else "changed"
    shown = [changed, "unchanged", "failed"]
    others = (*STATES, _WITH_FINDINGS)
    shown += [state for state in others if counts[state] and state not in shown]
    texts = [f"{counts[state]} {state}" for state in shown]
    if left_changed:
        texts[2] += f" ({left_changed} after a change)"
    return ", ".join(texts)
