# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that are refused before anything is written, each in one sentence. Pure.

The role and a rollout of many targets have these checks in common. A sentence names the target and
the variable as the user wrote it, and quotes no value that could be a secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from .._core.argspec import ArgumentSpec, RefusedOptions, Validate
from .._core.errors import ConfigurationError
from .._core.faults import KINDS
from .._core.misplaced import check_misplaced
from .._core.text import refused_option, refused_value
from .._core.wording import is_almost, nearest
from .overruled import check_overruled
from .playbook_names import PLAYBOOK_NAMES, REPORT_NAMES
from .variables import FAMILIES, KNOWN_NAMES, OF_PLAYBOOKS, PREFIX, ROLE, ROLE_SPEC, complete
from .vaults import Values

# Of these a module makes what it is of a text.
_OF_KIND = {
    kind: ArgumentSpec(options={"value": {"type": kind}}) for kind in ("bool", "dict", "list")
}

# Which of the collection's playbooks is running, as that says itself.
_PLAYBOOK = "__stripe_query_playbook"
# What playbooks set themselves.
SET_BY_PLAYBOOKS = frozenset(
    {
        *("audit_result", "discover_result"),
        *("report_results", "report_outcome", "report_remarks"),
    }
)
# What a play is made with, when no variable of the inventory is known yet.
BEFORE_HOSTS = ("authorize_hosts",)
# What several of them have, some of which have no name.
_OF_ALL = {*REPORT_NAMES, *OF_PLAYBOOKS}


def check_names(target: str, variables: Values) -> None:
    """Raise ConfigurationError for the first variable with a known prefix that there is not.

    Known are the prefix of the role's variables, and that of the playbook that is running.
    So it does for one that is almost known. variables: all of the host. Their values are not looked
    at.
    """
    _check_almost(target, variables)
    _check_prefix(target, variables, f"the role {ROLE}", PREFIX, KNOWN_NAMES)
    playbook = str(variables.get(_PLAYBOOK))
    # AWX itself gives its jobs variables that begin like those of the playbook awx.
    prefix = f"{playbook.partition('_')[0]}_"
    own = {name for name in PLAYBOOK_NAMES.get(playbook, ()) if name.startswith(prefix)}
    if own and prefix != PREFIX and "awx_job_id" not in variables:
        _check_prefix(target, variables, f"the playbook {playbook}", prefix, frozenset(own))


def check_common(target: str, variables: Values, first: Values) -> None:
    """Raise ConfigurationError for a playbook's variable that is another one for this host.

    first: the variables of the play's first host, which count for all; neither are evaluated.
    """
    refuse_too_late(f"{_subject(target)}: variable", variables, first)
    names = _OF_ALL.union(PLAYBOOK_NAMES.get(str(first.get(_PLAYBOOK)), ()))
    for name in sorted(names - SET_BY_PLAYBOOKS):
        if variables.get(name) != first.get(name):
            raise ConfigurationError(
                _subject(target),
                f"its variable {name} is not that of the first host, which counts for all",
                f"give {name} to all hosts of the run, or as an extra variable",
            )


def refuse_too_late(subject: str, variables: Values, in_time: Iterable[str]) -> None:
    """Raise ConfigurationError for a variable that the play was made without, and so ignores.

    subject: begins with this, and ends with the name. variables: all of a host, not evaluated.
    in_time: the names of those that the play was made with.
    """
    known = set(in_time)
    for name in BEFORE_HOSTS:
        if name not in known and variables.get(name) is not None:
            raise ConfigurationError(
                f"{subject} {name}",
                "it is in the inventory or a fact, and a play's hosts are chosen before these are"
                " known",
                "take it out there, and give it as an extra variable with -e, or in the vars of"
                " import_playbook",
            )


def _check_almost(target: str, names: Iterable[str]) -> None:
    """Raise ConfigurationError for a misspelt prefix of the role's variables."""
    for name in names:
        if known := _almost(name):
            raise ConfigurationError(
                _subject(target),
                f"its variable {name[:64]} is almost that of the role {ROLE}, and would be ignored",
                f"write {known}, or choose another name for a variable of your own",
            )


