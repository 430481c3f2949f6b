# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of a run of the demo that README.md shows. rich draws it.

Runs inside the sandbox, as the demo does: python -m demo.recording. The demo fails if it prints
something else than the picture shows.
"""

from __future__ import annotations

import io
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree

from tools.workspace import CHECKOUT

PICTURE = CHECKOUT / "docs" / "images" / "demo.svg"
COLUMNS = 100
_SVG = "{http://www.w3.org/2000/svg}"
# They would be loaded from elsewhere; a browser has a monospaced font of its own.
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_SECONDS = re.compile(r"\(\d+ s\)")


def draw(lines: Sequence[str]) -> None:
    """Write the picture of these lines."""
    from rich.console import Console  # only whoever draws needs it
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    for number, line in enumerate(lines):
        is_title = lines[number + 1 : number + 2] == ["-" * len(line)]
        style = "bold" if is_title else "green" if line.startswith("$ ") else ""
        console.print(Text(line, style))
    svg = console.export_svg(title="make demo", unique_id="demo")
    drawn = [line.rstrip() for line in _FONTS.sub("", svg).splitlines()]
    PICTURE.write_text("\n".join(drawn) + "\n", encoding="utf-8")


def is_stale(lines: Sequence[str]) -> bool:
    """Whether the picture shows other lines than these; how long a run took does not count."""
    told, shown = ([_SECONDS.sub("", each) for each in group] for group in (lines, _shown()))
    return [line for line in told if line] != shown


def _shown() -> list[str]:
    """The lines of the picture that are not empty."""
    if not PICTURE.exists():
        return []
    parts: dict[float, list[tuple[float, str]]] = defaultdict(list)
    for text in ElementTree.parse(PICTURE).iter(f"{_SVG}text"):
        if "clip-path" in text.attrib:  # the title has none
            place = float(text.attrib["y"]), float(text.attrib["x"])
            parts[place[0]].append((place[1], text.text or ""))
    lines = ("".join(text for _x, text in sorted(parts[y])) for y in sorted(parts))
    return [line for each in lines if (line := each.replace("\N{NO-BREAK SPACE}", " ").rstrip())]


def main() -> int:
    from demo.demo import run_demo

    lines = run_demo([])
    draw(lines)
    return 1 if is_stale(lines) else 0


if __name__ == "__main__":
    sys.exit(main())
