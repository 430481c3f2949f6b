# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether targets store the same key, wherever each of them gets it from."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from functools import cache

from .._core.errors import CollectionError
from .._stripe.source import KEY_SOURCES, key_text
from .claims import family
from .vaults import AUTO, VAULTS, Values


def key_identity(variables: Values) -> Hashable:
    """Equal for targets with the same key; it may hold the key, and is never to be shown.

    It is the key itself where that can be read, else the source: what cannot be read is the same
    as the same source, and nothing else. None without a key.
    """
    given = _sources(variables)
    if not given:
        return None
    try:
        return key_text(dict.fromkeys(KEY_SOURCES) | given).strip()
    except CollectionError:
        return tuple(sorted(given.items()))


def _sources(variables: Values) -> dict[str, str]:
    """What is given of KEY_SOURCES, by the variable or among the options of the vault."""
    vault = variables["authorize_vault"]
    vaults = [VAULTS[vault]] if vault in VAULTS else VAULTS.values() if vault == AUTO else ()
    found: dict[str, str] = {}
    for options in (
        *(family(variables, each.family) for each in vaults),
        {source: variables[f"authorize_{source}"] for source in KEY_SOURCES},
    ):
        found |= {key: str(options[key]) for key in KEY_SOURCES if options.get(key) is not None}
    if "api_key_file" in found:
        # As Ansible takes a path.
        found["api_key_file"] = os.path.expanduser(os.path.expandvars(found["api_key_file"]))
    return found


def key_identities(targets: Mapping[str, Values]) -> Callable[[str], Hashable]:
    """key_identity() of a target by its name, read when it is asked for, and once."""
    return cache(lambda name: key_identity(targets[name]))