@lru_cache(4096)  # most hosts have variables of the same names
def _almost(name: str) -> str | None:
    """The variable of the role that this name is almost."""
    word, line, rest = name.partition("_")
    known = f"{PREFIX}{rest.lower()}"
    misspelt = known in KNOWN_NAMES and f"{word}{line}" != PREFIX
    return known if misspelt and is_almost(f"{word}{line}", PREFIX) else None


def _check_prefix(
    target: str, names: Iterable[str], owner: str, prefix: str, known: frozenset[str]
) -> None:
    unknown = sorted({name for name in names if name.startswith(prefix)} - known)
    if unknown:
        raise ConfigurationError(
            _subject(target),
            f"{owner} has no variable {unknown[0][:64]}, and would ignore it",
            f"{nearest(unknown[0], known)}, or choose a name without the prefix"
            f" {prefix} for a variable of your own",
        )


def check_variables(target: str, given: Values, validated: Validate) -> dict[str, Any]:
    """A target's variables with the role's defaults.

    Raises ConfigurationError. What is right by our rules and wrong by Ansible's is RefusedOptions.
    """
    check_misplaced(ROLE_SPEC, given)
    check_overruled(given)
    _check_given(target, given)
    try:
        return with_types(target, complete(given, validated), validated)
    except RefusedOptions as refused:
        if refused.fault is None:
            raise
        raise ConfigurationError(_subject(target), *refused.fault(str)) from None


def with_types(target: str, variables: Values, validated: Validate) -> dict[str, Any]:
    """The same with what modules will make of texts among further options, such as JSON.

    variables: with the role's defaults. Raises ConfigurationError.
    """
    return {**variables, **{name: _typed(target, name, variables, validated) for name in FAMILIES}}


def _typed(target: str, name: str, variables: Values, validated: Validate) -> Any:
    options = variables[name]
    if not isinstance(options, Mapping):
        return options
    made: dict[str, Any] = {}
    for option, held in options.items():
        kind = FAMILIES[name].options.get(option, {}).get("type")
        if isinstance(held, str) and kind in _OF_KIND:
            try:
                made[option] = validated(ROLE, _OF_KIND[kind], {"value": held})["value"]
            except RefusedOptions:
                reason, hint = KINDS[kind]
                raise _wrong(target, name, f"{option} is wrong: {reason}", hint) from None
    return {**options, **made}


def sendable(target: Values) -> dict[str, Any]:
    """The target, or its refusal if one of its variables holds what nobody can send."""
    for name, value in target.items():
        if name != "name" and (refused := refused_value(value)):
            error = _wrong(target["name"], name, *refused)
            return {"name": target["name"], "refusal": str(error)}
    return dict(target)


def _subject(target: str) -> str:
    return f"Host '{target}'"


def _check_given(target: str, given: Values) -> None:
    for name, rules in ROLE_SPEC.options.items():
        value = given.get(name)
        if value is None:
            if rules.get("required"):
                raise ConfigurationError(
                    _subject(target),
                    f"the variable {name} is not given",
                    "give it the name that it has in Maia",
                )
            continue
        if rules["type"] == "dict":
            _check_family(target, name, value)
        if isinstance(value, str) and not value.strip():
            raise _wrong(target, name, "there is an empty text", "give a value, or null for none")
        if refused := refused_option(name, value, rules):
            raise _wrong(target, name, *refused)


def check_families(target: str, given: Values) -> None:
    """Raise ConfigurationError for an option that there is not, which would be ignored."""
    for name, spec in FAMILIES.items():
        options, known = given.get(name), spec.names
        if not isinstance(options, Mapping):
            continue
        if unknown := sorted(str(option) for option in options if option not in known):
            wrong = f"there is no option {unknown[0][:64]}"
            raise _wrong(target, name, wrong, nearest(unknown[0], known))


def _check_family(target: str, name: str, value: object) -> None:
    """Ansible would make a dictionary of some texts, and print all options for a wrong one."""
    if not isinstance(value, Mapping):
        raise _wrong(target, name, *KINDS["dict"])
    check_families(target, {name: value})
    for option, held in value.items():
        rules = FAMILIES[name].options.get(option, {})
        if refused := refused_option(option, held, rules):
            reason, hint = refused
            raise _wrong(target, name, f"{option} is wrong: {reason}", hint)


def _wrong(target: str, name: str, reason: str, hint: str) -> ConfigurationError:
    return ConfigurationError(_subject(target), f"in the variable {name} {reason}", hint)
