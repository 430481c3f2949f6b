# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is deleted that another host of the inventory keeps, or may keep.

Hosts whose variables can be used, and that the task works on, are compared with each other in
_flow/collisions.py. Here are all others: outside of the task or of the play, left out by a limit,
with variables that are refused; and those of which only the task says that they are to go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ..module_utils._core.argspec import RefusedOptions
from ..module_utils._core.errors import CollectionError, ConfigurationError
from ..module_utils._core.module_face import validated
from ..module_utils._flow.collisions import find_collisions
from ..module_utils._flow.refused import check_variables
from ..module_utils._flow.variables import FAMILIES, with_defaults
from ..module_utils._flow.vaults import AUTO, VAULTS
from ._targets import PlayVariables

Target = dict[str, Any]
_NONE: Mapping[str, Any] = MappingProxyType({})

# Without a value of one of these it is not known which objects a host has.
_DECISIVE = (
    *("authorize_project", "authorize_environment", "authorize_secret_name", "authorize_label"),
    *("authorize_definition_name", "authorize_definition"),
)
_NAMES = ("authorize_state", "authorize_vault", *_DECISIVE, *sorted({*FAMILIES} - {*_DECISIVE}))


def refuse_what_others_keep(
    going: Iterable[Target],
    targets: Iterable[Target],
    each: PlayVariables,
    common: Mapping[str, Any] = _NONE,
    *,
    all_go: bool = False,
) -> None:
    """Give those a refusal that would take away what another host keeps.

    going: all targets that are to be absent, of the task's targets. common: variables that all of
    these have. all_go: whether the targets go whatever their variables say.
    """
    gone = {
        target["name"]: with_defaults({**common, **target, "authorize_state": "absent"})
        for target in going
        if "refusal" not in target
    }
    if not gone:
        return
    apart = set(gone) if all_go else {name for name in _usable(targets, common) if name not in gone}
    keepers, errors, unsure = dict[str, Target](), dict[str, CollectionError](), list[str]()
    for host in each.all_hosts():
        if host in apart:
            continue
        held, unknown = each.kept(host, _NAMES)
        if held.get("authorize_state") == "absent" or "authorize_project" not in held | unknown:
            continue  # it is to go as well, or is none of ours
        if why := next((unknown[name] for name in _DECISIVE if name in unknown), None):
            errors |= dict.fromkeys(gone.keys() - {host} - errors.keys(), _undecided(host, why))
        elif host in gone:
            unsure.append(host)
        else:
            keepers[host] = _as_kept(held)
    errors |= {**find_collisions(keepers | gone, _no_key), **errors}
    errors |= {**_only_by_task({name: gone[name] for name in unsure}), **errors}
    for target in going:
        if target["name"] in errors.keys() & gone.keys():
            target["refusal"] = str(errors[target["name"]])


def _usable(targets: Iterable[Target], common: Mapping[str, Any]) -> Iterator[str]:
    """The names of those that nothing is wrong with."""
    for target in targets:
        given = {**common, **{name: held for name, held in target.items() if name != "name"}}
        if "refusal" not in target:
            try:
                check_variables(target["name"], given, validated)
            except (ConfigurationError, RefusedOptions):
                continue
            yield target["name"]


def _as_kept(held: Target) -> Target:
    """With defaults, and for an unknown vault all that it may be."""
    known = with_defaults(held)
    return known if known["authorize_vault"] in VAULTS else {**known, "authorize_vault": AUTO}


def _no_key(_name: str) -> str:
    """Keys are not compared: whatever it is, it must not go."""
    return "not compared"


def _undecided(host: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"Host '{host}'",
        f"it cannot be decided whether it keeps what is to be deleted: {why}",
        "correct that first, or take the host out of this inventory",
    )


def _only_by_task(gone: Mapping[str, Target]) -> dict[str, CollectionError]:
    """The errors of those that share something. A condition may leave some of them out."""
    # As if each were to be in another state, so that whatever they share is a collision.
    apart = {name: {**variables, "authorize_state": name} for name, variables in gone.items()}
    return {
        name: error.told_as(
            reason="they share a secret or a definition, and only variables of a task, an include"
            " or a role say that they are to go, which may be for some of them",
            hint="set authorize_state in the inventory, or in the variables of the play",
        )
        for name, error in find_collisions(apart, _no_key).items()
    }
