# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the integration targets inside a sandbox, on a clean copy; arguments go to ansible-test."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tools.workspace import fresh_copy, run_ansible_test


def write_configuration(path: Path, state: Path) -> None:
    """Tell the targets of the sandbox; ansible-test passes no environment variables on."""
    path.touch(mode=0o600)
    # JSON is YAML; "sandbox" is the one variable that the targets get.
    path.write_text(json.dumps({"sandbox": json.loads(state.read_text())}, indent=2) + "\n")


def main() -> int:
    state = os.environ.get("SANDBOX_STATE")
    if not state:
        sys.exit("Run this inside a sandbox: make integration")
    copy = fresh_copy("integration")
    configuration = copy / "tests" / "integration" / "integration_config.yml"
    write_configuration(configuration, Path(state))
    return run_ansible_test(copy, "integration", "--local", *sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
