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
from types import MappingProxyType
from typing import Any

from .._core.errors import ConflictError
from .._core.wording import listed
from .._maia.model.definition import definition_place
from .claims import Claim, Known, may_be_the_same, may_claim, pointed_at
from .vaults import VAULTS, Values

_ELSEWHERE = "authorize_named_elsewhere"
_EXACT = frozenset({"kind of vault", "name", "label"})
_ACCOUNT = frozenset({"api_url", "region", "client_id"})
# A project, and what is known of its account of Maia.
_Home = tuple[str | None, Known]
SHARER_HINT = (
    "correct that, or, if it has another secret, set what tells their places apart, such as"
    " profile; a host that is done with can be taken out of the inventory"
)
Going = Mapping[str, Collection[str]]
"""Names of definitions, by what variables call their project: its name or its id."""

NOTHING: Going = MappingProxyType({})
# Then the secret goes as a whole.
_WITHOUT_LABEL = str(None)


@dataclass(frozen=True)
class _Pointer:
    """What a definition, or an override, names in Maia. held: it, as Maia has it.

    projects: the id and the name of its project.
    """

    title: str
    projects: tuple[str, ...]
    definition: str
    held: Mapping[str, Any]

    def goes(self, going: Going) -> bool:
        return any(self.definition in going.get(project, ()) for project in self.projects)

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


def check_not_named(variables: Values, listings: Sequence[Values], going: Going) -> None:
    """Raise ConflictError if what is not to go names the secret of a target that is to be absent.

    listings: of its project, and of sharing_projects(), as maia_secret_definition_info returns them
    for all environments. going: those that are to go, its own too.
    """
    for pointer in _naming(variables, listings, whole=False):
        if not pointer.goes(going):
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
    variables: Values, listings: Sequence[Values], *, whole: bool, gone: Going = NOTHING
) -> str | None:
    """What names a secret that was to be deleted, in a sentence; None if nothing does.

    listings: as above, once the target's own definition is deleted. whole: whether the secret would
    be deleted with all of its labels. gone: definitions that are taken for gone.
    """
    for pointer in _naming(variables, listings, whole=whole):
        if not pointer.goes(gone):
            named = pointer.names_it("named", _or_another(pointer, variables))
            return (
                f"Secret '{variables['authorize_secret_name']}' was not deleted: {named}. Run again"
                " when that is gone, or, if it means a secret in another place, with the definition"
                f" in {_ELSEWHERE}."
            )
    return None


def sharing_projects(
    going: Mapping[str, Values],
) -> tuple[dict[str, list[str]], dict[str, ConflictError]]:
    """Other projects of which hosts that are to go as well may have the secret of each target.

    And the error of each target of which these cannot be asked.
    """
    # By the secret, where that is, and the target.
    objects: defaultdict[tuple[str, ...], defaultdict[Known, dict[str, _Home]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for name, variables in going.items():
        for claim in _secrets(name, variables):
            objects[claim.object][claim.known][name] = _home_of(variables)
    found: defaultdict[str, dict[_Home, str]] = defaultdict(dict)
    for places in objects.values():
        same = ((place, place) for place in places)
        for one, other in (*same, *may_be_the_same(list(places))):
            both = {**places[one], **places[other]}
            homes = {home: name for name, home in both.items()}
            for name, own in both.items() if len(homes) > 1 else ():
                found[name] |= {home: host for home, host in homes.items() if home != own}
    errors = {
        name: error
        for name, homes in found.items()
        for home, host in homes.items()
        if (error := _cannot_ask(going[name], home, host))
    }
    return {
        name: sorted({str(project) for project, _account in homes})
        for name, homes in found.items()
        if homes
    }, errors


def _home_of(variables: Values) -> _Home:
    project = variables["authorize_project"]
    maia = variables["authorize_maia"]
    place = definition_place("", maia if isinstance(maia, Mapping) else {})
    account = tuple(sorted((name, at) for name, at in place.items() if name in _ACCOUNT))
    return None if project is None else str(project).strip(), account


def _cannot_ask(variables: Values, home: _Home, host: str) -> ConflictError | None:
    (project, account), (_own, own) = home, _home_of(variables)
    if project is None:
        why = "has no authorize_project"
    elif account != own and not any(may_be_the_same([account, own])):
        why = "is in another account of Maia"
    else:
        return None
    return ConflictError(
        f"Secret '{variables['authorize_secret_name']}'",
        f"host '{host}' may share it, and {why}, so that nobody knows what still names it there",
        SHARER_HINT,
    )


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
        called = (listing["project"]["id"], project)
        for held in listing["definitions"]:
            name = str(held["name"])
            title = f"secret definition '{name}' of project '{project}'"
            if held["secret_name"] is not None:
                yield _Pointer(title, called, name, held)
            for environment, override in (held.get("environment_overrides") or {}).items():
                if override["secret_name"] is not None:
                    where = f"the override for environment '{environment}' in {title}"
                    yield _Pointer(where, called, name, override)


def _or_another(pointer: _Pointer, variables: Values) -> str:
    if pointer.definition in (variables[_ELSEWHERE] or ()):
        return f", with its place, so that {_ELSEWHERE} cannot say otherwise"
    return ", or another secret of this name"


def _not_there(variables: Values, listings: Iterable[Values]) -> str:
    """What of the list is no definition, which may be why another one is missing in it."""
    names = {str(held["name"]) for listing in listings for held in listing["definitions"]}
    missing = [name for name in variables[_ELSEWHERE] or () if name not in names]
    return f", which has no definition called {listed(missing)}" if missing else ""


def definitions_of_all(targets: Iterable[Values]) -> dict[str, list[str]]:
    """The definitions of targets. Their variables have defaults."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in targets:
        found[str(each["authorize_project"]).strip()].add(str(each["authorize_definition_name"]))
    return {project: sorted(names) for project, names in found.items()}
