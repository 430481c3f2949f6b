# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of AWS that lack what they must have, or whose parts are of other types than AWS says.

boto3 takes a body that is cut off, of another type or not JSON for an empty one, and passes the
parts of a body on as they come.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..._core.text import is_text

_PARTS_OF_ARN = 7  # arn:partition:service:region:account:type:id
# By shape: what we rely on and AWS always gives, though its model does not say so.
_NEEDED = {
    "Tag": {"Key"},
    "ReplicationStatusType": {"Region"},
    "SecretVersionsListEntry": {"VersionId", "CreatedDate"},
}


class WrongAnswer(Exception):
    """A successful answer that AWS does not give."""


def refuse_wrong_answers(client: Any) -> None:
    """Raise WrongAnswer from the client's calls, in place of what its users would stumble over."""
    client.meta.events.register("after-call", _refuse)


def _refuse(*, http_response: Any, parsed: Any, model: Any, **_more: Any) -> None:
    expected = set(model.output_shape.members) if model.output_shape else set()
    if not expected or http_response.status_code >= 300:
        return
    if not parsed.keys() & expected or not _fits(parsed, model.output_shape):
        raise WrongAnswer
    if "ARN" in expected and str(parsed.get("ARN")).count(":") < _PARTS_OF_ARN - 1:
        raise WrongAnswer


def _fits(value: Any, shape: Any) -> bool:
    """Whether it is what botocore's model of the service says."""
    match shape.type_name:
        case "structure":
            if not isinstance(value, dict) or _NEEDED.get(shape.name, set()) - value.keys():
                return False
            known = shape.members.keys() & value.keys()
            return all(_fits(value[name], shape.members[name]) for name in known)
        case "list":
            return isinstance(value, list) and all(_fits(item, shape.member) for item in value)
        case "map":
            return isinstance(value, dict) and all(
                _fits(key, shape.key) and _fits(item, shape.value) for key, item in value.items()
            )
        case "string":
            return isinstance(value, str) and is_text(value)
        case "timestamp":
            return isinstance(value, datetime)
    return True
