# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that the plugins' source has, as a table for the page on troubleshooting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.workspace import CHECKOUT

_SOURCE = CHECKOUT / "plugins" / "module_utils"
# Where a service's errors are; all else comes last.
_PARTS = {
    "The Stripe key": "_stripe",
    "AWS Secrets Manager": "_aws",
    "Azure Key Vault": "_azure",
    "Snowflake": "_snowflake",
    "Maia": "_maia",
    "Pipeline files": "_pipeline",
    "All modules": "",
}
# What makes errors besides their classes, and where in its arguments the reason stands.
_MAKERS = {"refuse": 1, "CannotEdit": 0}
_ELLIPSIS = "…"


@dataclass(frozen=True, order=True)
class Told:
    """What one error says. cure: empty if it is put together elsewhere."""

    reason: str
    cure: str


def error_classes() -> dict[str, str]:
    """The classes of errors with their docstrings' first lines."""
    tree = ast.parse((_SOURCE / "_core" / "errors.py").read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {node.name: (ast.get_docstring(node) or "").splitlines()[0] for node in classes}


def told_in(path: Path) -> Iterator[tuple[int, Told | None]]:
    """Line and text of each error in a file; None where both texts come from somewhere else."""
    classes = error_classes()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = _constants(tree)
    for node in ast.walk(tree):
        found: list[ast.expr] | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            named = {each.arg: each.value for each in node.keywords}
            start = 1 if node.func.id in classes else _MAKERS.get(node.func.id)
            if start is not None:
                found = node.args[start : start + 2]
            elif {"reason", "cure"} <= named.keys():
                found = [named["reason"], named["cure"]]
        elif isinstance(node, ast.Tuple):
            found = _pair([_named(each, constants) for each in node.elts], classes)
        if found:
            texts = [_named(each, constants) for each in found]
            reason, cure = [*map(_text, texts), ""][:2]
            yield found[0].lineno, Told(reason, cure) if re.search(r"\w", reason) else None


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What the module's own names stand for."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _named(node: ast.expr, constants: dict[str, ast.expr]) -> ast.expr:
    """What stands for a name, or the node itself."""
    return constants.get(node.id, node) if isinstance(node, ast.Name) else node


def _pair(elements: list[ast.expr], classes: dict[str, str]) -> list[ast.expr] | None:
    """Reason and cure in a tuple: with a class before them, or alone and both of some length."""
    first = elements[0] if elements else None
    if isinstance(first, ast.Name) and first.id in classes and len(elements) == 3:
        return elements[1:]
    texts = [_text(element) for element in elements]
    told = len(texts) == 2 and all(" " in text for text in texts)
    # An instruction, in contrast to what is being done and to the name of a right.
    return elements if told and re.match(r"(?!\w+ing )[a-z]", texts[1]) else None


def _text(node: ast.expr) -> str:
    """A text's words, with an ellipsis for what is put in; empty for anything but a text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(value) or _ELLIPSIS for value in node.values)
    return ""


def errors_rst() -> str:
    """The table of each part, below headings of the third level."""
    rows: dict[str, set[Told]] = {title: set() for title in _PARTS}
    for file in sorted(_SOURCE.rglob("*.py")):
        place = file.relative_to(_SOURCE).parts[0]
        title = next(t for t, part in _PARTS.items() if part in {place, ""})
        rows[title] |= {told for _line, told in told_in(file) if told}
    return "\n".join(_rst(rows))


def _rst(rows: dict[str, set[Told]]) -> Iterator[str]:
    for title, told in rows.items():
        yield f"{title}\n{'~' * len(title)}\n"
        yield ".. list-table::\n   :header-rows: 1\n   :widths: 1 1\n"
        yield "   * - It says\n     - Do"
        for each in sorted(told, key=lambda told: told.reason.lower()):
            yield f"   * - {_escaped(each.reason)}"
            yield f"     - {_escaped(each.cure) or 'as the error says'}"
        yield ""


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_|<>])", r"\\\1", text)
