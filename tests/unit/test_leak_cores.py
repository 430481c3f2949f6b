# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The leak harness runs Ansible by paths without a space, wherever it is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from leak.cores import without_spaces
from leak.run import Core

_PROGRAM = "import sys\nprint(sys.executable, sys.prefix, *sys.argv[1:], sep='|')\n"


def test_a_program_knows_only_paths_without_spaces(tmp_path: Path) -> None:
    installed = tmp_path / "a b" / "bin"
    installed.mkdir(parents=True)
    (installed / "python").symlink_to(sys.executable)
    (installed.parent / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n")
    for name in ("ansible-playbook", "ansible-inventory"):
        (installed / name).write_text(_PROGRAM)

    core = without_spaces(Core("2.0", installed), tmp_path / "scratch")

    for name in ("ansible-playbook", "ansible-inventory"):
        shown = subprocess.run(
            [core.programs / name, "an argument"], capture_output=True, text=True, check=True
        ).stdout
        executable, prefix, argument = shown.rstrip("\n").split("|")
        assert executable.startswith(f"{tmp_path}/scratch/")
        assert prefix.startswith(f"{tmp_path}/scratch/")
        assert argument == "an argument"
