# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call, and what they may do."""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.aws.errors import AwsError

ACCOUNT = "123456789012"

METADATA = frozenset(
    {
        "DescribeSecret",
        "GetRandomPassword",
        "GetResourcePolicy",
        "ListSecretVersionIds",
        "ListSecrets",
        "ValidateResourcePolicy",
    }
)
VALUES = frozenset({"BatchGetSecretValue", "GetSecretValue"})
WRITES = frozenset(
    {
        "CancelRotateSecret",
        "CreateSecret",
        "DeleteResourcePolicy",
        "DeleteSecret",
        "PutResourcePolicy",
        "PutSecretValue",
        "RemoveRegionsFromReplication",
        "ReplicateSecretToRegions",
        "RestoreSecret",
        "RotateSecret",
        "StopReplicationToReplica",
        "TagResource",
        "UntagResource",
        "UpdateSecret",
        "UpdateSecretVersionStage",
    }
)
# Nobody needs a permission to ask who he is.
STS_FOR_ALL = frozenset({"GetCallerIdentity"})
STS = STS_FOR_ALL | {"AssumeRole"}
IAM = frozenset({"SimulatePrincipalPolicy"})
KMS_METADATA = frozenset({"DescribeKey"})
KMS = KMS_METADATA | {"CreateAlias", "CreateKey"}
FULL = METADATA | VALUES | WRITES | STS | IAM | KMS

_POLICY = Path(__file__).resolve().parents[3] / "docs" / "policies" / "aws.json"


def _allowed_by_policy() -> frozenset[str]:
    """What the policy that we recommend allows, whatever the service."""
    statements = json.loads(_POLICY.read_text("utf-8"))["Statement"]
    actions = (action for statement in statements for action in statement["Action"])
    return frozenset(action.partition(":")[2] for action in actions)


_RIGHTS: dict[str, frozenset[str]] = {
    "full": FULL,
    "metadata": METADATA,
    "lister": METADATA | IAM,
    "writer": METADATA | WRITES,
    "reader": METADATA | VALUES,
    "unlisted": FULL - {"ListSecretVersionIds"},
    "assumer": STS,
    "policy": _allowed_by_policy(),
    "none": frozenset(),
}
_UPPER = string.ascii_uppercase + string.digits
_MIXED = string.ascii_letters + string.digits + "+/"


# A role of this name trusts only who knows the id.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
EXTERNAL_IDS = {"partner": "partner-4711"}


@dataclass(frozen=True)
class Principal:
    """A user or the session of a role."""

    arn: str
    user_id: str
    access_key: str
    rights: frozenset[str]
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    def options(self) -> dict[str, str]:
        """The credentials as the options of our modules."""
        return {"access_key": self.access_key, "secret_key": self.secret_key}


def make_users() -> dict[str, Principal]:
    """One user for each set of rights, by its name."""
    return {
        name: Principal(
            arn=f"arn:aws:iam::{ACCOUNT}:user/{name}",
            user_id="AIDA" + _random(_UPPER, 17),
            access_key="AKIA" + _random(_UPPER, 16),
            rights=rights | STS_FOR_ALL,
            secret_key=_random(_MIXED, 40),
        )
        for name, rights in _RIGHTS.items()
    }


def check_session_token(principal: Principal, token: str | None) -> None:
    if (token or None) != principal.session_token:
        raise unknown_credentials()


def unknown_credentials() -> AwsError:
    return AwsError(
        "UnrecognizedClientException", "The security token included in the request is invalid."
    )


def check_rights(principal: Principal, service: str, action: str, resource: str) -> None:
    if action in principal.rights:
        return
    name = f"{service}:{action}"
    where = f" on resource: {resource}" if resource else ""
    raise AwsError(
        "AccessDeniedException",
        f"User: {principal.arn} is not authorized to perform: {name}{where} "
        f"because no identity-based policy allows the {name} action",
    )


def check_trust(principal: Principal, role_arn: str, external_id: str | None) -> None:
    """AWS does not tell which of the two, the caller's policy or the role's, says no."""
    expected = EXTERNAL_IDS.get(role_arn.rpartition("/")[2])
    if expected is not None and external_id != expected:
        raise AwsError(
            "AccessDeniedException",
            f"User: {principal.arn} is not authorized to perform: sts:AssumeRole on resource: "
            f"{role_arn}",
        )


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _index in range(length))
