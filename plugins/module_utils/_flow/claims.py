# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a target wants of which object: the secret that it writes, and the definition.

Pure, but for the links in the path of a checkout.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import PurePath

from .._maia.model.definition import definition_place
from .._secret.place import Place
from .vaults import AUTO, DEFINITION_SETTINGS, OVERRIDES, VAULTS, Settings, Values, Vault

STATE = "state"
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
# https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
_WHOLE = re.compile(
    r"(?:^arn:.*?:secret:|^(?:https?://)?[^/]*[.:][^/]*/+secrets/+)([^?#]*?)(?:/[0-9a-f]{32})?/*"
    r"(?:[?#].*)?$",
    re.I,
)
_VERSION = re.compile(r"/[0-9a-f]{32}$", re.I)
_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")
_DEFINITION = "authorize_definition"
# Of what a definition points at.
_EXACT = ("name", "label")
# How errors call an entry of an option.
_ENTRIES = {"environment_overrides": "override in environment", "tags": "tag"}

Secret = tuple[str, ...]
"""What a secret with all of its labels is called in a Claim."""


Known = tuple[tuple[str, str], ...]
"""What is known of where an object is, as Place.known has it, in order."""


@dataclass(frozen=True)
class Claim:
    """object: the same for targets that may mean the same one. title: it in words.

    wants: what it is to be like. with_key: whether it is to hold the target's key as well.
    """

    target: str
    object: tuple[str, ...]
    title: str
    known: Known
    wants: Mapping[str, Hashable]
    with_key: bool


def may_be_the_same(places: Sequence[Known]) -> Iterator[tuple[Known, Known]]:
    """The pairs of places that differ in no entry that both have.

    Places with the same entries are compared at once by what they have: a fleet has thousands.
    """
    shapes: dict[frozenset[str], list[Known]] = defaultdict(list)
    for place in places:
        shapes[frozenset(name for name, _value in place)].append(place)
    for one, other in combinations(shapes, 2):
        common = one & other
        found: dict[Known, list[Known]] = defaultdict(list)
        for place in shapes[one]:
            found[_only(place, common)].append(place)
        for place in shapes[other]:
            for same in found.get(_only(place, common), ()):
                yield same, place


def _only(place: Known, names: frozenset[str]) -> Known:
    return tuple(entry for entry in place if entry[0] in names)


def claims_of(target: str, variables: Values) -> Iterator[Claim]:
    """What one target claims. variables: all that the role has; a type may still be wrong.

    What no vault or definition could be made of claims nothing: the target itself will be refused.
    """
    if variables["authorize_vault"] in (AUTO, *VAULTS) and variables["authorize_project"]:
        yield from _claims(target, variables)


def may_claim(target: str, variables: Values, *, wrong: bool = True) -> Iterator[Claim]:
    """As claims_of(), with all that it may mean.

    What lacks a part of its place may be anywhere, without a known vault in any. Upper and lower
    case and white space around a text, which somebody may still correct, make no difference.
    wrong: nor do they in names of secrets and labels, which are exact where variables are right.
    """
    for claim in _claims(target, _in_known_vault(variables), anywhere=True):
        yield _alike(claim, wrong=wrong)


def _in_known_vault(variables: Values) -> Values:
    vault = variables["authorize_vault"]
    return {**variables, "authorize_vault": vault if vault in (*VAULTS,) else AUTO}


def _alike(claim: Claim, *, wrong: bool = True) -> Claim:
    """The claim on all that is meant alike. wrong: as of may_claim()."""
    place = tuple(
        (name, value if name in _EXACT and not wrong else _folded(value))
        for name, value in claim.known
    )
    what = tuple(map(_folded, claim.object)) if wrong else claim.object
    return replace(claim, object=what, known=place)


def _folded(text: str) -> str:
    return text.strip().casefold()


def _claims(target: str, variables: Values, *, anywhere: bool = False) -> Iterator[Claim]:
    """anywhere: whether a secret is somewhere if it is not known where."""
    state = variables["authorize_state"]
    present = state == "present"
    places = _places(variables, anywhere=anywhere)
    for vault_id, place in places.items():
        whole = _whole(target, vault_id, place)
        what = f"label '{place.label}' of {whole.title}" if place.label else whole.title
        key = (vault_id, place.name, str(place.label))
        yield Claim(target, key, what, whole.known, {STATE: _text(state)}, present)
        yield _kept(target, vault_id, place, what, _text(state))
        if "label" in VAULTS[vault_id].variables:
            yield whole
        options = family(variables, VAULTS[vault_id].family)
        if present and options:
            yield from _settings(whole, options, VAULTS[vault_id].settings)
    definition = _definition(target, variables, places)
    yield definition
    project = variables["authorize_project"]
    yield _named(definition, variables["authorize_definition_name"], project, _text(state))
    if (replacement := variables["authorize_replacement_definition"]) is not None:
        yield _named(definition, replacement, project, "present")
    if present:
        own = family(variables, _DEFINITION)
        yield from _settings(definition, own, DEFINITION_SETTINGS)
        yield from _overridden(target, own.get("environment_overrides"))
        if isinstance(location := own.get("secrets_location"), Mapping):
            for vault_id, place in places.items():
                elsewhere = {name: str(location.get(name, at)) for name, at in place.known.items()}
                place = replace(place, known=elsewhere)
                yield _kept(target, vault_id, place, f"secret '{place.name}'", _text(state))
        yield from _components(target, variables)


