# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which targets of a task are given the very same key: by the keys themselves, and nothing less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .._flow.key_identity import key_identity
from .._flow.situation import Values
from .._flow.target import Done
from .._flow.variables import with_defaults


def tell_same_keys(targets: Iterable[Values], done: Mapping[str, Done]) -> None:
    """Add same_key to the result of each that did not fail: the names of the others.

    None where there is no key, or none that can be read.
    """
    users: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        if done[target["name"]].failed:  # so that nothing is known of its variables
            continue
        key = key_identity(with_defaults(target))
        # Otherwise it is only known where the key would come from.
        if isinstance(key, str):
            users[key].append(target["name"])
    for names in users.values():
        for name in names:
            done[name].result["same_key"] = [other for other in names if other != name]
