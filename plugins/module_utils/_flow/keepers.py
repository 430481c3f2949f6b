# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is deleted that another target keeps, or may keep, whatever is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from .._core.argspec import ArgumentSpec, RefusedOptions, Validate
from .._core.errors import CollectionError, ConfigurationError
from .._core.text import refused_option
from .._maia.model.override import parse_overrides
from .._stripe.source import KEY_SOURCES
from .claims import Secret, entry_claims, may_claim, override_claims, place_in, secret_places
from .collisions import find_collisions
from .overruled import check_overruled
from .refused import check_families, check_variables, with_types
from .variables import BY_ENVIRONMENT, FAMILIES, with_defaults
from .vaults import AUTO, VAULTS, Values, Vault

_STATE, _SECRET = "authorize_state", "authorize_secret_name"
_PROJECT, _ENVIRONMENT = "authorize_project", "authorize_environment"
_OVERRIDING = "authorize_definition"
_OUTSIDE = [vault for vault in VAULTS.values() if not vault.in_definition]
_NO_KEY = {f"authorize_{source}": None for source in KEY_SOURCES}
# Without a value of one of these it is not known which objects a target has.
_TEXTS = (
    *(_PROJECT, _ENVIRONMENT, _SECRET, "authorize_label"),
    *("authorize_definition_name", "authorize_replacement_definition"),
)
DECISIVE = (_STATE, "authorize_vault", *_TEXTS, *sorted(FAMILIES))
"""The variables that tell what a target has."""

NOTHING_KNOWN = "it has no variable of the role authorize"
"""Of a target that may be meant to have some."""

WITHOUT_EXTRA = " (without extra variables)"
"""Follows the name of a target that is looked at once more, as other runs have it."""

Other = tuple[Values, Mapping[str, str]]
"""Variables of a target, of which any may be wrong, and why others of DECISIVE are not known.

A name that is none of these is misspelt: it may be meant to be any of them.
"""


def refused_deletions(
    gone: Mapping[str, Values], others: Mapping[str, Other], validated: Validate
) -> dict[str, CollectionError]:
    """The error of each target that would take away what another one keeps.

    gone: the variables of those that are to be absent, by name, with the role's defaults. others:
    of all that may keep something; of one that goes as well, without what only its task says.
    """
    keepers, doubts = _keepers(others, gone, validated)
    unsure = {name: gone[name] for name in keepers.keys() & gone.keys()}
    found = _shared(keepers, gone, validated)
    # The first one is told.
    doubted = {
        name: doubt.error
        for doubt in reversed(doubts)
        for name, variables in gone.items()
        if doubt.may_have_secret(variables)
    }
    return {**_only_by_task(unsure), **found, **doubted}


def _shared(
    keepers: Mapping[str, Values], gone: Mapping[str, Values], validated: Validate
) -> dict[str, ConfigurationError]:
    """The errors of those that share something, or that may once variables are corrected."""
    every = {**keepers, **gone}
    suspects = find_collisions(every, _no_key, may_claim).keys()
    wrong = {name for name in suspects if _is_wrong(name, every[name], validated)}
    found: dict[str, ConfigurationError] = {}
    # What is wrong may be meant to be anything alike; what is right is what it says.
    for names, meant in (
        (suspects & (gone.keys() | wrong), may_claim),
        (suspects & (every.keys() - gone.keys() | wrong), may_claim),
        (suspects - wrong, partial(may_claim, wrong=False)),
    ):
        compared = {name: each for name, each in every.items() if name in names}
        found |= find_collisions(compared, _no_key, meant)
    return found


def refused_purges(
    purging: Mapping[str, Values], others: Mapping[str, Other], validated: Validate
) -> dict[str, CollectionError]:
    """The error of each target that would remove an override that another one gives.

    purging: the variables of those that purge_overrides, or whose override is null.
    """
    keepers, doubts = _keepers(others, purging, validated)
    found = find_collisions({**keepers, **purging}, _no_key, override_claims)
    error = next((doubt.error for doubt in doubts if doubt.vault is None), None)
    return {**found, **(dict.fromkeys(purging, error) if error else {})}


