# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a definition says of its secret, compared with the vault that the secret is in. Pure.

Only what is known to contradict the vault does: what Maia has no word for may be right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..unverified import LOCATION_VAULTS, REFERENCE_AGENT_VAULTS

# Maia's form has "Secret key" for AWS. What Matillion's own vault has is not published.
# https://docs.matillion.com/data-productivity-cloud/designer/docs/secret-definitions/
WITHOUT_LABELS = frozenset({"azure", "snowflake"})

Named = Callable[[str], str]
"""How the user gives an option of a definition."""


def leads_elsewhere(vault: str, location: object) -> bool:
    """Whether a definition's secrets_location is in a vault of another kind."""
    kind = _vault_of(location)
    return kind is not None and vault in LOCATION_VAULTS.values() and kind != vault


def agent_contradiction(vault: str, agent_type: object, named: Named = str) -> str | None:
    """What contradicts the vault in a definition for this kind of runner."""
    kind = REFERENCE_AGENT_VAULTS.get(str(agent_type))
    if kind in (None, vault) or vault not in REFERENCE_AGENT_VAULTS.values():
        return None
    return (
        f"{named('agent_type')} is {agent_type}, and such a runner reads the vault '{kind}', and"
        f" not '{vault}'"
    )


def pointer_contradiction(
    vault: str, pointer: Mapping[str, Any], named: Named = str, *, labels: bool = True
) -> str | None:
    """What contradicts the vault in a definition's options, or in those of an override.

    labels: whether the API that is used has labels for one vault only.
    """
    location: Any = pointer.get("secrets_location")
    label = pointer.get("secret_label")
    if leads_elsewhere(vault, location):
        return (
            f"{named('secrets_location')} has the type {location['type']}, which is of the vault"
            f" '{_vault_of(location)}', and not of '{vault}'"
        )
    if labels and label and vault in WITHOUT_LABELS:
        return (
            f"{named('secret_label')} is '{label}', and secrets in the vault '{vault}' have no"
            " labels"
        )
    return None


def in_override(environment: str, named: Named = str) -> Named:
    """How an option of an override is called."""
    return lambda option: f"{option} in {named('environment_overrides')} for '{environment}'"


def _vault_of(location: object) -> str | None:
    """The vault that a location's type names; None if it is not known."""
    kind = location.get("type") if isinstance(location, Mapping) else None
    return LOCATION_VAULTS.get(kind.partition("_")[0].upper()) if isinstance(kind, str) else None
