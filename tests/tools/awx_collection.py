# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch the collection awx.awx, which is on Galaxy, from where PyPI has it: the package ansible."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

_WANTED = "ansible_collections/awx/awx/"


def main() -> None:
    """Arguments: the package, as pip takes it, and a directory for ANSIBLE_COLLECTIONS_PATH."""
    package, target = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        download = [*(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"), package]
        subprocess.run([*download, "--dest", scratch], check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(_WANTED)]
            archive.extractall(target, names)


if __name__ == "__main__":
    main()
