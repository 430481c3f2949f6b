# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory sources that were not read, or not all of them, so that hosts may be missing.

Ansible only warns of such a source, and plays with the hosts of others. It reads inventories in the
process that it forks its workers from, so that what is noted here is known to the tasks.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from ansible.inventory.manager import IGNORED, InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.utils.path import unfrackpath

from ..module_utils._core.errors import ConfigurationError

_UNREAD = "it could not be read, as the warning above says"
# Ansible's own, which is none if it is the only one and is not there.
_DEFAULT = "/etc/ansible/hosts"
# All that a group of a YAML inventory has.
_SECTIONS = frozenset({"children", "hosts", "vars"})
# Of a script's JSON, which may have been kept as a file.
_META = "_meta"
_NULL, _MERGE = "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"

_FAILED: list[str] = []


def note_failed_source(path: str) -> None:
    """Of one of our own, after which no task of ours runs."""
    _FAILED.append(path)


def refuse_failed_sources() -> None:
    """Raise ConfigurationError if one failed: nothing is to be done for a part of the hosts."""
    if _FAILED:
        raise _incomplete(_FAILED[0], _UNREAD)


def incomplete_source(inventory: InventoryManager, loader: DataLoader) -> ConfigurationError | None:
    """The error of one that was not read completely, whatever its kind; None if there is none."""
    given = [source for source in inventory._sources if source]
    if given == [_DEFAULT] and not Path(_DEFAULT).exists():
        return None
    # Of a directory there is no more than that something in it was read.
    read = [path for path in inventory._inventory.processed_sources if path]
    for source in given:
        for path in _unread(source if "," in source else unfrackpath(source, follow=False), read):
            return _incomplete(path, _UNREAD)
    for path in read:
        if why := _left_out(path, loader):
            return _incomplete(path, why)
    return None


def _incomplete(path: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"Inventory source {path}",
        f"{why}, so that hosts may be missing",
        "mend it, or run without it",
    )


def _unread(source: str, read: Collection[str]) -> Iterator[str]:
    """Those of the source's files that Ansible has tried and could not read."""
    if not Path(source).is_dir():
        yield from [] if source in read else [source]
        return
    tried = [path for path in Path(source).iterdir() if not IGNORED.search(os.fsencode(path.name))]
    for path in sorted(tried):
        yield from _unread(str(path), read)
    if not tried:
        yield source


def _left_out(path: str, loader: DataLoader) -> str | None:
    """What Ansible left out of a YAML inventory, with no more than a warning."""
    reader = inventory_loader.get("yaml")
    # What is no file, such as a pipe, cannot be read once more.
    if not reader.verify_file(path) or not Path(path).is_file():
        return None
    file = loader.get_real_file(path)  # without its encryption
    try:
        # Ansible takes JSON for what it is, in which there may be tabs.
        root = yaml.compose(Path(file).read_text(encoding="utf-8").replace("\t", " "), _Loader)
    except (yaml.YAMLError, ValueError):
        return None  # another plugin has read it
    finally:
        loader.cleanup_tmp_file(file)
    if not isinstance(root, yaml.MappingNode) or any(
        key.value == "plugin" for key, _ in root.value
    ):
        return None
    return next(_of_groups("it", root), None)


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _of_groups(parent: str, node: yaml.MappingNode) -> Iterator[str]:
    for group, held in _entries(node):
        if group == _META:
            continue
        name = f"its group '{group[:64]}'"
        if isinstance(held, yaml.MappingNode):
            yield from _of_group(name, held)
        elif held.tag != _NULL:
            yield f"{name} is no mapping, and Ansible ignores it"
    yield from _twice(parent, node)


def _of_group(name: str, node: yaml.MappingNode) -> Iterator[str]:
    yield from _twice(name, node)
    for key, held in _entries(node):
        if key not in _SECTIONS:
            yield f"{name} has the key '{key[:64]}', which Ansible ignores"
        elif key == "children" and isinstance(held, yaml.MappingNode):
            yield from _of_groups(f"{name} in its children", held)


def _twice(where: str, node: yaml.MappingNode) -> Iterator[str]:
    """Keys of which Ansible takes the last."""
    for key, times in Counter(str(key.value) for key, _ in node.value if key.tag != _MERGE).items():
        if times > 1:
            yield f"{where} has the key '{key[:64]}' twice, of which Ansible takes the last"


def _entries(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    """Those that are merged into it included, of one mapping or a list of them."""
    if isinstance(node, yaml.SequenceNode):
        yield from chain.from_iterable(map(_entries, node.value))
        return
    for key, held in node.value:
        if key.tag == _MERGE:
            yield from _entries(held)
        else:
            yield str(key.value), held
