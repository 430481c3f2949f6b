# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets that would overwrite each other's work: found before anything is contacted. Pure.

Two targets collide if, as far as their variables say, they mean the same secret and label, or the
same definition, and want something else of it. Where it cannot be decided that they mean two
different ones, they mean the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

from .._core.errors import ConfigurationError
from .._core.wording import listed
from .claims import STATE, Claim, Known, claims_of, may_be_the_same
from .key_identity import key_identities
from .vaults import AUTO, Values

_STILL_USED = "what one still uses is not deleted: let both go, or give each names of its own"
_OWN = "give each its own secret name, label, definition name or checkout, or make them equal"

KeyOf = Callable[[str], Hashable]
"""What identifies the key of the target of this name. Asked for targets that share an object."""


def find_collisions(
    targets: Mapping[str, Values],
    key_of: KeyOf,
    claims: Callable[[str, Values], Iterator[Claim]] = claims_of,
) -> dict[str, ConfigurationError]:
    """The error of each target that collides; those of one collision have the same.

    targets: the variables of each by its name, with the role's defaults. claims: may_claim() where
    variables may be wrong.
    """
    objects: dict[Hashable, list[Claim]] = defaultdict(list)
    for name, variables in targets.items():
        for claim in claims(name, variables):
            objects[claim.object].append(claim)
    errors: dict[str, ConfigurationError] = {}
    for same in objects.values():
        for group in _Object(same, key_of).collisions() if len(same) > 1 else ():
            error = _error(group, key_of)
            for claim in group:
                errors.setdefault(claim.target, error)
    return errors


def refused_targets(
    targets: Mapping[str, Values], find_vaults: Callable[[Sequence[str]], Mapping[str, str | None]]
) -> dict[str, ConfigurationError]:
    """As find_collisions(). Maia is asked only of targets that collide if auto finds one vault.

    find_vaults: the vault of each of these targets, None where that cannot be found out.
    """
    errors = find_collisions(targets, key_identities(targets))
    undecided = [name for name in errors if targets[name]["authorize_vault"] == AUTO]
    if not undecided:
        return errors
    found = {
        name: {**targets[name], "authorize_vault": vault}
        for name, vault in find_vaults(undecided).items()
        if vault
    }
    decided = {**targets, **found}
    return find_collisions(decided, key_identities(decided))


class _Object:
    """The claims on what may be one object, by place."""

    def __init__(self, claims: Iterable[Claim], key_of: KeyOf) -> None:
        self._key_of = key_of
        self._claims: dict[Known, list[Claim]] = defaultdict(list)
        for claim in claims:
            self._claims[claim.known].append(claim)
        self._wishes: dict[Known, frozenset[Hashable]] = {}
        self._leaders = {place: place for place in self._claims}

    def collisions(self) -> Iterator[list[Claim]]:
        """Groups in each of which not all want the same, and each one collides with another."""
        for one, other in may_be_the_same(list(self._claims)):
            if len(self._wish(one) | self._wish(other)) > 1:
                self._leaders[self._leader(other)] = self._leader(one)
        groups: dict[Known, list[Known]] = defaultdict(list)
        for place in self._claims:
            groups[self._leader(place)].append(place)
        for places in groups.values():
            group = [claim for place in places for claim in self._claims[place]]
            if len(group) > 1 and len(frozenset().union(*map(self._wish, places))) > 1:
                yield group

    def _leader(self, place: Known) -> Known:
        leaders = self._leaders
        while leaders[place] != place:
            place = leaders[place] = leaders[leaders[place]]
        return place

    def _wish(self, place: Known) -> frozenset[Hashable]:
        """All that is wanted of the object in this place."""
        if place not in self._wishes:
            self._wishes[place] = frozenset(
                (
                    *sorted(claim.wants.items()),
                    self._key_of(claim.target) if claim.with_key else None,
                )
                for claim in self._claims[place]
            )
        return self._wishes[place]


def _error(group: Sequence[Claim], key_of: KeyOf) -> ConfigurationError:
    names = list(dict.fromkeys(claim.target for claim in group))
    if len(names) == 1:  # nothing else of a target can be at odds with itself
        return ConfigurationError(
            f"Host '{names[0]}'",
            f"authorize_replacement_definition names {group[0].title}, which is to be deleted",
            "name another definition, or leave it out",
        )
    differences = list(_differences(group, key_of))
    return ConfigurationError(
        f"Targets {listed(names)}",
        f"they share {group[0].title}, but differ in {' and '.join(differences)}",
        f"{_STILL_USED if differences == [STATE] else _OWN}; if they are in different vaults or"
        " places, set authorize_vault and the same options, such as region and profile, for each",
    )


def _differences(group: Sequence[Claim], key_of: KeyOf) -> Iterable[str]:
    for name in dict.fromkeys(name for claim in group for name in claim.wants):
        if len({claim.wants.get(name) for claim in group}) > 1:
            yield name
            if name == STATE:
                return
    if len({key_of(claim.target) for claim in group if claim.with_key}) > 1:
        yield "key"
