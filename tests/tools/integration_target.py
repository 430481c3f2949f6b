# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one integration target inside a sandbox: python -m tools.integration_target LANE TARGET ...

LANE names the copy to work in; what follows TARGET goes to ansible-test.
"""

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
    lane, *arguments = sys.argv[1:]
    copy = fresh_copy(f"integration-{lane}")
    configuration = copy / "tests" / "integration" / "integration_config.yml"
    write_configuration(configuration, Path(os.environ["SANDBOX_STATE"]))
    return run_ansible_test(copy, "integration", "--local", *arguments)


if __name__ == "__main__":
    sys.exit(main())
