# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer of AWS that lacks what it must have, which boto3 takes for an empty one.

That is what a body that is cut off, of another type or not JSON comes to.
"""

from __future__ import annotations

from typing import Any

_PARTS_OF_ARN = 7  # arn:partition:service:region:account:type:id


class EmptyAnswer(Exception):
    """A successful answer without a member that the operation always gives."""


def refuse_empty_answers(client: Any) -> None:
    """Raise EmptyAnswer from the client's calls, in place of what its users would stumble over."""
    client.meta.events.register("after-call", _refuse)


def _refuse(*, http_response: Any, parsed: Any, model: Any, **_more: Any) -> None:
    expected = set(model.output_shape.members) if model.output_shape else set()
    if not expected or http_response.status_code >= 300:
        return
    if not parsed.keys() & expected:
        raise EmptyAnswer
    if "ARN" in expected and str(parsed.get("ARN")).count(":") < _PARTS_OF_ARN - 1:
        raise EmptyAnswer
