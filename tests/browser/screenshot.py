# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a picture of the report's page: python -m browser.screenshot FILE."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browser.chromium import chromium
from browser.fleet import fleet
from browser.page import write_page


def main(picture: Path) -> None:
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, chromium() as browser:
        report = write_page(Path(directory), fleet(40), report_max_age_days=90)
        page = browser.new_page(viewport={"width": 1100, "height": 720})
        page.goto(report.as_uri())
        page.screenshot(path=picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
