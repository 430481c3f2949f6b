# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is deleted that a definition in Maia still names, whatever the variables say. Pure.

Variables say what is to be: who changed a name in them, and did not run yet, still has the secret
of the name before; and what is to be deleted as well is not deleted yet. All definitions of the
target's project count, and their overrides, whoever made them.

A target is refused at first if one names its secret that is not to go. Its secret is kept if one
still does once its own definition is deleted: the last of those that share it takes it along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._core.errors import ConflictError
from .._core.wording import listed
from .claims import Claim, Known, may_be_the_same, may_claim, pointed_at
from .vaults import VAULTS, Values

_ELSEWHERE = "authorize_named_elsewhere"
_EXACT = frozenset({"kind of vault", "name", "label"})
# Then the secret goes as a whole.
_WITHOUT_LABEL = str(None)


@dataclass(frozen=True)
class _Pointer:
    """What a definition, or an override, names in Maia. held: it, as Maia has it."""

    title: str
    definition: str
    held: Mapping[str, Any]

    def names_it(self, names: str, doubt: str) -> str:
        label = f", label '{self.label}'" if self.label else ""
        return f"{self.title} still {names} it in Maia ('{self.name}'{label}){doubt}"

    @property
    def name(self) -> str:
        return str(self.held["secret_name"]).strip()

    @property
    def label(self) -> str | None:
        return str(self.held.get("secret_label") or "").strip() or None

    def place(self, claim: Claim) -> Mapping[str, str]:
        """What it says itself of where its secret is."""
        told = VAULTS[dict(claim.known)["kind of vault"]].place_in_name(self.name)
        return {entry: at.casefold() for entry, at in told.items()}

    def may_be(self, claim: Claim, *, whole: bool) -> bool:
        """Whether it may name the secret of a claim. whole: that goes with all of its labels."""
        known = dict(claim.known)
        anywhere = VAULTS[known["kind of vault"]].replicated_over
        other_label = (
            not whole
            and self.label is not None
            and known["label"] not in (self.label, _WITHOUT_LABEL)
        )
        differs = any(
            known.get(entry, at).casefold() != at
            for entry, at in self.place(claim).items()
            if entry not in anywhere
        )
        return claim.object in pointed_at(self.name) and not (other_label or differs)

    def is_surely(self, claim: Claim) -> bool:
        """Whether it says all of the place that is known of a claim, and is right."""
        place = {name: at.casefold() for name, at in claim.known if name not in _EXACT}
        return bool(place) and self.place(claim) == place


def check_not_named(variables: Values, listings: Sequence[Values], going: Collection[str]) -> None:
    """Raise ConflictError if what is not to go names the secret of a target that is to be absent.

    listings: of its project, and of sharing_projects(), as maia_secret_definition_info returns them
    for all environments. going: the names of those that are to go, its own too.
    """
    for pointer in _naming(variables, listings, whole=False):
        if pointer.definition not in going:
            raise ConflictError(
                f"Secret '{variables['authorize_secret_name']}'",
                pointer.names_it("names", _or_another(pointer, variables)),
                "if the variables of its host name another one by now, authorize that host first,"
                " and run again if this run does; if it is to go as well, make its host absent, and"
                " let both go in one task; if it belongs to no host, make one for it that is"
                " absent, or delete it; if it means a secret in another place, list the definition"
                f" in {_ELSEWHERE}" + _not_there(variables, listings),
            )


def kept_because(
    variables: Values, listings: Sequence[Values], *, whole: bool, gone: Collection[str] = ()
) -> str | None:
    """What names a secret that was to be deleted, in a sentence; None if nothing does.

    listings: as above, once the target's own definition is deleted. whole: whether the secret would
    be deleted with all of its labels. gone: the names of definitions that are taken for gone.
    """
    for pointer in _naming(variables, listings, whole=whole):
        if pointer.definition not in gone:
            named = pointer.names_it("named", _or_another(pointer, variables))
            return (
                f"Secret '{variables['authorize_secret_name']}' was not deleted: {named}. Run again"
                " when that is gone, or, if it means a secret in another place, with the definition"
                f" in {_ELSEWHERE}."
            )
    return None


def sharing_projects(going: Mapping[str, Values]) -> dict[str, list[str]]:
    """Other projects of which hosts that are to go as well may have the secret of each target."""
    # The project of each target, by its secret and where that is.
    objects: defaultdict[tuple[str, ...], defaultdict[Known, dict[str, str]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for name, variables in going.items():
        for claim in _secrets(name, variables):
            objects[claim.object][claim.known][name] = _project_of(variables)
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for places in objects.values():
        same = ((place, place) for place in places)
        for one, other in (*same, *may_be_the_same(list(places))):
            both = {**places[one], **places[other]}
            projects = dict.fromkeys(both.values())
            for name, project in both.items() if len(projects) > 1 else ():
                found[name] |= {each: None for each in projects if each != project}
    return {name: list(projects) for name, projects in found.items() if projects}


def _project_of(variables: Values) -> str:
    return str(variables["authorize_project"]).strip()


def _secrets(target: str, variables: Values) -> Iterator[Claim]:
    """The claims on what may be the target's secret."""
    claims = may_claim(target, variables, wrong=False)
    return (claim for claim in claims if claim.object[0] == "pointed at")


def _naming(variables: Values, listings: Iterable[Values], *, whole: bool) -> Iterator[_Pointer]:
    """Those that may name the target's secret, and are not known to mean another one."""
    elsewhere = variables[_ELSEWHERE] or ()
    own = list(_secrets("", variables))
    for pointer in _pointers(listings):
        meant = (claim for claim in own if pointer.may_be(claim, whole=whole))
        # What it says itself counts more than the list.
        if any(map(pointer.is_surely, meant) if pointer.definition in elsewhere else meant):
            yield pointer


def _pointers(listings: Iterable[Values]) -> Iterator[_Pointer]:
    for listing in listings:
        project = listing["project"]["name"] or listing["project"]["id"]
        for held in listing["definitions"]:
            name = str(held["name"])
            title = f"secret definition '{name}' of project '{project}'"
            if held["secret_name"] is not None:
                yield _Pointer(title, name, held)
            for environment, override in (held.get("environment_overrides") or {}).items():
                if override["secret_name"] is not None:
                    where = f"the override for environment '{environment}' in {title}"
                    yield _Pointer(where, name, override)


def _or_another(pointer: _Pointer, variables: Values) -> str:
    if pointer.definition in (variables[_ELSEWHERE] or ()):
        return f", with its place, so that {_ELSEWHERE} cannot say otherwise"
    return ", or another secret of this name"


def _not_there(variables: Values, listings: Iterable[Values]) -> str:
    """What of the list is no definition, which may be why another one is missing in it."""
    names = {str(held["name"]) for listing in listings for held in listing["definitions"]}
    missing = [name for name in variables[_ELSEWHERE] or () if name not in names]
    return f", which has no definition called {listed(missing)}" if missing else ""
