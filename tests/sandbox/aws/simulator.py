# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's policy simulator for the sandbox's users.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from sandbox.aws.errors import AwsError
from sandbox.aws.identities import Principal

_RESOURCE = re.compile(r"arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+")


def answer(params: Mapping[str, Any], users: Iterable[Principal]) -> bytes:
    """Raises AwsError for who is not one of the users, and for a resource of no known form."""
    source = str(params.get("PolicySourceArn"))
    user = next((user for user in users if user.arn == source), None)
    if user is None:
        raise AwsError("NoSuchEntity", "The user or role cannot be found.", 404)
    resource = str(params.get("ResourceArns.member.1"))
    if not _RESOURCE.fullmatch(resource):
        raise AwsError("InvalidInput", "Invalid Input Resource", 400)
    actions = [held for name, held in params.items() if name.startswith("ActionNames.member.")]
    members = "".join(_result(str(action), resource, user) for action in actions)
    return (
        '<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        "<SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>"
        f"<EvaluationResults>{members}</EvaluationResults></SimulatePrincipalPolicyResult>"
        f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        "</SimulatePrincipalPolicyResponse>"
    ).encode()


def _result(action: str, resource: str, user: Principal) -> str:
    allowed = action.partition(":")[2] in user.rights
    return (
        f"<member><EvalActionName>{escape(action)}</EvalActionName>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName>"
        f"<EvalDecision>{'allowed' if allowed else 'implicitDeny'}</EvalDecision>"
        "<MatchedStatements/><MissingContextValues/></member>"
    )
