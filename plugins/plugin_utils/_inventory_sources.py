# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory sources and files of variables of which not all was read.

Ansible only warns of such a source, and plays with the hosts of others; and of what a file says
twice, of which the last counts. It reads inventories in the process that it forks its workers from,
so that what is noted here is known to the tasks.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleError
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
_IS_VARIABLE = "it has a host of the name '{}', as of a line for a variable in a section of hosts"
_NULL, _MERGE = "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"

_FAILED: list[str] = []


def note_failed_source(path: str) -> None:
    """Of one of our own, after which no task of ours runs."""
    _FAILED.append(path)


def refuse_failed_sources() -> None:
    """Raise ConfigurationError if one failed: nothing is to be done for a part of the hosts."""
    if _FAILED:
        raise _incomplete(_FAILED[0], _UNREAD)


def incomplete_source(
    inventory: InventoryManager, loader: DataLoader, is_ours: Callable[[str], bool]
) -> ConfigurationError | None:
    """The error of one that was not read completely, whatever its kind; None if there is none.

    is_ours: whether a host matters, so that the files with its variables do.
    """
    given = [source for source in inventory._sources if source]
    if given == [_DEFAULT] and not Path(_DEFAULT).exists():
        return None
    # Of a directory there is no more than that something in it was read.
    read = [path for path in inventory._inventory.processed_sources if path]
    tried = [source if "," in source else unfrackpath(source, follow=False) for source in given]
    unread = chain.from_iterable(_unread(source, read) for source in tried)
    if path := next((path for path in unread if not _is_empty(_text(path, loader))), None):
        return _incomplete(path, _UNREAD)
    for path in read:
        if why := _left_out(path, loader):
            return _incomplete(path, why)
    hosts = inventory.get_hosts("all", ignore_limits=True, ignore_restrictions=True)
    for name in sorted(host.name for host in hosts):
        if "=" in name:
            return _incomplete("of this run", _IS_VARIABLE.format(name[:64]))
    for path, owners in _files_of_variables(inventory, loader):
        twice = next(_twice_in(_composed(_text(path, loader))), None)
        if twice and any(map(is_ours, owners)):
            return ConfigurationError(
                f"Variables file {path}",
                f"{twice}, so that hosts may not have what they should",
                "remove one of them",
            )
    return None


def _incomplete(path: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"Inventory source {path}",
        f"{why}, so that hosts may be missing",
        "mend it, or run without it",
    )


def _files_of_variables(
    inventory: InventoryManager, loader: DataLoader
) -> Iterator[tuple[str, list[str]]]:
    """Those beside the inventory's sources and the playbook, and the hosts that each is for."""
    hosts = {name: [name] for name in inventory.hosts}
    groups = {
        name: [host.name for host in group.get_hosts()] for name, group in inventory.groups.items()
    }
    given = [str(source) for source in inventory._sources if source and "," not in source]
    places = [source if Path(source).is_dir() else os.path.dirname(source) for source in given]
    for place in dict.fromkeys(map(os.path.realpath, [*places, loader.get_basedir()])):
        for folder, owners in (("host_vars", hosts), ("group_vars", groups)):
            path = os.path.join(place, folder)
            for name in sorted(owners) if Path(path).is_dir() else ():
                if not name.startswith(os.sep):  # of such a host Ansible reads none
                    for file in loader.find_vars_files(path, name):
                        yield str(file), owners[name]


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


def _is_empty(text: str) -> bool:
    """Whether it begins a document of YAML that has nothing, which Ansible's plugins refuse."""
    return {line.partition("#")[0].strip() for line in text.splitlines()} - {""} == {"---"}


def _left_out(path: str, loader: DataLoader) -> str | None:
    """What Ansible left out of an inventory, with no more than a warning."""
    # What is no file, such as a pipe, cannot be read once more; nor can what a script printed.
    if not Path(path).is_file() or (text := _text(path, loader)).startswith("#!"):
        return None
    root = _composed(text) if inventory_loader.get("yaml").verify_file(path) else None
    if not isinstance(root, yaml.MappingNode):
        return None if path.endswith(".toml") else next(_twice_in_ini(text), None)
    configures = any(key.value == "plugin" for key, _ in root.value)
    return next(chain(() if configures else _of_groups(root), _twice_in(root)), None)


def _composed(text: str) -> yaml.Node | None:
    """None for what is no YAML: another plugin has read it, or Ansible refuses it."""
    try:
        # Ansible takes JSON for what it is, in which there may be tabs.
        return yaml.compose(text.replace("\t", " "), _Loader)
    except (yaml.YAMLError, ValueError):
        return None


def _text(path: str, loader: DataLoader) -> str:
    """Empty for what cannot be decrypted or opened: who needs it will be told."""
    try:
        file = loader.get_real_file(path)  # without its encryption
    except AnsibleError:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
    finally:
        loader.cleanup_tmp_file(file)


def _twice_in_ini(text: str) -> Iterator[str]:
    """Variables that a host's lines, or a group's, give two values: Ansible takes the last."""
    values: dict[tuple[str, str], str] = {}
    section = ""
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line[0] in "#;":
            continue
        if line.startswith("["):
            section = line
            continue
        of_group = section.endswith(":vars]")
        try:
            owner, *given = [section, line] if of_group else shlex.split(line, comments=True)
        except ValueError:  # which Ansible refuses
            continue
        for each in given:
            name, _equals, value = (part.strip() for part in each.partition("="))
            if values.setdefault((owner, name), value) != value:
                again = f"it has another value for the variable '{name[:64]}' of {owner[:64]}"
                yield f"{again} in line {number}, and Ansible takes the last"


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _of_groups(node: yaml.MappingNode) -> Iterator[str]:
    for group, held in _entries(node):
        if group == _META:
            continue
        name = f"its group '{group[:64]}'"
        if isinstance(held, yaml.MappingNode):
            yield from _of_group(name, held)
        elif held.tag != _NULL:
            yield f"{name} is no mapping, and Ansible ignores it"


def _of_group(name: str, node: yaml.MappingNode) -> Iterator[str]:
    for key, held in _entries(node):
        if key not in _SECTIONS:
            yield f"{name} has the key '{key[:64]}', which Ansible ignores"
        elif key == "children" and isinstance(held, yaml.MappingNode):
            yield from _of_groups(held)


def _twice_in(root: yaml.Node | None) -> Iterator[str]:
    """Keys, at any depth, of which Ansible takes the last."""
    nodes, visited = [root], set()
    while nodes:
        node = nodes.pop()
        if not isinstance(node, yaml.CollectionNode) or id(node) in visited:
            continue
        visited.add(id(node))  # it may have several names, even inside itself
        if isinstance(node, yaml.SequenceNode):
            nodes.extend(node.value)
            continue
        seen: set[str] = set()
        for key, held in node.value:
            if (name := str(key.value)) in seen and key.tag != _MERGE:
                again = f"it has the key '{name[:64]}' again in line {key.start_mark.line + 1}"
                yield f"{again}, and Ansible takes the last"
            seen.add(name)
            nodes.append(held)


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
