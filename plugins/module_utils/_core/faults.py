# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rule of their spec options break, for sentences that call the options otherwise. Pure.

Ansible's own words name a module's options, and do not say what to do. Here are those rules that it
looks at, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .argspec import ArgumentSpec, Fault, Named
from .wording import SHOWN, listed, nearest

KINDS = {
    "bool": ("it is neither true nor false", "give true or false"),
    "dict": (
        "it is no dictionary of options",
        "write it with a line, or an entry, for each option",
    ),
    "list": ("it is no list", "write it as a list"),
    "int": ("it is no whole number", "give a whole number"),
    "float": ("it is no number", "give a number"),
}
_NO_TEXT = "it is no text", "give a text"
# A word that may be quoted: nothing that is secret has only letters, and so few.
_WORD = re.compile(r"[A-Za-z_-]{1,20}")


def find_fault(
    spec: ArgumentSpec, params: Mapping[str, Any], is_wrong: Callable[[str], bool]
) -> Fault | None:
    """The first fault; None if it is of another kind.

    params: as Ansible has them, with their defaults. is_wrong: whether an option is, by itself.
    """
    given = {name: value for name, value in params.items() if value is not None}
    return next(_faults(spec, given, is_wrong), None)


def _faults(
    spec: ArgumentSpec, given: Mapping[str, Any], is_wrong: Callable[[str], bool]
) -> Iterator[Fault]:
    for names in spec.mutually_exclusive:
        if len(both := [name for name in names if name in given]) > 1:
            yield _too_many(both)
    for name, rules in spec.options.items():
        if rules.get("required") and name not in given:
            yield _missing((name,))
    for name, rules in spec.options.items():
        if name in given and not rules.get("options") and is_wrong(name):
            yield _wrong(name, rules, given[name])
    yield from _missing_with_others(spec, given)


def _missing_with_others(spec: ArgumentSpec, given: Mapping[str, Any]) -> Iterator[Fault]:
    for names in spec.required_together:
        if lacks := [name for name in names if name not in given]:
            yield from (_missing((lacks[0],), name) for name in names if name in given)
    for names in spec.required_one_of:
        if not given.keys() & set(names):
            yield _missing(names)
    for name, value, names, *any_of in spec.required_if:
        lacks = [each for each in names if each not in given]
        if given.get(name) == value and (len(lacks) == len(names) if any(any_of) else lacks):
            yield _missing(tuple(lacks if any(any_of) else lacks[:1]), name, value)
    for name, names in spec.required_by.items():
        if name in given:
            yield from (_missing((each,), name) for each in names if each not in given)


def _too_many(names: list[str]) -> Fault:
    return lambda named: (
        f"{' and '.join(map(named, names))} are given, of which only one may be",
        "leave all but one of them out",
    )


def _missing(names: tuple[str, ...], by: str = "", value: object = None) -> Fault:
    """names: of which one is needed. by: the option that needs it, perhaps with this value."""

    def told(named: Named) -> tuple[str, str]:
        what, first = ", ".join(map(named, names)), named(names[0])
        reason = f"none of {what} is given" if len(names) > 1 else f"{what} is not given"
        if by:
            needs = f"{named(by)}={value}" if value is not None else named(by)
            reason = f"{reason}, which {needs} needs"
        return reason, "give one of them" if len(names) > 1 else f"give {first}"

    return told


def _wrong(name: str, rules: Mapping[str, Any], value: object) -> Fault:
    choices = [str(choice) for choice in rules.get("choices") or ()]
    is_list = rules.get("type") == "list"
    entries = value if is_list and isinstance(value, list) else [value]
    if choices:
        odd = next((each for each in entries if each not in choices), value)
        reason, hint = _no_choice(odd, choices)
    else:
        kind = rules.get("elements") if entries is value else rules.get("type")
        reason, hint = KINDS.get(str(kind), _NO_TEXT)
    return lambda named: (f"in the variable {named(name)} {reason}", hint)


def _no_choice(value: object, choices: list[str]) -> tuple[str, str]:
    quoted = f"'{value}'" if isinstance(value, str) and _WORD.fullmatch(value) else "what is given"
    shown = ", ".join(choices) if len(choices) <= 2 * SHOWN else listed(choices)
    return f"{quoted} is none of {shown}", nearest(str(value), choices, "give one of them")
