# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is deleted that another target keeps, or may keep, whatever is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.argspec import ArgumentSpec, Validate
from .._core.errors import CollectionError, ConfigurationError
from .._core.text import refused_option
from .._maia.model.override import parse_overrides
from .claims import may_claim, place_in
from .collisions import find_collisions
from .overruled import check_overruled
from .refused import with_types
from .variables import FAMILIES, with_defaults
from .vaults import VAULTS, Values, Vault

_STATE, _SECRET = "authorize_state", "authorize_secret_name"
_PROJECT, _ENVIRONMENT = "authorize_project", "authorize_environment"
_OVERRIDING = "authorize_definition"
# Without a value of one of these it is not known which objects a target has.
_TEXTS = (
    *(_PROJECT, _ENVIRONMENT, _SECRET, "authorize_label"),
    *("authorize_definition_name", "authorize_replacement_definition"),
)
DECISIVE = (_STATE, "authorize_vault", *_TEXTS, *sorted(FAMILIES))
"""The variables that tell what a target has."""

Other = tuple[Values, Mapping[str, str]]
"""Variables of a target, of which any may be wrong, and why others of DECISIVE are not known."""


def refused_deletions(
    gone: Mapping[str, Values], others: Mapping[str, Other], validated: Validate
) -> dict[str, CollectionError]:
    """The error of each target that would take away what another one keeps.

    gone: the variables of those that are to be absent, by name, with the role's defaults. others:
    of all that may keep something; of one that goes as well, without what only its task says.
    """
    keepers: dict[str, Values] = {}
    errors: dict[str, CollectionError] = {}
    for name, (held, unknown) in others.items():
        is_ours = _PROJECT in {*held, *unknown} or _SECRET in held
        if held.get(_STATE) == "absent" or not is_ours:
            continue  # it is to go as well, or is none of ours
        try:
            keepers[name] = _kept(name, held, unknown, validated)
        except ConfigurationError as error:
            if _ENVIRONMENT in {*held, *unknown}:  # else it is a machine that no run is for
                errors = {**dict.fromkeys(gone, error), **errors}
    unsure = {name: gone[name] for name in keepers.keys() & gone.keys()}
    found = find_collisions({**keepers, **gone}, _no_key, may_claim)
    return {**_only_by_task(unsure), **found, **errors}


def _kept(
    target: str, held: Values, unknown: Mapping[str, str], validated: Validate
) -> dict[str, Any]:
    """The target's variables, of which those may be wrong that still tell what it has.

    Raises ConfigurationError where they do not.
    """
    if why := next((unknown[name] for name in (*_TEXTS, _OVERRIDING) if name in unknown), None):
        raise _undecided(target, why)
    # What is empty is not given.
    given = {name: value for name, value in held.items() if str(value).strip()}
    for name in _TEXTS:
        if refused := _no_text(given.get(name)):
            raise _undecided(target, f"in its variable {name} {refused}")
    vault = VAULTS.get(str(given.get("authorize_vault")))
    complete = {_PROJECT, _ENVIRONMENT} <= given.keys()
    if vault and not vault.in_definition and complete and _SECRET not in given:
        raise _undecided(target, f"it has no {_SECRET}")
    try:
        check_overruled(given)
        kept = with_types(target, with_defaults(given), validated)
        _check_name(vault, kept)
        _check_overriding(kept)
    except ConfigurationError as error:
        raise _undecided(target, error.reason) from None
    return {**kept, **{name: _usable(kept[name], FAMILIES[name]) for name in FAMILIES}}


def _no_text(value: object) -> str:
    """What it is in place of a text; a name that is wrong otherwise still tells what is meant."""
    refused = None if isinstance(value, str) else refused_option("", value, {"type": "str"})
    return refused[0] if refused else ""


def _usable(options: object, spec: ArgumentSpec) -> dict[str, Any]:
    """Further options without what is no text where one belongs: it names no place."""
    held = options if isinstance(options, Mapping) else {}
    return {
        option: value
        for option, value in held.items()
        if not refused_option("", value, spec.options.get(option, {}))
    }


def _check_name(vault: Vault | None, kept: Values) -> None:
    """Raise ConfigurationError for a name of which the vault has no secret, such as a URL."""
    if vault is None or kept[_SECRET] is None or place_in(vault, kept):
        return
    if place_in(vault, {**kept, _SECRET: "x"}):
        raise ConfigurationError(
            "", f"{vault.title} takes no secret of the name in {_SECRET}", "correct it"
        )


def _check_overriding(kept: Values) -> None:
    """Raise ConfigurationError if it is unknown which secrets overrides point at."""
    options = kept[_OVERRIDING]
    if not isinstance(options, Mapping):
        raise ConfigurationError("", f"its variable {_OVERRIDING} is no dictionary", "correct it")
    overrides = options.get("environment_overrides")
    if not isinstance(overrides, Mapping | None):
        raise ConfigurationError("", "its environment_overrides are no dictionary", "correct it")
    parse_overrides(str(kept["authorize_definition_name"]), overrides)


def _no_key(_name: str) -> str:
    """Keys are not compared: whatever it is, it must not go."""
    return "not compared"


def _undecided(host: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"Host '{host}'",
        f"it cannot be decided whether it keeps what is to be deleted: {why}",
        "correct that first, or take the host out of this inventory",
    )


def _only_by_task(gone: Mapping[str, Values]) -> dict[str, CollectionError]:
    """The errors of those that share something. A condition may leave some of them out."""
    # As if each were to be in another state, so that whatever they share is a collision.
    apart = {name: {**variables, "authorize_state": name} for name, variables in gone.items()}
    return {
        name: error.told_as(
            reason="they share a secret or a definition, and only variables of a task, an include"
            " or a role say that they are to go, which may be for some of them",
            hint="set authorize_state in the inventory, or in the variables of the play",
        )
        for name, error in find_collisions(apart, _no_key, may_claim).items()
    }
