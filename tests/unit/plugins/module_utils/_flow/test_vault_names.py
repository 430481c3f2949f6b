# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What depends on the vault asks its row in _flow/vaults.py, and compares no name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS

COLLECTION = Path(__file__).resolve().parents[5]
# The rows, and the vendors' own packages.
OWN = ("_flow/vaults.py", *(f"module_utils/_{name}/" for name in VAULTS))
_NAMES = "|".join(VAULTS)
_COMPARES = re.compile(
    rf"""(==|!=|\bin\b)[^:]*["']({_NAMES})["']|["']({_NAMES})["']\s*(==|!=|\bin\b)"""
)


def compared_in_python(text: str) -> Iterator[str]:
    """Comparisons with a vault's name, which documentation and tables may well hold."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare):
            sides = [each for side in (node.left, *node.comparators) for each in ast.walk(side)]
            if any(isinstance(each, ast.Constant) and each.value in VAULTS for each in sides):
                yield ast.unparse(node)


def compared_in_yaml(text: str) -> Iterator[str]:
    yield from (line.strip() for line in text.splitlines() if _COMPARES.search(line))


def test_no_vault_s_name_is_compared() -> None:
    plugins = (COLLECTION / "plugins").rglob("*.py")
    yaml = [*COLLECTION.glob("roles/*/tasks/*.yml"), *COLLECTION.glob("playbooks/*.yml")]
    yaml.append(COLLECTION / "roles" / "authorize" / "vars" / "main" / "flow.yml")
    found = [
        f"{path.relative_to(COLLECTION)}: {comparison}"
        for path in (*plugins, *yaml)
        if not any(own in path.as_posix() for own in OWN)
        for compared in [compared_in_python if path.suffix == ".py" else compared_in_yaml]
        for comparison in compared(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("line", ["vault == 'aws'", "'aws' != vault", "vault in ('azure', 'maia')"])
def test_a_comparison_would_be_found(line: str) -> None:
    assert list(compared_in_python(f"if {line}:\n    pass"))
    assert list(compared_in_yaml(f"when: {line}"))
    assert list(compared_in_yaml(f'__vault: "{{{{ one if {line} else none }}}}"'))
