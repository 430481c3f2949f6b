# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One pipeline file: which components it has, and how it looks with some of them changed. Pure.

A pipeline file has "pipeline.components", a mapping from each component's name to its type,
parameters and transitions. A parameter that refers to a secret definition is that definition's
name as plain text. https://github.com/MatillionPartnerEngineering/DPCBestPracticePipelines
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .._core.errors import ConflictError
from .._maia.unverified import AUTHENTICATION_PROPERTY, BEFORE_API_KEY
from . import edit, tree
from .tree import CannotEdit

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node

_BOM = "\ufeff"
# What a migration from Matillion ETL makes of a password; Maia keeps it but does not resolve it.
# https://github.com/MatillionPartnerEngineering/Maiaupgrade-Public
NESTED_KEY = "secretReferenceNameId"


@dataclass(frozen=True)
class Selection:
    """Which components are meant; an empty set means all."""

    names: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()

    def matches(self, name: str, kind: str | None) -> bool:
        return (not self.names or name in self.names) and (not self.types or kind in self.types)


@dataclass(frozen=True)
class Desired:
    """What the components shall have. property_path: keys below a component's parameters."""

    definition: str
    property_path: tuple[str, ...]
    authentication_method: str | None = None
    replace_nested: bool = False


@dataclass(frozen=True)
class Change:
    """A property of a component; before and after: its path with dots, and its value.

    Before may be anything, so mind what is shown of it. Without a value it is added.
    """

    before: tuple[str, str | None] = field(repr=False)
    after: tuple[str, str]


@dataclass(frozen=True)
class Component:
    """One component of a file; kind: its type."""

    name: str
    kind: str | None
    matched: bool = False
    pointed_at: str | None = field(default=None, repr=False)
    changes: tuple[Change, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.changes)


@dataclass(frozen=True)
class Plan:
    """All components of a file in their order, and what the file shall hold."""

    components: tuple[Component, ...]
    data: bytes = field(repr=False)


def plan_file(file: str, data: bytes, selection: Selection, desired: Desired) -> Plan:
    """What to do to a file that holds these bytes.

    file: its name in messages. Raises ConflictError if it cannot be read, or not be changed
    in a way that is certain to change nothing else.
    """
    subject = f"Pipeline file '{file}'"
    try:
        document = _Document(data)
        components = []
        for name, node in document.components():
            subject = f"Component '{name}' in '{file}'"
            components.append(_plan_component(document, name, node, selection, desired))
        subject = f"Pipeline file '{file}'"
        return Plan(tuple(components), document.changed())
    except CannotEdit as refused:
        raise ConflictError(subject, refused.reason, refused.hint) from None


def _plan_component(
    document: _Document, name: str, node: Node, selection: Selection, desired: Desired
) -> Component:
    kind = tree.text_of(tree.effective(node, "type"))
    if not selection.matches(name, kind):
        return Component(name, kind)
    changes_before = len(document.changes)
    method = desired.authentication_method
    if method and tree.own(tree.own(node, "parameters"), AUTHENTICATION_PROPERTY):
        document.set(node, (AUTHENTICATION_PROPERTY,), method)
    pointed_at = document.set(
        node, desired.property_path, desired.definition, nested=desired.replace_nested
    )
    return Component(name, kind, True, pointed_at, tuple(document.changes[changes_before:]))


