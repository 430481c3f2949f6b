# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role authorize that hosts have, for a task that does them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible import errors

from ..module_utils._flow.variables import ROLE_SPEC

# Of a variable that is "{{ omit }}"; before ansible-core 2.19 it has a text of this beginning.
_OMITTED = getattr(errors, "AnsibleValueOmittedError", ())
_OMIT_TEXT = "__omit_place_holder__"

_UNDEFINED = re.compile(r"'([A-Za-z_][A-Za-z0-9_]{0,63})' is undefined")


def targets_of(hosts: Iterable[str], hostvars: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A target for each host; what is wrong with a host's variables is its own failure."""
    return [_target(host, hostvars) for host in hosts]


def _target(host: str, hostvars: Mapping[str, Any]) -> dict[str, Any]:
    if host not in hostvars:
        return {"name": host, "refusal": "The inventory has no such host."}
    variables = hostvars[host]
    target: dict[str, Any] = {"name": host}
    for name in ROLE_SPEC.names():
        try:
            value = variables.get(name)
        except _OMITTED:
            continue
        except errors.AnsibleError as error:
            return {
                "name": host,
                "refusal": f"The variable {name} cannot be evaluated{_why(error)}.",
            }
        if value is None or (isinstance(value, str) and value.startswith(_OMIT_TEXT)):
            continue
        target[name] = value
    return target


def _why(error: errors.AnsibleError) -> str:
    """What is missing. The error's text may quote all of a variable, its secrets too."""
    found = _UNDEFINED.search(str(error))
    return f": '{found[1]}' is undefined" if found else f" ({type(error).__name__})"
