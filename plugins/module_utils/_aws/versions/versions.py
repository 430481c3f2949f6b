# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret's versions, and moving the label AWSCURRENT between them.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..errors.answers import WrongAnswer
from ..errors.errors import aws_errors

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

CURRENT = "AWSCURRENT"
PREVIOUS = "AWSPREVIOUS"


@dataclass(frozen=True)
class Version:
    """created: with a time zone."""

    id: str
    labels: frozenset[str]
    created: datetime


# AWS keeps some hundred versions of a secret.
_MAX_PAGES = 100


def holder(versions: Iterable[Version], label: str) -> Version | None:
    """A label sits on one version at most."""
    return next((version for version in versions if label in version.labels), None)


def list_versions(client: SecretsManagerClient, name: str, subject: str) -> tuple[Version, ...]:
    """All versions that there still are, those without a label included."""
    request: dict[str, Any] = {"SecretId": name, "IncludeDeprecated": True}
    versions: list[Version] = []
    tokens: set[str] = set()
    while True:
        with aws_errors(subject, "listing its versions", "secretsmanager:ListSecretVersionIds"):
            page = client.list_secret_version_ids(**request)
            token = page.get("NextToken")
            # boto3 has no paginator for this call, which would refuse to go round in circles.
            if token in tokens or len(tokens) == _MAX_PAGES:
                raise WrongAnswer
        versions.extend(
            Version(
                each["VersionId"], frozenset(each.get("VersionStages", ())), each["CreatedDate"]
            )
            for each in page.get("Versions", ())
        )
        if not token:
            return tuple(versions)
        tokens.add(token)
        request["NextToken"] = token


def make_current(
    client: SecretsManagerClient, name: str, subject: str, *, target: str, current: str | None
) -> None:
    """Move AWSCURRENT; AWS itself puts AWSPREVIOUS on the version that it is taken from."""
    source: dict[str, Any] = {"RemoveFromVersionId": current} if current else {}
    with aws_errors(subject, "making a version current", "secretsmanager:UpdateSecretVersionStage"):
        client.update_secret_version_stage(
            SecretId=name, VersionStage=CURRENT, MoveToVersionId=target, **source
        )
