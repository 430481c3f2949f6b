# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs as values that can be merged; module_face.py makes Ansible's of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .errors import without_keys

_Constraint = tuple[Any, ...]


Named = Callable[[str], str]
"""How an option is called where it was given."""
Fault = Callable[[Named], tuple[str, str]]
"""The reason and the hint of what is wrong with options; see faults.py."""


class RefusedOptions(Exception):
    """Options break the rules of their spec. The text is Ansible's, and may quote a value.

    fault: the same in words of ours; None if there are none.
    """

    def __init__(self, text: str, fault: Fault | None = None) -> None:
        super().__init__(without_keys(text))
        self.fault = fault


def from_environment(*variables: str, **rules: Any) -> dict[str, Any]:
    """An option, of texts unless the rules say otherwise, that may come from these variables."""
    return {"type": "str", **rules, "environment": list(variables)}


# By identity: what is made of a spec can be kept for as long as the spec.
@dataclass(frozen=True, eq=False)
class ArgumentSpec:
    """The options of a module and the rules between them, in AnsibleModule's terms.

    options: but for one rule of ours: "environment" names the variables, the first one that is set
    counts, that an option comes from where it is not given.
    parts: for options that are dicts, or lists of dicts, what is known of the entries.
    for_keys: the options that are for a key; none is allowed in any other.
    checked_apart: parts of which each entry is looked through by itself: what is wrong with it,
    such as a key in the wrong place, is not the whole task's failure.
    """

    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mutually_exclusive: _Constraint = ()
    required_together: _Constraint = ()
    required_one_of: _Constraint = ()
    required_if: _Constraint = ()
    required_by: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, ArgumentSpec] = field(default_factory=dict)
    for_keys: frozenset[str] = frozenset()
    checked_apart: frozenset[str] = frozenset()

    def merge(self, *others: ArgumentSpec) -> ArgumentSpec:
        """This spec and the others as one; an option defined twice is a programming error."""
        merged = self
        for other in others:
            if twice := merged.options.keys() & other.options.keys():
                raise ValueError(f"options defined twice: {sorted(twice)}")
            merged = ArgumentSpec(
                options={**merged.options, **other.options},
                mutually_exclusive=merged.mutually_exclusive + other.mutually_exclusive,
                required_together=merged.required_together + other.required_together,
                required_one_of=merged.required_one_of + other.required_one_of,
                required_if=merged.required_if + other.required_if,
                required_by={**merged.required_by, **other.required_by},
                parts={**merged.parts, **other.parts},
                for_keys=merged.for_keys | other.for_keys,
                checked_apart=merged.checked_apart | other.checked_apart,
            )
        return merged

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the options may be called; their aliases included."""
        aliases = {name: option.get("aliases", ()) for name, option in self.options.items()}
        return tuple(each for name in aliases for each in (name, *aliases[name]))

    @cached_property
    def secret_options(self) -> tuple[str, ...]:
        """The names of the options that hold a secret."""
        return tuple(name for name, option in self.options.items() if option.get("no_log"))

    def secrets(self, params: Mapping[str, Any]) -> Iterator[str]:
        """The secrets among options that need not have been validated, those in parts included."""
        for name, part in self.parts.items():
            given = params.get(name)
            for entry in given if isinstance(given, list) else [given]:
                if isinstance(entry, Mapping):
                    yield from part.secrets(entry)
        for name in self.secret_options:
            if name not in self.parts and params.get(name) is not None:
                yield str(params[name])


Validate = Callable[[str, ArgumentSpec, Mapping[str, Any]], dict[str, Any]]
"""Given a module's name (for messages), its spec and its options: the options with their defaults,
in their types. Raises RefusedOptions."""
