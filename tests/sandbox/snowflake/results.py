# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Result sets and their JSON form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

Cell = str | bool | int | datetime | None


@dataclass(frozen=True)
class Result:
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def is_status(self) -> bool:
        return self.columns == ("status",)


Work = Callable[[], Result]


def status(message: str = "Statement executed successfully.") -> Result:
    return Result(("status",), ((message,),))


def listing(columns: str, rows: Iterable[tuple[Cell, ...]]) -> Result:
    return Result(tuple(columns.split()), tuple(rows))


def row_type(result: Result) -> list[dict[str, object]]:
    first = result.rows[0] if result.rows else (None,) * len(result.columns)
    return [_column(name, cell) for name, cell in zip(result.columns, first, strict=True)]


def _column(name: str, cell: Cell) -> dict[str, object]:
    column: dict[str, object] = {
        "name": name,
        "database": "",
        "schema": "",
        "table": "",
        "nullable": True,
        "type": "text",
        "length": None,
        "byteLength": None,
        "precision": None,
        "scale": None,
        "collation": None,
    }
    if name == "created_on":
        column |= {"type": "timestamp_ltz", "precision": 0, "scale": 3}
    elif isinstance(cell, bool):
        column |= {"type": "boolean"}
    elif isinstance(cell, int):
        column |= {"type": "fixed", "precision": 38, "scale": 0}
    else:
        column |= {"length": 16777216, "byteLength": 16777216}
    return column


def row_set(result: Result) -> list[list[str | None]]:
    return [[_cell(cell) for cell in row] for row in result.rows]


def _cell(cell: Cell) -> str | None:
    if isinstance(cell, datetime):
        return f"{cell.timestamp():.3f}"
    if isinstance(cell, bool):
        return str(int(cell))
    return None if cell is None else str(cell)


def like_matches(pattern: str | None, name: str) -> bool:
    """The case-insensitive LIKE of SHOW: % and _ are wildcards, a backslash makes them plain."""
    if pattern is None:
        return True
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wildcards = {"%": ".*", "_": "."}
    expression = "".join(wildcards.get(part, re.escape(part[-1])) for part in parts)
    return re.fullmatch(expression, name, re.IGNORECASE | re.DOTALL) is not None
