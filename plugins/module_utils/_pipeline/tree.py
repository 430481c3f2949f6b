# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML as a tree whose nodes know where in the text they stand. Pure.

PyYAML's composer makes the tree; nothing is ever written by its dumper, which would not keep
quoting, comments and folded lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from .._core.operation import Requirement

try:
    import yaml
    from yaml.nodes import MappingNode, Node, ScalarNode
except ImportError as error:
    PYYAML = Requirement("PyYAML", "https://pypi.org/project/PyYAML/", error)
else:
    PYYAML = Requirement("PyYAML", "https://pypi.org/project/PyYAML/", None)

STRING = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
# What a value without quotes may be taken for; any other tag was written on purpose.
_PLAIN = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "null", "bool", "int", "float", "timestamp")
}
# Maia's files need about ten. PyYAML's composer calls itself, the one written in C without an
# end: a file with very many brackets would end the process.
_MAX_DEPTH = 100


class CannotEdit(Exception):
    """A text that is not changed, since that might not be safe; what to tell the user."""

    def __init__(self, reason: str, hint: str = "change it by hand") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def parse(text: str) -> Node | None:
    """The root of the text's one document, None if there is nothing in it; or CannotEdit."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_events(text, loader)
        root: Node | None = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise CannotEdit(f"it is not valid YAML{where}", "correct it") from None
    if root is not None:
        _check_keys(root)
    return root


def _check_events(text: str, loader: type[yaml.SafeLoader]) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > _MAX_DEPTH:
            raise CannotEdit(f"it is nested more than {_MAX_DEPTH} levels deep")
        if documents > 1:
            raise CannotEdit("it holds several YAML documents", "keep one pipeline in each file")


def _check_keys(root: Node) -> None:
    """Which of two equal keys counts is not settled, so we could change the wrong one."""
    for node in _walk(root):
        names: set[str] = set()
        for key in keys(node):
            if key.value in names:
                line = key.start_mark.line + 1
                raise CannotEdit(f"line {line} repeats a key of the same mapping", "remove one")
            names.add(key.value)


def _walk(root: Node) -> Iterator[Node]:
    """Each node, in an order of its own; one with aliases again for each, but entered once."""
    entered: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if id(node) not in entered and not isinstance(node, ScalarNode):
            entered.add(id(node))
            for part in node.value:
                waiting.extend(part if isinstance(part, tuple) else (part,))


def same(one: Node | None, other: Node | None) -> bool:
    """Whether two documents mean the same, in the same order and with the same aliases."""
    if one is None or other is None:
        return one is other
    return _flatten(one) == _flatten(other)


def _flatten(root: Node) -> list[tuple[object, ...]]:
    numbers: dict[int, int] = {}
    found: list[tuple[object, ...]] = []
    for node in _walk(root):
        if id(node) in numbers:
            found.append(("alias", numbers[id(node)]))
            continue
        numbers[id(node)] = len(numbers)
        scalar = isinstance(node, ScalarNode)
        found.append((node.tag, node.value if scalar else len(node.value)))
    return found


def shared_nodes(root: Node) -> frozenset[int]:
    """The ids of all nodes that stand in more than one place, by an alias."""
    once: set[int] = set()
    again: set[int] = set()
    for node in _walk(root):
        (again if id(node) in once else once).add(id(node))
    return frozenset(again)


def string(value: str, instead_of: Node | None = None) -> ScalarNode:
    """A node like that of a quoted text; in the text stands, for now, the one that it replaces."""
    old = instead_of or ScalarNode(STRING, value)
    style = getattr(old, "style", None)
    return ScalarNode(STRING, value, old.start_mark, old.end_mark, style)


def text_of(node: Node | None) -> str | None:
    """A scalar as it is written, whatever its type; None for anything else."""
    return str(node.value) if isinstance(node, ScalarNode) else None


def is_plain(node: Node) -> TypeGuard[ScalarNode]:
    """Whether it is a scalar without a tag of its own."""
    return isinstance(node, ScalarNode) and node.tag in _PLAIN


def is_mapping(node: Node | None) -> TypeGuard[MappingNode]:
    return isinstance(node, MappingNode)


def pairs(node: Node | None) -> list[tuple[Node, Node]]:
    """A mapping's own keys and values; none for anything else."""
    return node.value if isinstance(node, MappingNode) else []


def keys(node: Node | None) -> Iterator[ScalarNode]:
    """A mapping's own keys, as far as they are scalars."""
    return (key for key, _value in pairs(node) if isinstance(key, ScalarNode))


def own(node: Node | None, name: str) -> Node | None:
    """The value of a mapping's own key."""
    return next((value for key, value in pairs(node) if text_of(key) == name), None)


def merges(node: Node | None) -> bool:
    """Whether a mapping takes over keys of others ("<<")."""
    return any(key.tag == _MERGE for key in keys(node))


def effective(node: Node | None, name: str) -> Node | None:
    """The value of a key, which the mapping may have taken over from others."""
    value = own(node, name)
    if value is not None or not merges(node):
        return value
    source = own(node, "<<")
    sources = [source] if isinstance(source, MappingNode) else getattr(source, "value", [])
    values = (own(source, name) for source in sources)
    return next((value for value in values if value is not None), None)
