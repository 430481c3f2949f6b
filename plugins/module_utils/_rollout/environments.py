# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of one environment: what a discovery finds there is found once. Pure.

An inventory of discovery itself has a host for each definition.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from .._flow.adopt import OWN
from .._flow.vaults import Values

Result = Mapping[str, Any]
# In the result of a target: the one that stands for its environment.
SAME = "same_environment_as"


def lookers(targets: Sequence[Values]) -> dict[str, str]:
    """Of each target the first one that looks at the same, and in the same way."""
    first: dict[str, str] = {}
    found = {}
    for target in targets:
        # Refused ones say nothing of what they look at.
        own = set() if target.get("refusal") else OWN
        way = {name: value for name, value in target.items() if name not in own}
        text = json.dumps(way, sort_keys=True, default=str)
        found[target["name"]] = first.setdefault(text, target["name"])
    return found


def homes_of(results: Mapping[str, Result]) -> dict[str, str]:
    """Of each of these lookers the first one of its environment, as Maia names that."""
    first: dict[tuple[str, str, str], str] = {}
    return {
        name: first.setdefault((each["project_id"], each["environment"], each["vault"]), name)
        for name, each in results.items()
    }


def by_environment(
    results: Mapping[str, Result],
    homes: Mapping[str, str],
    looks: Mapping[str, str],
    targets: Mapping[str, Values],
) -> dict[str, dict[str, Any]]:
    """All that was found in each environment, by its home.

    A definition is as the host that names it saw it, or else the first one that saw its secret.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for looker, home in homes.items():
        groups[home].append(looker)
    found = {}
    for home, members in groups.items():
        named = {
            name: host
            for host in reversed(list(looks))
            # Of a host that was not looked at by itself, anything may be wrong.
            if looks[host] in members
            and isinstance(name := targets[host].get("authorize_definition_name"), str)
        }
        found[home] = {
            **results[home],
            "definitions": _definitions(results, members, named, looks),
            "components": _once(results[each]["components"] for each in members),
            "not_seen": _once(results[each]["not_seen"] for each in members),
        }
    return found


def _definitions(
    results: Mapping[str, Result],
    members: Sequence[str],
    named: Mapping[str, str],
    looks: Mapping[str, str],
) -> list[dict[str, Any]]:
    """With the host that names it, and the target that saw it so."""
    seen: dict[str, dict[str, Values]] = defaultdict(dict)
    for member in members:
        for definition in results[member]["definitions"]:
            seen[definition["name"]][member] = definition
    found = []
    for name, sights in seen.items():
        host = named.get(name)
        there = (
            each for each in sights if (sights[each]["secret"] or {}).get("state") == "present"
        )
        looker = looks[host] if host else next(there, next(iter(sights)))
        found.append({**sights[looker], "named_by": host, "seen_by": looker})
    return found


def _once(lists: Any) -> list[Any]:
    found: list[Any] = []
    for each in lists:
        found += [item for item in each if item not in found]
    return found