def refused_purges_of_entries(
    purging: Mapping[str, Values], others: Mapping[str, Other], validated: Validate
) -> dict[str, CollectionError]:
    """The error of each target that would remove tags, grants or the like that another one gives.

    Whoever has variables that do not tell what it gives stops only those that may have its secret:
    an inventory may purge tags in all its runs.
    """
    keepers, doubts = _keepers(others, purging, validated)
    # What these hold tells where a secret is, and what it is given.
    unread = [
        _Doubt(_undecided(name, why), None, held)
        for name, (held, unknown) in others.items()
        for why in [unknown.get(vault.family) for vault in _OUTSIDE]
        if why and held.get(_STATE) != "absent"
    ]
    secrets = {name: dict(secret_places(variables)) for name, variables in purging.items()}
    doubted = {
        name: doubt.error
        for doubt in (*doubts, *unread)
        for name, places in secrets.items()
        if doubt.may_be_one_of(places)
    }
    return {**doubted, **find_collisions({**keepers, **purging}, _no_key, entry_claims)}


def removes_entries(variables: Values) -> bool:
    """Whether a target removes what others may have given to the secret."""
    for vault in _OUTSIDE:
        options = variables.get(vault.family)
        if isinstance(options, Mapping) and any(
            options.get(purge) for purge in vault.settings.values() if purge
        ):
            return True
    return False


def removes_overrides(variables: Values) -> bool:
    """Whether a target removes overrides from its definition that others may give."""
    options = variables.get(_OVERRIDING)
    if not isinstance(options, Mapping):
        return False
    overrides = options.get("environment_overrides")
    nulls = isinstance(overrides, Mapping) and None in overrides.values()
    return bool(options.get("purge_overrides")) or nulls


@dataclass(frozen=True)
class _Doubt:
    """A target of which is not known what it keeps.

    vault: what it keeps there, as it lacks nothing but the name of its secret; None for all else.
    held: its variables, of which any may be wrong.
    """

    error: CollectionError
    vault: str | None
    held: Values

    def may_have_secret(self, gone: Values) -> bool:
        """Whether it may need the secret of a target that goes, as far as their vaults say."""
        vault = gone["authorize_vault"]
        return self.vault is None or vault == self.vault or vault not in VAULTS

    @cached_property
    def secrets(self) -> dict[Secret, Mapping[str, str]]:
        """Those that it may name, each with what is known of where it is."""
        names = (_SECRET, "authorize_vault", *(vault.family for vault in _OUTSIDE))
        told = {name: self.held[name] for name in names if self.held.get(name) is not None}
        return dict(secret_places(with_defaults(told))) if _SECRET in told else {}

    def may_be_one_of(self, others: Mapping[Secret, Mapping[str, str]]) -> bool:
        """Whether it names one of these secrets, as far as it says where that is."""
        return any(
            all(self.secrets[secret].get(name, at) == at for name, at in known.items())
            for secret, known in others.items()
            if secret in self.secrets
        )


def _keepers(
    others: Mapping[str, Other], taking: Mapping[str, Values], validated: Validate
) -> tuple[dict[str, Values], list[_Doubt]]:
    """What each one keeps, and those of which that is not known.

    taking: those that may take it away, and are not at odds with themselves.
    """
    keepers: dict[str, Values] = {}
    doubts: dict[str, _Doubt] = {}
    for name, (held, unknown) in others.items():
        if held.get(_STATE) == "absent" or not (held or unknown):
            continue  # it is to go as well, or is none of ours
        try:
            keepers[name] = kept = _kept(name, held, unknown, validated)
        except ConfigurationError as error:
            doubts[name] = _Doubt(error, None, held)
            continue
        if _lacks_secret(kept):
            vault = kept["authorize_vault"]
            known = vault if vault in VAULTS else None
            doubts[name] = _Doubt(_undecided(name, f"it has no {_SECRET}"), known, held)
        elif name not in taking and _may_be_in_another_vault(kept):
            keepers[f"{name} (in another vault)"] = {**kept, "authorize_vault": AUTO}
    return keepers, [
        replace(doubt, error=_by_extra(doubt.error))
        if f"{name}{WITHOUT_EXTRA}" in keepers
        else doubt
        for name, doubt in doubts.items()
    ]


