# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that can be sent and shown; half of a surrogate pair, which YAML allows, cannot."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from .errors import ConfigurationError

_DEEPEST, _LARGEST = 40, 2**63 - 1
_NO_NUMBER = "it holds a number that is too large, or is none", "give a number of a usual size"
_NO_CHARACTER = "it holds half of a surrogate pair, which is no character", "give text in Unicode"
_MANY_DIGITS = re.compile("[-+]?[0-9]{1000,}")  # Python makes no text of a number of 4301
_SURROGATE = re.compile("[\ud800-\udfff]")

_NO_TEXTS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    ((list, tuple), "a list"),
    (dict, "a dictionary"),
)
# Options for the name of something, and the role's variables without their prefix.
_NAMES = frozenset(
    {
        *("name", "project", "environment", "pipeline", "component", "definition"),
        *("label", "secret_name", "secret_label", "definition_name", "replacement_definition"),
        *("probe_pipeline", "probe_component"),
    }
)
# They end a line, or change how the rest is shown.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What a template makes of nothing.
_NOTHING = re.compile(r"(?i)none|null|nil|undefined|omit|AnsibleUndefined|__omit_place_holder__.*")


def is_text(text: str) -> bool:
    """Whether it can be encoded."""
    return _SURROGATE.search(text) is None


def check_values(
    params: Mapping[str, object],
    options: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    apart: Collection[str] = (),
) -> None:
    """Raise ConfigurationError for an option that holds, at any depth, what nobody can send.

    Ansible's own validation would fail of it, as if the fault were ours. options: as Ansible has
    them; what is no mapping where one with options of its own belongs is such a thing too.
    apart: options that are looked through entry by entry, elsewhere, if they are lists.
    """
    for name, value in params.items():
        if value is None:
            continue
        by_entry = name in apart and isinstance(value, list)
        refused = None if by_entry else refused_value(value)
        rules = options.get(name, {})
        refused = refused or refused_option(name, value, rules)
        if rules.get("type") == "dict" and rules.get("options"):
            refused = refused or _no_mapping(value)
        if refused:
            raise ConfigurationError(f"Option {name}", *refused)


def refused_option(name: str, value: object, rules: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with an option's value that can be sent, and what to do; None if nothing.

    name: or that of a role's variable. rules: the option's, as Ansible has them.
    """
    if isinstance(value, float) and name.removeprefix("authorize_") in _NAMES:
        return "it is a number, of whose digits some may be lost", "give the name in quotes"
    return _refused_name(name, value) if isinstance(value, str) else _refused_kind(value, rules)


def _refused_kind(value: object, rules: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with what is no text, where one belongs, or a list of them.

    Ansible would make a text of it, as Python writes it: of a list "['shop']".
    """
    is_list = rules.get("type") == "list"
    kind = rules.get("elements") if is_list else rules.get("type")
    entries = [value]
    if is_list:  # what is none is for Ansible to refuse
        entries = value if isinstance(value, list) else []
    if rules.get("choices"):  # of which none is what comes of it
        return None
    if is_list and isinstance(value, bool):
        return "it is true or false, and no list", "write it as a list"
    if kind in ("str", "path"):
        return next(filter(None, map(_no_text, entries)), None)
    inner = rules.get("options") or {}
    return next(
        (
            refused
            for entry in entries
            if isinstance(entry, Mapping)
            for name, held in entry.items()
            if (refused := _refused_kind(held, inner.get(name, {})))
        ),
        None,
    )


def _no_text(value: object) -> tuple[str, str] | None:
    found = next((name for kinds, name in _NO_TEXTS if isinstance(value, kinds)), None)
    if found is None:
        return None
    return f"it is {found}, and no text", "give a text, in quotes where YAML takes it for another"


def _refused_name(option: str, value: str) -> tuple[str, str] | None:
    """What is wrong with it as the name of an object, if the option is for one.

    It would be created, or looked for, by a name that nobody meant and few can tell from another.
    """
    if option.removeprefix("authorize_") not in _NAMES:
        return None
    if value != value.strip():
        return "there is white space before or after the name", "give the name without it"
    if _CONTROL.search(value):
        return "it has a control character, such as a line end", "give the name without it"
    if _NOTHING.fullmatch(value):
        return (
            "it is the text of a value that is missing, such as None or null",
            "check the variable or lookup that should hold the name",
        )
    return None


def _no_mapping(value: object) -> tuple[str, str] | None:
    if isinstance(value, Mapping | str | None):  # Ansible reads a text as one
        return None
    return "it is no mapping", "give its options, each with its name"


def refused_value(value: object, depth: int = 0) -> tuple[str, str] | None:
    """What is wrong with a value that nobody can send, and what to do; None if it can be sent."""
    if isinstance(value, str):
        if value.isascii():  # most are
            return _NO_NUMBER if _MANY_DIGITS.fullmatch(value) else None
        return None if is_text(value) else _NO_CHARACTER
    if isinstance(value, (float, int)):  # nor does nan lie between them
        return None if -_LARGEST <= value <= _LARGEST else _NO_NUMBER
    items = _items(value)
    if items and depth == _DEEPEST:
        return f"it is nested more than {_DEEPEST} levels deep", "give it as it is documented"
    return next(filter(None, (refused_value(item, depth + 1) for item in items)), None)


def _items(value: object) -> Collection[object]:
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    return value if isinstance(value, list | tuple) else ()
