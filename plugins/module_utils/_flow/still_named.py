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
from .claims import Claim, may_claim, pointed_at
from .vaults import VAULTS, Values, Vault


@dataclass(frozen=True)
class _Pointer:
    """What a definition, or an override, names in Maia. held: it, as Maia has it."""

    title: str
    held: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.held["secret_name"]).strip()

    @property
    def label(self) -> str | None:
        return str(self.held.get("secret_label") or "").strip() or None

    def may_be(self, claim: Claim) -> bool:
        """Whether it names the secret of a claim, as far as it says itself where that is."""
        known = dict(claim.known)
        place = self._place_in(VAULTS[known["kind of vault"]])
        # Without a label the secret goes as a whole.
        other_label = self.label is not None and known["label"] not in (self.label, str(None))
        differs = any(known.get(entry, at).casefold() != at for entry, at in place.items())
        return claim.object in pointed_at(self.name) and not (other_label or differs)

    def _place_in(self, vault: Vault) -> dict[str, str]:
        location = self.held.get("secrets_location") or {}
        entries = {each: location[each] for each in vault.location_entries if location.get(each)}
        given = {entry: str(held).strip().lower() for entry, held in entries.items()}
        # What is no region, say, tells nothing.
        place = vault.place({"name": "any", "label": None, **given}) if given else None
        told = {entry: at for entry, at in place.known.items() if entry in given} if place else {}
        return {
            entry: at.casefold() for entry, at in {**told, **vault.place_in_name(self.name)}.items()
        }


def still_named_in_project(
    going: Mapping[str, Values], definitions: Iterable[Values]
) -> dict[str, CollectionError]:
    """The error of each target of which a definition that stays names the secret.

    going: the variables of those that are to be absent, by name. definitions: of their project,
    with all overrides, as maia_secret_definition_info has them.
    """
    definitions = list(definitions)
    errors: dict[str, CollectionError] = {}
    left: Mapping[str, Values] = going
    while True:
        go = {str(each["authorize_definition_name"]): each for each in left.values()}
        found: dict[str, CollectionError] = {}
        for name, variables in left.items():
            try:
                _refuse(name, variables, definitions, go)
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
    going: Mapping[str, Values],
) -> None:
    """Raise ConflictError if a definition that stays names the secret that is to go.

    going: the variables of those that go as well, by the names of their definitions.
    """
    own = list(_secrets(target, variables))
    for pointer in _pointers(definitions, variables, going):
        if any(map(pointer.may_be, own)):
            named = f"'{pointer.name}'" + (f", label '{pointer.label}'" if pointer.label else "")
            raise ConflictError(
                f"Secret '{variables['authorize_secret_name']}'",
                f"{pointer.title} of project '{variables['authorize_project']}' still names it in"
                f" Maia ({named}), or another secret of this name",
                "if the variables of its host name another one by now, authorize that host first,"
                " and run again if this run does; if nobody needs it, delete it or point it"
                " elsewhere; if it means a secret in another place, list the definition in"
                " authorize_named_elsewhere",
            )


def _secrets(target: str, variables: Values) -> Iterator[Claim]:
    """The claims on what may be the target's secret."""
    claims = may_claim(target, variables, wrong=False)
    return (claim for claim in claims if claim.object[0] == "pointed at")


def _pointers(
    definitions: Iterable[Values], variables: Values, going: Mapping[str, Values]
) -> Iterator[_Pointer]:
    """Those of definitions that stay, and are not known to mean another secret."""
    elsewhere = variables["authorize_named_elsewhere"] or ()
    left_out = {variables["authorize_definition_name"], *elsewhere}
    for held in definitions:
        name = str(held["name"])
        title = f"secret definition '{name}'"
        pointer = _Pointer(title, held) if held["secret_name"] is not None else None
        # What speaks against deleting its own is told where that is done.
        if name in left_out or _goes(held, pointer, going.get(name)):
            continue
        if pointer:
            yield pointer
        for environment, override in (held.get("environment_overrides") or {}).items():
            if override["secret_name"] is not None:
                where = f"the override for environment '{environment}' in {title}"
                yield _Pointer(where, override)


def _goes(held: Values, pointer: _Pointer | None, variables: Values | None) -> bool:
    """Whether nothing that is known speaks against deleting a definition for its target."""
    if variables is None or not (held["ours"] or variables["authorize_on_foreign"] == "adopt"):
        return False
    return pointer is None or any(map(pointer.may_be, _secrets("", variables)))
