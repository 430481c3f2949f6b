# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core needs neither Ansible nor any SDK: one place alone imports Ansible."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

MODULE_UTILS = Path("plugins", "module_utils")
CHECKOUT = Path(__file__).resolve().parents[2]
UNIT = CHECKOUT / "tests" / "unit" / MODULE_UTILS
FILES = sorted((CHECKOUT / MODULE_UTILS).rglob("*.py"))

# What "import" then says is what it says where they are not installed.
_BLOCK = """
import sys

for name in ("ansible", "boto3", "botocore", "azure", "snowflake", "requests"):
    sys.modules[name] = None
"""
_IMPORT_ALL = f"""{_BLOCK}
from importlib import import_module

for name in sys.argv[1:]:
    try:
        import_module(f"ansible_collections.maia.stripe_query.plugins.module_utils.{{name}}")
    except ImportError:
        print(name)
"""
_RUN_TESTS = f"""{_BLOCK}
import pytest

sys.exit(pytest.main(sys.argv[1:]))
"""
# Tables of what is decided, one of each package.
_TABLES = (
    *("_core/test_errors.py", "_secret/test_plan.py", "_stripe/test_policy.py"),
    *("_pipeline/test_shown.py", "_flow/test_collisions.py"),
    *("_aws/versions/test_version_id.py", "_snowflake/sql/test_identifiers.py"),
    "_maia/model/test_definition.py",
)


def python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A new process that imports what this one would, apart from what is blocked."""
    # Plugins of pytest import what is blocked.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=CHECKOUT,
        check=False,
    )


def test_all_is_imported_without_ansible_but_for_its_face() -> None:
    paths = [path.relative_to(CHECKOUT / MODULE_UTILS).with_suffix("") for path in FILES]
    done = python(_IMPORT_ALL, *(".".join(path.parts) for path in paths))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["_core.module_face"]


def test_one_file_of_the_core_names_ansible() -> None:
    """Not even where it could do without it."""
    imports = ("from ansible.", "import ansible.", "import ansible\n")
    found = [
        path.relative_to(CHECKOUT / MODULE_UTILS).as_posix()
        for path in FILES
        if any(each in path.read_text(encoding="utf-8") for each in imports)
    ]
    assert found == ["_core/module_face.py"]


def test_the_core_s_tables_hold_without_ansible() -> None:
    tables = [str(UNIT / name) for name in _TABLES]
    done = python(_RUN_TESTS, "--quiet", "--noconftest", "-p", "unit.examples", *tables)
    assert done.returncode == 0, done.stdout
    # Tests that are left out where a library is missing would prove nothing.
    assert " skipped" not in done.stdout
