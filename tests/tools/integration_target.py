# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one integration target inside a sandbox: python -m tools.integration_target LANE TARGET ...

LANE names the copy to work in; what follows TARGET goes to ansible-test, but for --quick.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tools.workspace import fresh_copy, run_ansible_test

QUICK_OPTION = "--quick"


def write_configuration(path: Path, state: Path, *, quick: bool) -> None:
    """Tell the targets of the sandbox; ansible-test passes no environment variables on."""
    path.touch(mode=0o600)
    # JSON is YAML; "sandbox" is the one variable that the targets get.
    variables = {"sandbox": {**json.loads(state.read_text()), "quick": quick}}
    path.write_text(json.dumps(variables, indent=2) + "\n")


def main() -> int:
    quick = QUICK_OPTION in sys.argv
    lane, *arguments = [each for each in sys.argv[1:] if each != QUICK_OPTION]
    copy = fresh_copy(f"integration-{lane}")
    configuration = copy / "tests" / "integration" / "integration_config.yml"
    write_configuration(configuration, Path(os.environ["SANDBOX_STATE"]), quick=quick)
    return run_ansible_test(copy, "integration", "--local", *arguments)


if __name__ == "__main__":
    sys.exit(main())
