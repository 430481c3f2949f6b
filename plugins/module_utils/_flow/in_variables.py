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
from types import MappingProxyType

from .._core.argspec import RefusedOptions
from .._core.errors import CollectionError, ConfigurationError
from .._core.wording import listed
from .._stripe.source import KEY_SOURCES
from .steps import Step
from .variables import FAMILIES, KNOWN_NAMES, PREFIX
from .vaults import Values

# Not what a sentence gives to that module itself, which no variable leads to.
_OPTION = re.compile(
    r"(?<!maia_secret_definition as )(?<![\w.'/-])"
    r"(?:[a-z]+(?:_[a-z]+)+|state(?==))(?![\w.'/-])"
)


# Where nothing shows how a key is given; a file is the way that every guide begins with.
_USUAL_SOURCE = "api_key_file"
_NONE: Mapping[str, str] = MappingProxyType({})


def in_variables(
    error: CollectionError, step: Step, variables: Values, renamed: Mapping[str, str]
) -> CollectionError:
    """The same error. step: what failed. variables: those that it had.

    renamed: variables that others were put in place of.
    """

    def words(text: str) -> str:
        options = set(_OPTION.findall(text))
        # One that lists all of them leaves the choice.
        alone = options.intersection(KEY_SOURCES) == {"api_key"}
        sources = {"api_key": _source(variables)} if alone else {}

        def variable(found: re.Match[str]) -> str:
            return _variable(found[0], sources, step, variables, renamed)

        return _OPTION.sub(variable, text)

    reason, hint = words(error.reason), words(error.hint)
    if (reason, hint) == (error.reason, error.hint):
        return error
    told = error.told_as(reason=reason, hint=hint)
    told.changed = error.changed
    return told


def refused_options(
    target: str,
    refused: RefusedOptions,
    step: Step,
    variables: Values,
    renamed: Mapping[str, str] = _NONE,
) -> ConfigurationError:
    """What is wrong with the options of a target's step. variables: those of the target."""

    def named(option: str) -> str:
        return _variable(option, _NONE, step, variables, renamed)

    told = f"in {listed(step.families)} {refused}", "correct the options there"
    if refused.fault:
        told = refused.fault(named)
    return ConfigurationError(f"Host '{target}'", *told)


def _source(variables: Values) -> str:
    """The option by which the key is given."""
    given = (each for each in KEY_SOURCES if variables.get(f"{PREFIX}{each}") is not None)
    return next(given, _USUAL_SOURCE)


def _variable(
    name: str,
    sources: Mapping[str, str],
    step: Step,
    variables: Values,
    renamed: Mapping[str, str],
) -> str:
    """How a user gives the option: a variable, or an entry of one; itself if it is none."""
    if name not in step.operation.spec.options:
        return name
    option = sources.get(name, name)
    if option in step.variables:
        variable = step.variables[option]
        return renamed.get(variable, variable)
    if option not in step.not_of_families and step.families:
        return f"{_family(option, step.families, variables)}.{option}"
    # Of another run: the key that a rollback cannot bring back is stored by an authorization.
    other = f"{PREFIX}{option}"
    return other if other in KNOWN_NAMES else option


def _family(option: str, families: tuple[str, ...], variables: Values) -> str:
    """The one whose entry counts; where none has it, the first one that it is meant for."""
    given = [name for name in families if option in (variables.get(name) or ())]
    meant = [name for name in families if option in FAMILIES[name].options]
    return (given[-1:] or meant[:1] or families[-1:])[0]
