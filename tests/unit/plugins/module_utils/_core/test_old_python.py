# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a host with an old Python a module ends with a sentence, not with a traceback."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tools.workspace import BUILD

MODULES = (
    "_aws.modules.secret",
    "_azure.modules.secret",
    "_snowflake.modules.secret",
    "_maia.modules.info",
)
_IMPORT = """
import sys
sys.path.insert(0, sys.argv[1])
sys.version_info = (3, 9, 18, "final", 0)
import ansible_collections.maia.stripe_query.plugins.module_utils.{module}
"""


@pytest.mark.parametrize("module", MODULES)
def test_an_old_python_is_told(module: str) -> None:
    program = _IMPORT.format(module=module)
    ended = subprocess.run(
        [sys.executable, "-c", program, str(BUILD / "collections")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    result = json.loads(ended.stdout)
    assert result["failed"]
    assert result["msg"].startswith("Python 3.9 at ")
    assert "ansible_python_interpreter" in result["msg"]
