# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vendor's package has few entries, so that a newcomer guesses which one to open.

What belongs together is in a folder. Folders depend on each other in one direction only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from tools.workspace import CHECKOUT

MODULE_UTILS = CHECKOUT / "plugins" / "module_utils"
VENDORS = [f"_{vault}" for vault in VAULTS]
# What a vendor may know beside itself.
BELOW = {"_core", "_secret", "_stripe"}
MOST = 8
FOLDERS = sorted(
    folder.relative_to(MODULE_UTILS).as_posix()
    for vendor in VENDORS
    for folder in (MODULE_UTILS / vendor, *(MODULE_UTILS / vendor).rglob("*"))
    if folder.is_dir() and folder.name != "__pycache__"
)


def entries(folder: Path) -> set[str]:
    """Modules and packages, as an import names them."""
    return {
        path.stem
        for path in folder.iterdir()
        if path.is_dir() or path.suffix == ".py"
        if path.stem not in ("__init__", "__pycache__")
    }


def imported(path: Path) -> Iterator[PurePosixPath]:
    """All that a file imports of module_utils, if only for types or late, down to the names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            start = PurePosixPath(path.relative_to(MODULE_UTILS).as_posix()).parents[node.level - 1]
            start = start.joinpath(*(node.module or "").split("."))
            yield from (start / alias.name for alias in node.names)


def needs(folder: str) -> dict[str, set[str]]:
    """For each entry the other entries that its files import."""
    start = PurePosixPath(folder)
    found: dict[str, set[str]] = {name: set() for name in entries(MODULE_UTILS / folder)}
    for path in (MODULE_UTILS / folder).rglob("*.py"):
        entry = path.relative_to(MODULE_UTILS / folder).with_suffix("").parts[0]
        for target in imported(path):
            if target.is_relative_to(start):
                found.setdefault(entry, set()).add(target.relative_to(start).parts[0])
    return {entry: names - {entry} for entry, names in found.items()}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_has_few_entries(folder: str) -> None:
    assert len(entries(MODULE_UTILS / folder)) <= MOST


@pytest.mark.parametrize("folder", FOLDERS)
def test_entries_do_not_need_each_other_in_circles(folder: str) -> None:
    try:
        TopologicalSorter(needs(folder)).prepare()
    except CycleError as error:
        pytest.fail(" needs ".join(error.args[1][::-1]))


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_knows_the_core_and_no_other_vendor(vendor: str) -> None:
    paths = (MODULE_UTILS / vendor).rglob("*.py")
    assert {target.parts[0] for path in paths for target in imported(path)} <= BELOW | {vendor}
