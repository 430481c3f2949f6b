# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding and removing a secret's replicas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..._core.errors import ConflictError
from ..errors.errors import aws_errors
from ..metadata.replicas import ReplicaChange, replica_list
from .waiting import PAUSES

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient


@dataclass(frozen=True)
class Replication:
    """Of one secret, called from its primary region."""

    client: SecretsManagerClient
    name: str
    subject: str
    sleep: Callable[[float], None]

    def apply(self, change: ReplicaChange) -> None:
        self.remove(change.remove, wait=bool(change.add))
        if change.add:
            with aws_errors(
                self.subject, "replicating it", "secretsmanager:ReplicateSecretToRegions"
            ):
                # Never overwrite an existing secret of the same name there.
                self.client.replicate_secret_to_regions(
                    SecretId=self.name,
                    AddReplicaRegions=replica_list(change.add),
                    ForceOverwriteReplicaSecret=False,
                )

    def remove(self, regions: tuple[str, ...], *, wait: bool) -> None:
        """Raises ConflictError if they are still there after half a minute of waiting."""
        if not regions:
            return
        attempt = f"removing its replicas in {', '.join(regions)}"
        with aws_errors(self.subject, attempt, "secretsmanager:RemoveRegionsFromReplication"):
            self.client.remove_regions_from_replication(
                SecretId=self.name, RemoveReplicaRegions=list(regions)
            )
        if wait and not any(self._gone(regions, pause) for pause in PAUSES):
            raise ConflictError(
                self.subject,
                "AWS has not finished yet",
                "run again later",
                attempt=attempt,
            )

    def _gone(self, regions: tuple[str, ...], pause: float) -> bool:
        self.sleep(pause)
        with aws_errors(self.subject, "describing it", "secretsmanager:DescribeSecret"):
            found = self.client.describe_secret(SecretId=self.name)
        return not {each["Region"] for each in found.get("ReplicationStatus", [])} & set(regions)
