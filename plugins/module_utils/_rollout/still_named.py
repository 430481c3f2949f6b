# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks Maia what still names the secrets that are to go; see _flow/still_named.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from .._core.argspec import RefusedOptions
from .._core.deadline import current, held
from .._core.errors import CollectionError, ConflictError
from .._core.operation import Runtime
from .._core.shared import SharedState
from .._flow.still_named import SHARER_HINT, Going, check_not_named
from .._flow.target import TargetRuntime, definitions_of
from .._flow.vaults import VAULTS, Values

# A project, and the account of Maia that it is in.
_Project = tuple[str, str]


def still_named(
    going: Mapping[str, Values],
    others: Mapping[str, Values],
    gone: Going,
    runtime: Runtime,
    shared: SharedState,
    threads: int,
) -> dict[str, CollectionError]:
    """The error of each target whose secret something still names, or of which that is unknown.

    going: the variables of those that are to be absent, with defaults, by name. others: what the
    task says of these beside their variables. gone: the definitions that are to go.
    """
    needed = {
        name: [_project(variables), *_further(variables, others[name])]
        for name, variables in going.items()
        if not _in_definition(variables)
    }
    # Who asks does not matter within an account.
    asking = {project: name for name, projects in needed.items() for project in projects}
    whole = current()

    def look(project: _Project) -> Values | CollectionError | None:
        name = asking[project]
        try:
            with held(whole):
                own = TargetRuntime(runtime, shared)
                return definitions_of(name, going[name], project[0], own)
        except CollectionError as error:
            return error
        except RefusedOptions:
            return None  # the targets' own failure, before anything is deleted

    with ThreadPoolExecutor(threads) as pool:
        listings = dict(zip(asking, pool.map(look, asking), strict=True))
    found = {
        name: _error(
            going[name],
            {project: listings[project] for project in projects},
            _together(gone, others[name].get("leaving") or {}),
        )
        for name, projects in needed.items()
    }
    return {name: error for name, error in found.items() if error}


def _together(gone: Going, leaving: Going) -> Going:
    return {name: {*gone.get(name, ()), *leaving.get(name, ())} for name in {*gone, *leaving}}


def _error(
    variables: Values, listings: Mapping[_Project, Values | CollectionError | None], going: Going
) -> CollectionError | None:
    listed: list[Values] = []
    for project, listing in listings.items():
        if isinstance(listing, CollectionError):
            return listing if project == _project(variables) else _of_sharer(variables, listing)
        if listing is not None:
            listed.append(listing)
    try:
        check_not_named(variables, listed, going)
    except ConflictError as error:
        return error
    return None


def _of_sharer(variables: Values, error: CollectionError) -> CollectionError:
    """What cannot be found out of another project."""
    return ConflictError(
        f"Secret '{variables['authorize_secret_name']}'",
        f"an absent host of another project may share it, and what names it there cannot be found"
        f" out: {error.subject}: {error.reason}",
        SHARER_HINT,
    )


def _in_definition(variables: Values) -> bool:
    vault = VAULTS.get(variables["authorize_vault"])
    return vault is not None and vault.in_definition


def _project(variables: Values) -> _Project:
    return str(variables["authorize_project"]), repr(variables["authorize_maia"])


def _further(variables: Values, target: Values) -> Iterator[_Project]:
    _own, account = _project(variables)
    return ((project, account) for project in target.get("also_in") or ())
