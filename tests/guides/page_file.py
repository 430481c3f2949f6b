# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a file that another guide shows: python -m guides.page_file PAGE FILE"""

from __future__ import annotations

import sys
from pathlib import Path

from guides.blocks import steps_of
from tools.workspace import CHECKOUT

if __name__ == "__main__":
    page, name = sys.argv[1:]
    shown = steps_of(CHECKOUT / "docs" / "docsite" / "rst" / f"{page}.rst")
    Path(name).write_text(next(step.text for step in shown if step.file == name), "utf-8")
