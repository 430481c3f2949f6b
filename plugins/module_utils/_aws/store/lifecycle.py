# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting a secret, and bringing it back.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..._core.errors import CollectionError, ConflictError, NotFoundError, OvertakenError
from ..errors.errors import aws_errors
from ..versions.values import Stages, holder_of
from ..versions.versions import CURRENT

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient


@dataclass(frozen=True)
class Lifecycle:
    """Of one secret. describe: asks AWS for it; what it returns is empty if there is none."""

    client: SecretsManagerClient
    name: str
    subject: str
    describe: Callable[[], Mapping[str, Any]]

    def restore(self) -> None:
        with aws_errors(self.subject, "restoring it", "secretsmanager:RestoreSecret"):
            self.client.restore_secret(SecretId=self.name)

    def delete(self, seen: Stages, days: int | None) -> None:
        """seen: the versions that there were when it was looked at. days: None for no recovery.

        Raises OvertakenError if another writer changed the value: AWS deletes unconditionally,
        so that the secret is brought back. Without recovery what they wrote is lost.
        """
        how: dict[str, Any] = (
            {"ForceDeleteWithoutRecovery": True} if days is None else {"RecoveryWindowInDays": days}
        )
        try:
            with aws_errors(self.subject, "deleting it", "secretsmanager:DeleteSecret"):
                self.client.delete_secret(SecretId=self.name, **how)
        except (ConflictError, NotFoundError):
            # Already done by another writer, or by our own call, repeated after a lost response.
            left = self.describe()
            if left and not left.get("DeletedDate"):
                raise
        if days is not None:
            self._restore_what_others_wrote(holder_of(seen, CURRENT))

    def _restore_what_others_wrote(self, seen: str | None) -> None:
        try:
            now = holder_of(self.describe().get("VersionIdsToStages", {}), CURRENT)
        except CollectionError:
            return  # What was to be done is done.
        if seen is None or now in (None, seen):
            return
        self.restore()
        raise OvertakenError(
            self.subject, "another writer changed the value in the meantime", "run again"
        )
