# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dates of a secret's versions, and the end of the one before the current one.

A version without a staging label is deprecated: it cannot be read by a label, and AWS deletes it in
time. https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ..._core.errors import NotPermittedError
from ..._secret.retirement import Past
from ..errors.errors import aws_errors
from .versions import CURRENT, PREVIOUS, holder, list_versions

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient


class Versions:
    """Those of one secret, asked for when they are needed."""

    def __init__(self, client: SecretsManagerClient, name: str, subject: str) -> None:
        self._client = client
        self._name = name
        self._subject = subject

    def current_since(self) -> datetime | None:
        """When the current value was written; None without the right to look."""
        try:
            current = holder(list_versions(self._client, self._name, self._subject), CURRENT)
        except NotPermittedError:
            return None
        return current.created if current else None

    def past(self) -> Past | None:
        """The previous version, unless it is the younger one, as after a rollback."""
        versions = list_versions(self._client, self._name, self._subject)
        current, previous = holder(versions, CURRENT), holder(versions, PREVIOUS)
        if current is None or previous is None or previous.created > current.created:
            return None
        return Past(current.created, (previous.id,))

    def retire(self, version: str) -> None:
        attempt, right = "retiring its previous version", "secretsmanager:UpdateSecretVersionStage"
        with aws_errors(self._subject, attempt, right):
            self._client.update_secret_version_stage(
                SecretId=self._name, VersionStage=PREVIOUS, RemoveFromVersionId=version
            )