def _lacks_secret(kept: Values) -> bool:
    """Whether a target has to have a secret beside its definition, and none is named."""
    vault = VAULTS.get(str(kept["authorize_vault"]))
    elsewhere = vault is None and any(kept[each.family] for each in _OUTSIDE)
    return (elsewhere or (vault is not None and not vault.in_definition)) and kept[_SECRET] is None


def _may_be_in_another_vault(kept: Values) -> bool:
    """Whether the vault that is named takes none of what is given for a secret."""
    vault = VAULTS.get(str(kept["authorize_vault"]))
    return vault is not None and kept[_SECRET] is not None and place_in(vault, kept) is None


def _is_wrong(target: str, variables: Values, validated: Validate) -> bool:
    """Whether a target would be refused for its variables, so that they may still change."""
    texts = [variables[name] for name in _TEXTS if variables[name] is not None]
    try:
        check_variables(target, {**variables, **_NO_KEY}, validated)
    except (ConfigurationError, RefusedOptions):
        return True
    vault = VAULTS.get(variables["authorize_vault"])
    placed = vault is None or vault.in_definition or place_in(vault, variables) is not None
    known = vault is not None or variables["authorize_vault"] == AUTO
    return not (known and placed and all(text == text.strip() for text in texts))


def _kept(
    target: str, held: Values, unknown: Mapping[str, str], validated: Validate
) -> dict[str, Any]:
    """The target's variables, of which those may be wrong that still tell what it has.

    Raises ConfigurationError where they do not.
    """
    for name, why in unknown.items():
        if name in (*_TEXTS, _OVERRIDING) or name not in DECISIVE:
            raise _undecided(target, why)
    # What is empty is not given.
    given = {name: value for name, value in held.items() if str(value).strip()}
    for name in _TEXTS:
        if refused := _no_text(given.get(name)):
            raise _undecided(target, f"in its variable {name} {refused}")
    vault = VAULTS.get(str(given.get("authorize_vault")))
    # That of the role's defaults, where there is no environment to complete it.
    named = given.get("authorize_definition_name", BY_ENVIRONMENT) != BY_ENVIRONMENT
    if _ENVIRONMENT not in given and not named:
        raise _undecided(target, f"it has no {_ENVIRONMENT}, which names its definition")
    try:
        check_overruled(given)
        check_families(target, given)
        kept = with_types(target, with_defaults(given), validated)
        _check_name(vault, kept)
        _check_overriding(kept)
    except ConfigurationError as error:
        about = "" if error.subject == f"Host '{target}'" else f"{error.subject}: "
        raise _undecided(target, f"{about}{error.reason}".removeprefix(": ")) from None
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
    unnamed = (
        "name the hosts that are for Stripe Query, or their group, in authorize_hosts; if it is one"
        " of them, give it its variables, whose file may be misnamed"
    )
    wrong = (
        "correct that first; if the host is not for Stripe Query, keep the role's variables in a"
        " group that it is not in and name that group in authorize_hosts, or take it out of the"
        " inventory, as by the options projects and environments of maia_projects"
    )
    return ConfigurationError(
        f"Host '{host}'",
        f"it cannot be decided whether it keeps what is to be removed: {why}",
        unnamed if why == NOTHING_KNOWN else wrong,
    )


def _by_extra(error: CollectionError) -> CollectionError:
    """The same for a host of which all is known without the extra variables of this run."""
    return error.told_as(
        reason=f"{error.reason}; the extra variables of this run say so, which all hosts have",
        hint="run without them, or set them in the inventory for the hosts that are meant",
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
