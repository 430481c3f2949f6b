# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what the role proved, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from demo.contents import show_table

LINKS = ("secret", "vault", "location", "definition", "component")


def show_proof(results: Sequence[Mapping[str, Any]]) -> None:
    """A row for each host, and the reasons that they have, each once."""
    rows = [("PROJECT", "ENVIRONMENT", *(link.upper() for link in LINKS))]
    for result in sorted(results, key=lambda result: (result["project"], result["environment"])):
        verdicts = {item["link"]: item["verdict"] for item in result["proof"]}
        rows.append((result["project"], result["environment"], *(verdicts[link] for link in LINKS)))
    show_table(rows)
    print()
    found = {
        (LINKS.index(item["link"]), item["verdict"], item["reason"])
        for result in results
        if result["environment"] == "production"
        for item in result["proof"]
    }
    show_table([("LINK", "VERDICT", "WHY"), *((LINKS[n], *rest) for n, *rest in sorted(found))])
