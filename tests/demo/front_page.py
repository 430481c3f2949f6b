# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of the demo that README.md shows."""

from __future__ import annotations

import re

from tools.workspace import CHECKOUT

_SHOWN = re.compile(r"<!-- output of make demo -->\n```text\n(?P<lines>.*?)^```$", re.M | re.S)


def shown_in_readme() -> list[str]:
    """Lines that the table of the last run has to have."""
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    found = _SHOWN.search(text)
    return found["lines"].splitlines() if found else ["(no output of make demo at all)"]
