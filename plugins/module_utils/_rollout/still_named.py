# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks Maia what still names the secrets that are to go; see _flow/still_named.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from .._core.argspec import RefusedOptions
from .._core.deadline import current, held
from .._core.errors import CollectionError, ConflictError
from .._core.operation import Runtime
from .._core.shared import SharedState
from .._flow.situation import is_absent
from .._flow.still_named import check_not_named
from .._flow.target import TargetRuntime, definitions_of
from .._flow.vaults import VAULTS, Values

_Project = tuple[str, str]


def gone_targets(claiming: Mapping[str, Values]) -> list[str]:
    """The names of those that are to be absent."""
    return [name for name, each in claiming.items() if is_absent(each)]


def still_named(
    going: Iterable[str],
    claiming: Mapping[str, Values],
    leaving: Collection[str],
    runtime: Runtime,
    shared: SharedState,
    threads: int,
) -> dict[str, CollectionError]:
    """The error of each target whose secret something still names, or of which that is unknown.

    going: the names of those that are to be absent, of which nothing else is refused. claiming: the
    variables of all, with defaults. leaving: the names of definitions of others that are to go.
    """
    projects: dict[_Project, list[str]] = {}
    for name in going:
        if not _in_definition(claiming[name]):
            projects.setdefault(_project(claiming[name]), []).append(name)
    if not projects:
        return {}
    # By name alone: one project has several names, and whether it is gone is seen before the end.
    gone = {str(claiming[name]["authorize_definition_name"]) for name in gone_targets(claiming)}
    whole = current()

    def look(project: _Project) -> dict[str, CollectionError]:
        names = projects[project]
        try:
            with held(whole):
                own = TargetRuntime(runtime, shared)
                definitions = definitions_of(names[0], claiming[names[0]], own)
        except CollectionError as error:
            return dict.fromkeys(names, error)
        except RefusedOptions:
            return {}  # their own failure, before anything is deleted
        found: dict[str, CollectionError] = {}
        for name in names:
            try:
                check_not_named(claiming[name], definitions, gone.union(leaving))
            except ConflictError as error:
                found[name] = error
        return found

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(look, projects))
    return {name: error for errors in found for name, error in errors.items()}


def _in_definition(variables: Values) -> bool:
    vault = VAULTS.get(variables["authorize_vault"])
    return vault is not None and vault.in_definition


def _project(variables: Values) -> _Project:
    """A project of one account."""
    return str(variables["authorize_project"]), repr(variables["authorize_maia"])
