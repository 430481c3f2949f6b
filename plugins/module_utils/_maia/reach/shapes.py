# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we use of Maia's answers, and of which type it is; held to the contract by a test.

https://docs.maia.ai/docs/api-reference/maia-api-overview
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..._core.text import is_text

# What becomes part of a URL's path.
ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True)
class Shape:
    """An object's fields by name: str, dict, a pattern that a text matches, or another Shape.

    Each may be null or missing, unless it is one of `needed`. Other fields are let through.
    """

    fields: Mapping[str, object]
    needed: tuple[str, ...] = ()

    def check(self, item: object) -> None:
        """Raises TypeError for anything else."""
        if not isinstance(item, dict):
            raise TypeError("no object")
        for name, kind in self.fields.items():
            value = item.get(name)
            if (name in self.needed) if value is None else not _fits(value, kind):
                raise TypeError(name)


def _fits(value: object, kind: object) -> bool:
    if isinstance(kind, Shape):
        kind.check(value)
        return True
    if isinstance(kind, type) and not isinstance(value, kind):
        return False
    if isinstance(kind, re.Pattern):
        return isinstance(value, str) and kind.fullmatch(value) is not None
    # What cannot be encoded could be neither shown nor sent.
    return not isinstance(value, str) or is_text(value)


PROJECT = Shape({"id": ID, "name": str}, needed=("id", "name"))
ENVIRONMENT = Shape({"name": str, "defaultAgentId": ID, "defaultAgentName": str}, needed=("name",))
AGENT = Shape({"agentId": ID, "name": str, "cloudProvider": str, "deployment": str})
LISTED_AGENT = Shape(AGENT.fields, needed=("agentId", "name"))
_DETAILS = {
    "connectionProperties": Shape({"secretName": str, "secretKey": str}),
    "secretsLocation": dict,
}
CONNECTION = Shape(
    {
        "id": str,
        "name": str,
        "platformConnectionType": str,
        "authProvider": str,
        "authType": str,
        "connectionDetails": Shape({"description": str, **_DETAILS}),
    },
    needed=("name",),
)
OVERRIDE = Shape({"name": str, "connectionOverrides": Shape(_DETAILS)}, needed=("name",))
PUBLISHED_PIPELINE = Shape({"name": str}, needed=("name",))
STARTED = Shape({"pipelineExecutionId": ID}, needed=("pipelineExecutionId",))
_COURSE = {"status": str, "message": str, "startedAt": str, "finishedAt": str}
EXECUTION = Shape(_COURSE, needed=("status",))
STEP = Shape({"name": str, "result": Shape(_COURSE)})
SECRET_REFERENCE = Shape(
    {"name": str, "description": str, "secretName": str, "secretKey": str}, needed=("name",)
)
