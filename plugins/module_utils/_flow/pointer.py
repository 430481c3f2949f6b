# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a target's definition is to lead to its secret, as far as variables alone tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._core.errors import ConfigurationError
from .._maia.model.pointer import (
    Named,
    agent_contradiction,
    in_override,
    pointer_contradiction,
)
from .claims import family, place_in
from .situation import Situation
from .vaults import Values

_FAMILY = "authorize_definition"


def check_pointer(situation: Situation) -> None:
    """Raise ConfigurationError for a definition that is to lead elsewhere than to the secret.

    What is to be gone leads nowhere.
    """
    if not situation.present:
        return
    subject, vault = f"Host '{situation.name}'", situation.vault.id
    hint = "correct it" if situation.finds_vault else "correct it, or authorize_vault"
    if found := agent_contradiction(vault, _options(situation).get("agent_type"), _named):
        raise ConfigurationError(subject, found, hint)
    for pointer, named in _pointers(situation):
        if found := pointer_contradiction(vault, pointer, named):
            raise ConfigurationError(subject, found, hint)
        if found := _place_contradiction(situation, pointer, named):
            raise ConfigurationError(subject, found, "correct one of them")


def _pointers(situation: Situation) -> Iterator[tuple[Values, Named]]:
    """What the definition says itself, and in the target's environment."""
    options, environment = _options(situation), situation["environment"]
    yield options, _named
    overrides = options.get("environment_overrides")
    override = overrides.get(environment) if isinstance(overrides, Mapping) else None
    if isinstance(override, Mapping):
        yield override, in_override(environment, _named)


def _place_contradiction(situation: Situation, pointer: Values, named: Named) -> str | None:
    """What of the location is another one in the variables of the vault.

    An override may lead to another secret, which may be in another place.
    """
    vault, location = situation.vault, pointer.get("secrets_location")
    place = place_in(vault, situation.variables)
    if place is None or not isinstance(location, Mapping):
        return None
    if pointer.get("secret_name") not in (None, place.stored_as):
        return None
    for entry in vault.location_entries:
        said, known = location.get(entry), place.known.get(entry)
        if said is not None and known is not None and str(said).lower() != known.lower():
            return (
                f"{named('secrets_location')} has the {entry} {str(said)[:64]}, and"
                f" {vault.family} leads to the {entry} {known}"
            )
    return None


def _options(situation: Situation) -> Values:
    return family(situation.variables, _FAMILY)


def _named(option: str) -> str:
    return f"{_FAMILY}.{option}"