def _places(variables: Values, *, anywhere: bool) -> dict[str, Place]:
    """Where a target's secret is, by vault."""
    vault, name = variables["authorize_vault"], variables["authorize_secret_name"]
    # Which one auto will find is not known before Maia was asked: all that it may be.
    vaults = VAULTS.values() if vault == AUTO else [VAULTS[vault]]
    places = {each.id: place for each in vaults if (place := place_in(each, variables))}
    if anywhere and vault != AUTO and not places and name is not None:
        return {vault: Place(str(name), str(name), None, {})}
    return places


def _whole(target: str, vault_id: str, place: Place) -> Claim:
    """The claim on a secret with all of its labels."""
    secret = f"secret '{place.name}' in {VAULTS[vault_id].title}"
    wants = {"format": place.label is not None}
    known = tuple(sorted(place.known.items()))
    return Claim(target, (vault_id, place.name), secret, known, wants, False)


def override_claims(target: str, variables: Values) -> Iterator[Claim]:
    """What a target that is to be present wants of overrides, and nothing else."""
    if variables["authorize_state"] == "present":
        own = family(variables, _DEFINITION)
        definition = _definition(target, {**variables, "authorize_vault": AUTO}, {})
        for claim in _settings(definition, own, OVERRIDES):
            yield _alike(claim)


def entry_claims(target: str, variables: Values) -> Iterator[Claim]:
    """What a target that is to be present wants of tags, grants and the like of its secret."""
    if variables["authorize_state"] == "present":
        for vault_id, place in _places(_in_known_vault(variables), anywhere=True).items():
            row = VAULTS[vault_id]
            listed = {name: purge for name, purge in row.settings.items() if purge}
            options, whole = family(variables, row.family), _whole(target, vault_id, place)
            yield from map(_alike, _settings(whole, options, listed))


def secret_places(variables: Values) -> Iterator[tuple[Secret, Mapping[str, str]]]:
    """The secrets that a target may mean, labels apart, and what is known of where each is."""
    for vault_id, place in _places(_in_known_vault(variables), anywhere=True).items():
        whole = _alike(_whole("", vault_id, place))
        yield whole.object, dict(whole.known)


def _definition(target: str, variables: Values, places: Mapping[str, Place]) -> Claim:
    vault, present = variables["authorize_vault"], variables["authorize_state"] == "present"
    wants: dict[str, Hashable] = {STATE: _text(variables["authorize_state"])}
    name, project = variables["authorize_definition_name"], variables["authorize_project"]
    hosted = vault == AUTO or VAULTS[vault].in_definition
    if present and vault == AUTO:
        wants |= {"vault": AUTO, "secret name": _text(variables["authorize_secret_name"])}
        wants |= {"label": _text(variables["authorize_label"])}
    elif present and vault in places:
        wants |= {"secret name": places[vault].stored_as, "label": places[vault].label}
    options = {**family(variables, "authorize_maia"), **family(variables, _DEFINITION)}
    known = definition_place(str(project), options)
    if project is None:  # of any
        del known["project"]
    title = _title(name, project)
    # Maia takes names that differ in case for different ones; nobody means both.
    wants["definition name"] = _text(name)
    key = ("definition", str(name).casefold())
    return Claim(target, key, title, tuple(sorted(known.items())), wants, present and hosted)


def _title(name: object, project: object) -> str:
    of_project = "an unknown project" if project is None else f"project '{project}'"
    return f"secret definition '{name}' of {of_project}"


def _named(definition: Claim, name: object, project: object, state: str) -> Claim:
    """A definition that is to be there, or not, whatever it is like: also one that replaces it."""
    return replace(
        definition,
        object=("named definition", str(name).casefold()),
        title=_title(name, project),
        wants={STATE: state},
        with_key=False,
    )


