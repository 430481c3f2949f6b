# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is deleted that a definition in Maia still names, whatever the variables say. Pure.

Variables say what is to be: who changed a name in them, and did not run yet, still has the secret
of the name before. All definitions of the target's project count, and their overrides, whoever
made them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._core.errors import CollectionError, ConflictError
from .._maia.model.pointer import leads_elsewhere
from .claims import Claim, may_claim, pointed_at
from .situation import is_absent
from .variables import with_defaults
from .vaults import VAULTS, Values, Vault

Settled = Mapping[str, str]
"""By the name of a definition, the name of the secret that the variables of its host give it.

Where Maia has the same, variables have told already that it is another secret of this name.
"""


@dataclass(frozen=True)
class _Pointer:
    """What a definition, or an override, names in Maia. held: it, as Maia has it."""

    title: str
    definition: str
    overrides: bool
    held: Mapping[str, Any]

    @property
    def objects(self) -> set[tuple[str, ...]]:
        return set(pointed_at(str(self.held["secret_name"])))

    def place_in(self, vault: Vault) -> dict[str, str]:
        """What it says itself of where in this vault its secret is."""
        location = self.held.get("secrets_location") or {}
        entries = {entry: location.get(entry) for entry in vault.location_entries}
        found = {**entries, **vault.place_in_name(str(self.held["secret_name"]).strip())}
        return {entry: str(held).casefold() for entry, held in found.items() if held is not None}

    def may_be(self, claim: Claim) -> bool:
        """Whether it names the secret of a claim, as far as it says where that is."""
        known = dict(claim.known)
        place = self.place_in(VAULTS[known["kind of vault"]])
        label = self.held.get("secret_label")
        # Without a label the secret goes as a whole.
        other_label = label is not None and known["label"] not in (label, str(None))
        elsewhere = leads_elsewhere(known["kind of vault"], self.held.get("secrets_location"))
        differs = any(known.get(entry, at).casefold() != at for entry, at in place.items())
        return claim.object in self.objects and not (other_label or elsewhere or differs)

    def tells_place_of(self, claim: Claim) -> bool:
        """Whether it says something of where the secret is that the claim says as well."""
        known = dict(claim.known)
        return bool(self.place_in(VAULTS[known["kind of vault"]]).keys() & known.keys())


def project_of(variables: Values) -> str:
    """What is the same for targets of one project, as far as their variables say."""
    return str(variables["authorize_project"]).strip().casefold()


def settled(others: Iterable[Values]) -> dict[str, dict[str, str]]:
    """What targets that stay say of their definitions, by project_of()."""
    found: dict[str, dict[str, str]] = {}
    for other in map(with_defaults, others):
        name, secret = other["authorize_definition_name"], other["authorize_secret_name"]
        if not is_absent(other) and secret is not None:
            found.setdefault(project_of(other), {})[str(name)] = str(secret)
    return found


def still_named_in_project(
    going: Mapping[str, Values],
    definitions: Iterable[Values],
    says: Mapping[str, Settled],
) -> dict[str, CollectionError]:
    """The error of each target of which a definition that stays names the secret.

    going: the variables of those that are to be absent, by name. definitions: of their project,
    with all overrides, as maia_secret_definition_info has them. says: by name.
    """
    definitions = list(definitions)
    errors: dict[str, CollectionError] = {}
    left: Mapping[str, Values] = going
    while True:
        go = {str(each["authorize_definition_name"]): each for each in left.values()}
        found: dict[str, CollectionError] = {}
        for name, variables in left.items():
            try:
                _refuse(name, variables, definitions, going=go, says=says.get(name, {}))
            except ConflictError as error:
                found[name] = error
        if not found:
            return errors
        # The definition of one that is refused stays as well.
        errors |= found
        left = {name: variables for name, variables in left.items() if name not in found}


def _refuse(
    target: str,
    variables: Values,
    definitions: Iterable[Values],
    *,
    going: Mapping[str, Values],
    says: Settled,
) -> None:
    """Raise ConflictError if a definition that stays names the secret that is to go.

    going: the variables of those that go as well, by the names of their definitions.
    """
    own = list(_secrets(target, variables))
    for pointer in _pointers(definitions, variables, going):
        said = set(pointed_at(says.get(pointer.definition, "")))
        agreed = not pointer.overrides and bool(pointer.objects & said)
        # What Maia says itself of the place counts before what variables say.
        if any(pointer.may_be(c) and (not agreed or pointer.tells_place_of(c)) for c in own):
            raise ConflictError(
                f"Secret '{variables['authorize_secret_name']}'",
                f"{pointer.title} of project '{variables['authorize_project']}' still names it in"
                " Maia, or another secret of this name",
                "if the variables of its host name another one by now, authorize that host first,"
                " and run again if this run does; if nobody needs it, delete it or point it"
                " elsewhere; if it means a secret in another place, let the inventory have its"
                " host",
            )


def _secrets(target: str, variables: Values) -> Iterator[Claim]:
    """The claims on what may be the target's secret."""
    claims = may_claim(target, variables, wrong=False)
    return (claim for claim in claims if claim.object[0] == "pointed at")


def _pointers(
    definitions: Iterable[Values], variables: Values, going: Mapping[str, Values]
) -> Iterator[_Pointer]:
    """Those of definitions that stay."""
    for held in definitions:
        name = str(held["name"])
        title = f"secret definition '{name}'"
        pointer = _Pointer(title, name, False, held) if held["secret_name"] is not None else None
        # Its own deletion tells what speaks against that.
        if name == variables["authorize_definition_name"] or _goes(held, pointer, going.get(name)):
            continue
        if pointer:
            yield pointer
        for environment, override in (held.get("environment_overrides") or {}).items():
            if override["secret_name"] is not None:
                where = f"the override for environment '{environment}' in {title}"
                yield _Pointer(where, name, True, override)


def _goes(held: Values, pointer: _Pointer | None, variables: Values | None) -> bool:
    """Whether nothing that is known speaks against deleting a definition for its target."""
    if variables is None or not (held["ours"] or variables["authorize_on_foreign"] == "adopt"):
        return False
    return pointer is None or any(map(pointer.may_be, _secrets("", variables)))
