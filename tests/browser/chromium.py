# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system's Chromium, without a window and without calling home.

python -m browser.chromium installs it where it can: as root, on a system that has apt-get.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    # Root, as in containers, has no sandbox of Chromium's; all pages here are our own.
    "--no-sandbox",
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


_INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu")


def _program() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    program = _program()
    if program is None:
        raise FileNotFoundError("There is no Chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def install() -> None:
    if _program():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"The tests of the report need Chromium; install it, as with: {' '.join(_INSTALL)}"
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "--quiet"], env=environment, check=True)
    subprocess.run(_INSTALL, env=environment, check=True)


if __name__ == "__main__":
    install()