def _settings(claim: Claim, options: Values, settings: Settings) -> Iterator[Claim]:
    """Parts of an object that stay as they are for who does not give them."""
    for name, purge in settings.items():
        value = options.get(name)
        if purge is None:
            if value is not None:
                yield _part(claim, name, value)
            continue
        if options.get(purge) or value:
            # Lists that differ are different things, except to who removes what is not in theirs.
            listed = _text(value or None)
            known = claim.known if options.get(purge) else (*claim.known, ("entries", listed))
            yield replace(_part(claim, f"all {name}", listed), known=known)
        for entry, each in value.items() if isinstance(value, Mapping) else ():
            # Environments that differ in case are different ones, and nobody means both.
            meant = str(entry).strip().casefold() if name in OVERRIDES else entry
            yield _part(claim, f"{_ENTRIES[name]} '{meant}'", each)


def _part(claim: Claim, name: str, value: object) -> Claim:
    return replace(claim, object=(*claim.object, name), wants={name: _text(value)}, with_key=False)


def _components(target: str, variables: Values) -> Iterator[Claim]:
    """The components in a file or directory of pipelines, and in all directories that hold it."""
    options = family(variables, "authorize_component")
    if not isinstance(options.get("path"), str):
        return
    path = PurePath(os.path.realpath(os.path.expanduser(options["path"])))
    wants = {"definition name": _text(variables["authorize_definition_name"])}
    names = options.get("component_names") or [None]
    chosen = tuple(
        (name, _text(options[name]))
        for name in ("component_types", "patterns", "property_path")
        if options.get(name) is not None
    )
    for folder in (path, *path.parents):
        for name in names if isinstance(names, list) else [names]:
            known = chosen + ((("component", _text(name)),) if name is not None else ())
            if folder != path or options.get("recurse") is False:
                known += (("below", str(path)),)
            title = f"Stripe Query components in '{path}'"
            yield Claim(target, ("components", str(folder)), title, known, wants, False)


def _kept(target: str, vault_id: str, place: Place, title: str, state: str) -> Claim:
    """For who points at the secret without more to say of where it is."""
    exact = {"kind of vault": vault_id, "name": place.name, "label": str(place.label)}
    known = tuple(sorted({**place.known, **exact}.items()))
    return Claim(target, _pointed_at(place.stored_as), title, known, {STATE: state}, False)


def _overridden(target: str, overrides: object) -> Iterator[Claim]:
    """The secrets that a definition's overrides point at, in whatever vaults their runners read."""
    for override in overrides.values() if isinstance(overrides, Mapping) else ():
        pointer = override if isinstance(override, Mapping) else {}
        if (name := pointer.get("secret_name")) is not None:
            title, label = f"secret '{name}', which an override names", pointer.get("secret_label")
            known = (("label", str(label)),) if label is not None else ()
            for meant in pointed_at(str(name)):
                yield Claim(target, meant, title, known, {STATE: "present"}, False)


def pointed_at(text: str) -> Iterator[tuple[str, ...]]:
    """The objects that a text may mean: an ARN, a URL or a name with its schema too."""
    text = text.strip()
    yield _pointed_at(text)
    yield _pointed_at(text.strip('"'))
    yield _pointed_at(_VERSION.sub("", text))
    if found := _WHOLE.search(text):
        name = found[1]
        yield _pointed_at(name)
        yield _pointed_at(_SUFFIX.sub("", name))
    elif "." in text:
        yield _pointed_at(text.rpartition(".")[2].strip().strip('"'))


def _pointed_at(name: object) -> tuple[str, str]:
    return "pointed at", str(name).casefold()


def _text(value: object) -> str:
    """The same for values that mean the same; in an override null is as if it were not there."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        value = {name: each for name, each in value.items() if each is not None}
    return json.dumps(_with_text_keys(value), sort_keys=True, default=str)


def _with_text_keys(value: object) -> object:
    """Those of several types have no order."""
    if isinstance(value, Mapping):
        return {str(name): _with_text_keys(each) for name, each in value.items()}
    return list(map(_with_text_keys, value)) if isinstance(value, list) else value


def place_in(vault: Vault, variables: Values) -> Place | None:
    """Where a target's secret is, if it is in this vault; None if it cannot be there."""
    own = {"name": variables["authorize_secret_name"]}
    own |= {option: variables[variable] for option, variable in vault.variables.items()}
    given = {option: value for option, value in own.items() if value is not None}
    options = {**family(variables, vault.family), **given}
    return vault.place(options) if options.get("name") else None


def family(variables: Values, name: str) -> Values:
    """Further options; what is no dictionary will be refused, and says nothing here."""
    found = variables[name]
    return found if isinstance(found, Mapping) else {}
