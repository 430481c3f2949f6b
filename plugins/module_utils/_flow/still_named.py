# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is deleted that a definition in Maia still names, whatever the variables say. Pure.

Variables say what is to be: who changed a name in them, and did not run yet, still has the secret
of the name before. All definitions of the target's project count, and their overrides, whoever
made them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._core.errors import ConflictError
from .claims import Claim, may_claim, pointed_at
from .variables import with_defaults
from .vaults import Values

Settled = Mapping[str, str]
"""By the name of a definition, the name of the secret that the variables of its host give it.

Where Maia has the same, variables have told already that it is another secret of this name.
"""


@dataclass(frozen=True)
class _Pointer:
    title: str
    definition: str
    overrides: bool
    held: Mapping[str, Any]

    @property
    def objects(self) -> set[tuple[str, ...]]:
        return set(pointed_at(str(self.held["secret_name"])))

    def may_be(self, claim: Claim) -> bool:
        """Whether it names the secret of a claim, as far as it says where that is."""
        location = self.held.get("secrets_location")
        says = {"label": self.held.get("secret_label"), **(location or {})}
        # Without a label the secret goes as a whole.
        known = {name: at for name, at in claim.known if (name, at) != ("label", str(None))}
        return claim.object in self.objects and all(
            str(says[name]).casefold() == at.casefold()
            for name, at in known.items()
            if says.get(name) is not None
        )


def settled(variables: Values, others: Iterable[Values]) -> dict[str, str]:
    """What targets that stay say of their definitions in the project of one that goes."""
    found = {}
    for other in map(with_defaults, others):
        name, secret = other["authorize_definition_name"], other["authorize_secret_name"]
        stays = other["authorize_state"] != "absent" and secret is not None
        if stays and _project(other) == _project(variables):
            found[str(name)] = str(secret)
    return found


def refuse_still_named(
    target: str,
    variables: Values,
    definitions: Iterable[Values],
    *,
    going: Collection[str],
    says: Settled,
) -> None:
    """Raise ConflictError if a definition that stays names the secret that is to go.

    variables: of the target that goes. definitions: of its project, with all overrides, as
    maia_secret_definition_info has them. going: the names of those that go as well.
    """
    claims = may_claim(target, variables, wrong=False)
    own = [claim for claim in claims if claim.object[0] == "pointed at"]
    for pointer in _pointers(definitions, going):
        agreed = not pointer.overrides and bool(
            pointer.objects & set(pointed_at(says.get(pointer.definition, "")))
        )
        if not agreed and any(map(pointer.may_be, own)):
            raise ConflictError(
                f"Secret '{variables['authorize_secret_name']}'",
                f"{pointer.title} of project '{variables['authorize_project']}' still names it in"
                " Maia, or another secret of this name",
                "if the variables of its host name another one by now, authorize that host first;"
                " if nobody needs it, delete it or point it elsewhere; if it means a secret in"
                " another place, let the inventory have its host",
            )


def _pointers(definitions: Iterable[Values], going: Collection[str]) -> Iterator[_Pointer]:
    for held in definitions:
        name = str(held["name"])
        if name in going:
            continue
        title = f"secret definition '{name}'"
        if held["secret_name"] is not None:
            yield _Pointer(title, name, False, held)
        for environment, override in (held.get("environment_overrides") or {}).items():
            if override["secret_name"] is not None:
                where = f"the override for environment '{environment}' in {title}"
                yield _Pointer(where, name, True, override)


def _project(variables: Values) -> str:
    return str(variables["authorize_project"]).strip().casefold()
