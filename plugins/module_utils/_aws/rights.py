# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rights the credentials have in AWS, by IAM's policy simulator. Nothing is written.

The simulator knows the policies of a user or role, its boundary and those of the organization;
neither the policy of the secret itself or of its KMS key, nor one given to a session.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._core.errors import CollectionError
from .._core.operation import Operation, Outcome, Params, Runtime
from .._core.rights import EXISTS_SPEC, Right, outcome_of
from .._core.shared import WHOLE_RUN
from .errors.errors import aws_errors
from .modules.secret import OPERATION as SECRET
from .reach.connection import AwsClients, AwsConnection

_SUBJECT = "AWS credentials"
_CALLER = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?:iam::(?P<user_account>\d{12}):(?P<user>user/.+)"
    r"|sts::(?P<role_account>\d{12}):assumed-role/(?P<role>[^/]+)/.+)"
)
_CREATING = ("secretsmanager:CreateSecret", "secretsmanager:TagResource")
_ROTATING = "secretsmanager:PutSecretValue"
_DELETING = "secretsmanager:DeleteSecret"
# Nothing is repaired by waiting long for an answer that a run can do without.
_MAX_ATTEMPTS, _MAX_SECONDS = 2, 20


def ask(params: Params, runtime: Runtime) -> Outcome:
    """What a run and a later rotation or deletion will call. Raises ConfigurationError."""
    needed = _needed(params)
    if not needed:
        return outcome_of([])
    given = AwsConnection.from_params(params)
    if not given.knows_iam:
        reason = "endpoint_url is given without sts_endpoint_url and iam_endpoint_url"
        return _unknown(needed, reason)
    connection = replace(given, max_attempts=_MAX_ATTEMPTS, max_seconds=_MAX_SECONDS)
    clients = runtime.clients.share(connection, connection.open, seconds=connection.lifetime)
    caller, reason = runtime.shared.recall(
        f"aws caller {connection.place}", lambda: (_caller(clients), WHOLE_RUN)
    )
    match = _CALLER.fullmatch(caller)
    if match is None:
        reason = reason or "the simulator takes users and roles only"
        return _unknown(needed, reason)
    try:
        return outcome_of(_simulated(clients, match, params, needed))
    except CollectionError as error:
        return _unknown(needed, error.reason)


def _unknown(needed: Iterable[str], reason: str) -> Outcome:
    return outcome_of(Right(name, None, reason) for name in needed)


def _needed(params: Params) -> tuple[str, ...]:
    if params["state"] == "absent":
        return (_DELETING,) if params["exists"] else ()
    return (_ROTATING,) if params["exists"] else (*_CREATING, _ROTATING)


def _caller(clients: AwsClients) -> tuple[str, str]:
    """Who calls, as an ARN; or an empty text, and why that is not known.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html needs no right.
    """
    try:
        with aws_errors(_SUBJECT, "asking whose they are", "sts:GetCallerIdentity"):
            return str(clients.client("sts").get_caller_identity()["Arn"]), ""
    except CollectionError as error:
        return "", error.reason


def _simulated(
    clients: AwsClients, caller: re.Match[str], params: Params, needed: tuple[str, ...]
) -> list[Right]:
    """Raises CollectionError if the simulator may not be asked, or cannot be reached."""
    account = caller["user_account"] or caller["role_account"]
    # A role's path is not in the ARN of its session: with one, IAM does not find it.
    who = caller["user"] or f"role/{caller['role']}"
    # AWS adds six characters to the name.
    secret = f"secretsmanager:{clients.region}:{account}:secret:{params['name']}-??????"
    request = {
        "PolicySourceArn": f"arn:{caller['partition']}:iam::{account}:{who}",
        "ActionNames": list(needed),
        "ResourceArns": [f"arn:{caller['partition']}:{secret}"],
    }
    with aws_errors(_SUBJECT, "simulating their policies", "iam:SimulatePrincipalPolicy"):
        found = clients.client("iam").simulate_principal_policy(**request)["EvaluationResults"]
        results = {each["EvalActionName"]: each for each in found}
    return [_right(name, results.get(name, {}), exists=params["exists"]) for name in needed]


def _right(name: str, result: Mapping[str, Any], *, exists: bool) -> Right:
    decision = result.get("EvalDecision")
    if decision not in ("allowed", "explicitDeny", "implicitDeny"):
        return Right(name, None, "IAM's simulator does not say")
    if missing := result.get("MissingContextValues"):
        return Right(name, None, f"a policy asks for {', '.join(sorted(missing))}")
    if decision == "implicitDeny" and exists:
        reason = "no policy of the caller allows it, but one of the secret itself might"
        return Right(name, None, reason)
    return Right(name, decision == "allowed")


RIGHTS = Operation(SECRET.name, SECRET.spec.merge(EXISTS_SPEC), ask, SECRET.requirements)
