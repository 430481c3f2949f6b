# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is deleted that another host of the inventory keeps, or may keep.

All other hosts are looked at: those of the task, whose variables may be wrong, and those outside of
the task or of the play, or left out by a limit. So are those of which only the task says that they
are to go. Where the inventory could not be read completely, any may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ansible.utils.display import Display

from ..module_utils._core.errors import CollectionError
from ..module_utils._core.module_face import validated
from ..module_utils._core.wording import listed
from ..module_utils._flow.keepers import (
    DECISIVE,
    WITHOUT_EXTRA,
    Other,
    refused_deletions,
    refused_purges,
    refused_purges_of_entries,
    removes_entries,
    removes_overrides,
)
from ..module_utils._flow.situation import is_absent
from ..module_utils._flow.still_named import definitions_of_all, sharing_projects
from ..module_utils._flow.variables import with_defaults
from ._targets import PlayVariables

_SILENT = (
    "Taken to keep nothing of what is to be deleted: {}. This play does not name them, and they"
    " have no variable of the role authorize but for those of all hosts. If one is for Stripe"
    " Query, name it in authorize_hosts."
)
_KEEPS = "and one of these may keep what is to be removed"
_NONE: Mapping[str, Any] = MappingProxyType({})


def refuse_what_others_keep(
    going: Iterable[dict[str, Any]],
    each: PlayVariables,
    common: Mapping[str, Any] = _NONE,
    *,
    all_go: bool = False,
    named: bool = False,
    refused: Iterable[str] = (),
) -> None:
    """Give those a refusal that would take away what another host keeps.

    going: the task's targets that are to be absent. common: variables that all of these have.
    all_go: whether they go whatever their variables say. named: whether the task names them, so
    that the play's hosts need be none. refused: the names of targets that are no hosts, and of
    which nothing is known.
    """
    gone = {
        target["name"]: with_defaults({**common, **target, "authorize_state": "absent"})
        for target in going
        if "refusal" not in target
    }
    if not gone or _may_miss_hosts(going, gone, each):
        return
    others = set(each.all_hosts()) - (gone.keys() if all_go else set())
    kept = _kept(others, each, gone, by_play=not named)
    silent = sorted(host for host in others if not any(kept.get(host, ())))
    if silent and not named:
        Display().warning(_SILENT.format(listed(silent)))
    kept |= dict.fromkeys(refused, ({}, dict.fromkeys(DECISIVE, "its variables are refused")))
    _refuse(going, gone, refused_deletions(gone, kept, validated))
    leave = {name: with_defaults(held) for name, (held, _why) in kept.items() if is_absent(held)}
    leaving = definitions_of_all(leave.values())
    projects, unknown = sharing_projects({**leave, **gone})
    _refuse([target for target in going if "refusal" not in target], gone, unknown)
    for target in going:
        target.setdefault("leaving", leaving)
        target.setdefault("also_in", projects.get(target["name"], []))


def refuse_purges(
    targets: Sequence[dict[str, Any]],
    hosts: Callable[[], PlayVariables],
    common: Mapping[str, Any] = _NONE,
    *,
    named: bool = False,
) -> None:
    """Give those a refusal that would remove an override, a tag or a grant that another host gives.

    hosts: the variables of all, which are looked at only then. named: as above.
    """
    complete = {
        target["name"]: with_defaults({**common, **target})
        for target in targets
        if "refusal" not in target
    }
    entries = {name: held for name, held in complete.items() if removes_entries(held)}
    overrides = {name: held for name, held in complete.items() if removes_overrides(held)}
    if not entries and not overrides:
        return
    each = hosts()
    # Those of the task are compared with each other once all is known of them.
    others = _kept(set(each.all_hosts()) - complete.keys(), each, by_play=not named)
    if entries:
        _refuse(targets, entries, refused_purges_of_entries(entries, others, validated))
    if overrides and not _may_miss_hosts(targets, overrides, each):
        _refuse(targets, overrides, refused_purges(overrides, others, validated))


def _may_miss_hosts(
    targets: Iterable[dict[str, Any]], names: Collection[str], each: PlayVariables
) -> bool:
    """Whether the inventory may lack some that keep something: then the targets are refused."""
    if incomplete := each.incomplete:
        error = incomplete.told_as(reason=f"{incomplete.reason}, {_KEEPS}")
        _refuse(targets, names, dict.fromkeys(names, error))
    return incomplete is not None


def _refuse(
    targets: Iterable[dict[str, Any]],
    names: Collection[str],
    errors: Mapping[str, CollectionError],
) -> None:
    for target in targets:
        if target["name"] in errors.keys() & set(names):
            target["refusal"] = str(errors[target["name"]])


def _kept(
    hosts: Iterable[str], each: PlayVariables, going: Collection[str] = (), *, by_play: bool
) -> dict[str, Other]:
    """What these hosts have, in this run and without its extra variables: other runs have none.

    going: those of which the extra variables say what goes. by_play: whether one that the play
    names has something, even if it does not say what.
    """
    nothing = each.nothing_known if by_play else lambda _host: ({}, {})
    found: dict[str, Other] = {}
    for host in sorted(hosts):
        kept = each.kept(host, DECISIVE)
        if not each.extra_names & {*DECISIVE} or host in going:
            found[host] = kept if any(kept) else nothing(host)
            continue
        # Every host of the inventory has the extra variables; a bastion has nothing else.
        without = each.kept(host, DECISIVE, extra=False)
        if not any(without):
            without = nothing(host)
        if any(without):
            found |= {host: kept, f"{host}{WITHOUT_EXTRA}": without}
    return found
