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
from typing import Any

from ..._core.errors import NotPermittedError
from ..._secret.retirement import Past
from ..errors.answers import WrongAnswer
from ..reach.secret import AwsSecret

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


def list_versions(secret: AwsSecret) -> tuple[Version, ...]:
    """All versions that there still are, those without a label included."""
    request: dict[str, Any] = {"SecretId": secret.name, "IncludeDeprecated": True}
    versions: list[Version] = []
    tokens: set[str] = set()
    while True:
        with secret.calling("ListSecretVersionIds", "listing its versions"):
            page = secret.client.list_secret_version_ids(**request)
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


def make_current(secret: AwsSecret, *, target: str, current: str | None) -> None:
    """Move AWSCURRENT; AWS itself puts AWSPREVIOUS on the version that it is taken from."""
    source: dict[str, Any] = {"RemoveFromVersionId": current} if current else {}
    with secret.calling("UpdateSecretVersionStage", "making a version current"):
        secret.client.update_secret_version_stage(
            SecretId=secret.name, VersionStage=CURRENT, MoveToVersionId=target, **source
        )


def current_since(secret: AwsSecret) -> datetime | None:
    """When the current value was written; None without the right to look."""
    try:
        current = holder(list_versions(secret), CURRENT)
    except NotPermittedError:
        return None
    return current.created if current else None


def past_of(secret: AwsSecret) -> Past | None:
    """The previous version, unless it is the younger one, as after a rollback."""
    versions = list_versions(secret)
    current, previous = holder(versions, CURRENT), holder(versions, PREVIOUS)
    if current is None or previous is None or previous.created > current.created:
        return None
    return Past(current.created, (previous.id,))


def retire(secret: AwsSecret, version: str) -> None:
    """Take the label of the previous version off, without which no one reads it by a label.

    AWS deletes such a version, which it calls deprecated, in time.
    """
    with secret.calling("UpdateSecretVersionStage", "retiring its previous version"):
        secret.client.update_secret_version_stage(
            SecretId=secret.name, VersionStage=PREVIOUS, RemoveFromVersionId=version
        )
