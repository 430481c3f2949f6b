# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operation says of its options, in the variables that a playbook has for them. Pure.

An operation knows its own options only. In a sentence these are words that no other text has:
those with an underscore, and state before what it is set to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .._core.errors import CollectionError
from .steps import Step
from .variables import KNOWN_NAMES, PREFIX

# Not what a sentence gives to that module itself, which no variable leads to.
_OPTION = re.compile(
    r"(?<!maia_secret_definition as )(?<![\w.'/-])"
    r"(?:[a-z]+(?:_[a-z]+)+|state(?==))(?![\w.'/-])"
)


def in_variables(error: CollectionError, step: Step, renamed: Mapping[str, str]) -> CollectionError:
    """The same error. step: what failed. renamed: variables that others were put in place of."""

    def words(text: str) -> str:
        return _OPTION.sub(lambda found: _variable(found[0], step, renamed), text)

    reason, hint = words(error.reason), words(error.hint)
    if (reason, hint) == (error.reason, error.hint):
        return error
    told = error.told_as(reason=reason, hint=hint)
    told.changed = error.changed
    return told


def _variable(option: str, step: Step, renamed: Mapping[str, str]) -> str:
    """How a user gives the option: a variable, or an entry of one; itself if it is none."""
    if option not in step.operation.spec.options:
        return option
    if option in step.variables:
        variable = step.variables[option]
        return renamed.get(variable, variable)
    if option not in step.not_of_families and step.families:
        return f"{step.families[-1]}.{option}"
    # Of another run: the key that a rollback cannot bring back is stored by an authorization.
    other = f"{PREFIX}{option}"
    return other if other in KNOWN_NAMES else option
