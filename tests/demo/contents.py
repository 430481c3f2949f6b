# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what the sandbox's services hold, for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sandbox.service import Entry

_VAULTS = {
    "aws": "AWS Secrets Manager",
    "azure": "Azure Key Vault",
    "snowflake": "Snowflake",
}


def show_contents(entries: Iterable[Entry]) -> None:
    """Print one line per secret and per definition."""
    rows = [("VAULT", "SECRET", "KEY", "WRITTEN")]
    definitions = [("MAIA PROJECT", "DEFINITION", "POINTS AT", "")]
    for entry in sorted(entries, key=lambda entry: (entry.service, entry.name)):
        if entry.service in _VAULTS:
            key = str(entry.details.get("key"))
            rows.append((_VAULTS[entry.service], entry.name, key, _times(entry)))
        elif entry.kind == "definition":
            project = str(entry.details.get("project"))
            definitions.append((project, entry.name, _target(entry), ""))
    show_table(rows)
    print()
    show_table([definitions[0], *sorted(definitions[1:])])


def _times(entry: Entry) -> str:
    """How many values the vault has been given."""
    held = entry.details.get("versions", entry.details.get("values_written"))
    count = len(held) if isinstance(held, list) else held
    return "once" if count == 1 else f"{count} times"


def _target(entry: Entry) -> str:
    if secret := entry.details.get("secret_name"):
        label = entry.details.get("secret_key")
        return f"{secret}, label {label}" if label else str(secret)
    return f"{entry.details.get('key')} in Matillion's own vault"


def show_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Print the rows with their columns under each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
