# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let galaxy-importer check the artifact, as Galaxy and Automation Hub do; a warning is an error.

Style and documentation are left to "make lint", which is stricter.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.build import build
from tools.workspace import BUILD, fresh_copy

# Galaxy wants an address, and the collection has no public one yet.
_REPOSITORY = "https://example.com/maia/stripe_query"
_SETTINGS = """\
[galaxy-importer]
check_required_tags = true
run_ansible_doc = true
run_ansible_lint = false
run_flake8 = false
"""


def main(python: str) -> int:
    """python: that of the environment that galaxy-importer is in."""
    copy = fresh_copy("importer")
    os.environ.setdefault("GALAXY_REPOSITORY", _REPOSITORY)
    artifact = build(BUILD / "dist-importer", copy)
    settings = copy.parent / "galaxy-importer.cfg"
    settings.write_text(_SETTINGS, encoding="utf-8")
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("ANSIBLE_")}
    programs = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [python, "-m", "galaxy_importer.main", str(artifact)],
        cwd=copy.parent,  # where it writes its findings
        env={**inherited, "PATH": programs, "GALAXY_IMPORTER_CONFIG": str(settings)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    told = [line for line in done.stdout.splitlines() if not line.startswith("Loading ")]
    print("\n".join(told))
    bad = any(line.startswith(("ERROR", "WARNING")) for line in told)
    return int(bad or done.returncode != 0 or "completed successfully" not in done.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
