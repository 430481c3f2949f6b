# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Discovery: what is there, as hosts that would authorize just that; nothing is changed."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._core.errors import CollectionError
from .._flow.adopt import PREDICT, Candidate, candidates_of
from .._flow.claims import family
from .._flow.collisions import find_collisions
from .._flow.discover import LIST_OURS, discover_flow, keys_of, vault_of
from .._flow.situation import Flow
from .._flow.target import Done
from .._flow.variables import with_defaults
from .._flow.vaults import VAULTS
from .environments import SAME, by_environment, homes_of, lookers
from .threads import Rollout, Work

DISCOVER = "discover"
Collisions = Mapping[str, CollectionError]
WorkFor = Callable[[Flow, Collisions], Work]
"""Does for a target what a flow says, unless it collides with others."""


_NOT_PREDICTED = Done("", {"changed": False})


def discover(
    targets: Sequence[dict[str, Any]], work: WorkFor, rollout: Rollout
) -> Mapping[str, Done]:
    """What was found for each target, by its name, with the hosts that are made of it.

    All of an environment is found for the first of its targets.
    """
    given = {target["name"]: target for target in targets}
    looks = lookers(targets)
    looking = [given[name] for name in dict.fromkeys(looks.values())]
    done = rollout.look(looking, work(discover_flow(secrets.token_hex(16)), {}))
    # In the given order, not in that in which they were done.
    read = {name: done[name].result for name in given if name in done and _was_read(done[name])}
    homes = homes_of(read)
    found = by_environment(read, homes, looks, given)
    candidates = candidates_of(given, found)
    predicted = _predicted([each for each in candidates if each.host], work, rollout)
    listed = _ours(given, read, work, rollout)
    same = _same_keys(candidates)
    hosts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in candidates:
        hosts[each.target].append(_host(each, predicted, same))
    results: dict[str, dict[str, Any]] = {
        name: {
            **_without_ids(held),
            "hosts": hosts[name],
            "secrets_of_ours": [
                secret
                for looker in homes
                if homes[looker] == name
                for secret in listed.get(looker, ())
            ],
        }
        for name, held in found.items()
    }
    return {
        name: replace(done[looker], name=name, result=results[name])
        if name in results
        else _elsewhere(done[looker], name, homes.get(looker, looker))
        for name, looker in looks.items()
    }


def _elsewhere(done: Done, name: str, home: str) -> Done:
    """Of a target whose environment another one stands for, or that failed."""
    told = done.result if done.failed or done.result.get("skipped") else {"changed": False}
    same = {SAME: home} if name != home else {}
    return Done(name, {**told, **same})


def _was_read(done: Done) -> bool:
    return not done.failed and not done.result.get("skipped")


def _predicted(
    candidates: Sequence[Candidate], work: WorkFor, rollout: Rollout
) -> Mapping[str, Done]:
    """What taking over would change, by host."""
    known = {each.host: with_defaults({**each.reach, "name": each.host}) for each in candidates}
    collisions = find_collisions(known, lambda _name: None)
    targets = [{**each.reach, "name": each.host} for each in candidates if each.can_be_planned]
    # What cannot be taken over is no failure of the discovery, and so is not counted as one.
    silent = replace(rollout, say=lambda _text: None)
    return silent.look(targets, work(PREDICT, collisions))


def _host(
    candidate: Candidate,
    predicted: Mapping[str, Done],
    same: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    done = predicted.get(candidate.host, _NOT_PREDICTED)
    plan = done.result
    secret = candidate.definition["secret"] or {}
    return {
        "host": candidate.host or None,
        "definition": candidate.definition["name"],
        "ours": bool(candidate.definition["ours"] and secret.get("ours", True)),
        "variables": dict(candidate.variables),
        "refusal": candidate.refusal or (str(plan["msg"]) if plan.get("failed") else None),
        "error": None if candidate.refusal else plan.get("error"),
        "secret_changes": plan.get("secret_changes"),
        "definition_changes": plan.get("definition_changes"),
        "warnings": done.warnings,
        "same_key": list(same.get(candidate.host, ())),
    }


def _ours(
    given: Mapping[str, dict[str, Any]],
    found: Mapping[str, Mapping[str, Any]],
    work: WorkFor,
    rollout: Rollout,
) -> dict[str, list[Any]]:
    """Our secrets in each place, with one of the targets that use the place.

    Without permission to list them there are none; the rest of the result is still returned.
    """
    first: dict[str, dict[str, Any]] = {}
    for name, seen in found.items():
        if (vault := vault_of(seen)) and VAULTS[vault].info:
            options = family(with_defaults(given[name]), VAULTS[vault].family)
            first.setdefault(json.dumps([vault, options], sort_keys=True, default=str), given[name])
    listed = rollout.look(list(first.values()), work(LIST_OURS, {}))
    return {name: each.result["secrets"] for name, each in listed.items() if _was_read(each)}


def _same_keys(candidates: Sequence[Candidate]) -> dict[str, list[str]]:
    """Of each host those that have the very same key in another place, if it was read."""
    users: dict[str, dict[str, str]] = defaultdict(dict)
    for each in candidates:
        for key in keys_of(each.definition) if each.host else ():
            secret = each.definition["secret"]
            place = json.dumps([secret["name"], secret["place"], key["label"]], sort_keys=True)
            users[str(key["same_as"])][each.host] = place
    return {
        host: [other for other in places if places[other] != place]
        for places in users.values()
        for host, place in places.items()
    }


def _without_ids(result: Mapping[str, Any]) -> dict[str, Any]:
    """Without what keys were compared by, which is of no use to anybody now."""
    for definition in result["definitions"]:
        for key in (definition["secret"] or {}).get("stripe_keys") or ():
            key.pop("same_as", None)  # two definitions may lead to one secret
    return dict(result)