class _Document:
    """A file's text and tree; what is set is set in the tree and noted for the text."""

    def __init__(self, data: bytes) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise CannotEdit("it is not UTF-8 text", "convert it to UTF-8") from None
        self._bom = _BOM if text.startswith(_BOM) else ""
        self._text = text.removeprefix(_BOM)
        self._root = tree.parse(self._text)
        self._shared = tree.shared_nodes(self._root) if self._root else frozenset()
        self._pipeline = tree.own(self._root, "pipeline")
        self._components = tree.own(self._pipeline, "components")
        self.changes: list[Change] = []
        self._edits: list[edit.Edit] = []

    def components(self) -> Iterator[tuple[str, Node]]:
        """Names and nodes, in the order of the file."""
        if any(map(tree.merges, (self._root, self._pipeline, self._components))):
            raise CannotEdit("its components come from a YAML merge key", "write them out")
        for key, node in tree.pairs(self._components):
            if name := tree.text_of(key):
                yield name, node

    def set(
        self, node: Node, path: tuple[str, ...], value: str, *, nested: bool = False
    ) -> str | None:
        """Give a component's property this value, and return the one that it had.

        path: keys below its parameters. nested: whether what a migration left may be replaced.
        """
        *parents, key = path
        holder = self._below(node, "parameters")
        trail = [node, holder]
        for parent in parents:
            holder = self._below(holder, parent)
            trail.append(holder)
        held = tree.own(holder, key)
        if held is not None and held.tag == tree.STRING and held.value == value:
            return value
        self._check_alone(*trail, held, tree.own(held, NESTED_KEY))
        is_nested = tree.own(held, NESTED_KEY) is not None
        if held is None:
            self._add(holder, key, value)
            replaced = None
        else:
            replaced = self._replace(holder, key, value, nested=nested)
        place = ".".join(path)
        held_at = f"{place}.{NESTED_KEY}" if is_nested else place
        self.changes.append(Change((held_at, replaced), (place, value)))
        return replaced

    def _below(self, node: Node, key: str) -> MappingNode:
        found = tree.own(node, key)
        if tree.is_mapping(found):
            return found
        if tree.merges(node):
            raise _merged()
        raise CannotEdit(
            f"it has no properties under '{key}'", "save it in Maia once, or correct property_path"
        )

    def _check_alone(self, *nodes: Node | None) -> None:
        """That nothing but the component changes with these nodes."""
        if any(map(tree.merges, nodes)):
            raise _merged()
        if not self._shared.isdisjoint(map(id, (self._pipeline, self._components, *nodes))):
            raise CannotEdit(
                "a YAML alias makes it share its text with another place of the file",
                "write it out in both places",
            )

    def _replace(self, holder: MappingNode, key: str, value: str, *, nested: bool) -> str | None:
        place, key_node, held = next(
            (place, key_node, held)
            for place, (key_node, held) in enumerate(holder.value)
            if tree.text_of(key_node) == key
        )
        scalar = tree.own(held, NESTED_KEY) or held
        if not tree.is_plain(scalar) or len(tree.pairs(held)) > 1:
            raise CannotEdit(f"its property '{key}' is not a text", "correct property_path")
        if tree.is_mapping(held):
            if not nested:
                raise CannotEdit(
                    f"its property '{key}' has the form '{NESTED_KEY}:' that migrations leave and"
                    " Maia does not resolve",
                    "set replace_nested to replace it",
                )
            made = edit.replace_nested(self._text, key_node, held, scalar, value)
        else:
            made = edit.replace_scalar(self._text, scalar, value)
        self._edits.append(made)
        holder.value[place] = (key_node, tree.string(value, instead_of=held))
        return scalar.value or None

    def _add(self, holder: MappingNode, key: str, value: str) -> None:
        place, made = edit.add_property(self._text, holder, key, value, BEFORE_API_KEY)
        self._edits.append(made)
        holder.value.insert(place, (tree.string(key), tree.string(value)))

    def changed(self) -> bytes:
        """The file with all edits, read again to be certain that nothing else has changed."""
        text = edit.apply(self._text, self._edits)
        if self._edits and not self._reads_as_wanted(text):
            raise CannotEdit("its layout does not allow changing only the property")
        return (self._bom + text).encode()

    def _reads_as_wanted(self, text: str) -> bool:
        try:
            return tree.same(tree.parse(text), self._root)
        except CannotEdit:
            return False


def _merged() -> CannotEdit:
    return CannotEdit("a YAML merge key gives it properties", "write them out")
