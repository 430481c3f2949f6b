# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding and removing a secret's replicas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..._core.errors import ConflictError
from ..metadata.replicas import ReplicaChange, replica_list
from ..reach.secret import AwsSecret
from .lifecycle import PAUSES


@dataclass(frozen=True)
class Replication:
    """Of one secret, called from its primary region."""

    secret: AwsSecret
    sleep: Callable[[float], None]

    def apply(self, change: ReplicaChange) -> None:
        self.remove(change.remove, wait=bool(change.add))
        if change.add:
            with self.secret.calling("ReplicateSecretToRegions", "replicating it"):
                # Never overwrite an existing secret of the same name there.
                self.secret.client.replicate_secret_to_regions(
                    SecretId=self.secret.name,
                    AddReplicaRegions=replica_list(change.add),
                    ForceOverwriteReplicaSecret=False,
                )

    def remove(self, regions: tuple[str, ...], *, wait: bool) -> None:
        """Raises ConflictError if they are still there after half a minute of waiting."""
        if not regions:
            return
        attempt = f"removing its replicas in {', '.join(regions)}"
        with self.secret.calling("RemoveRegionsFromReplication", attempt):
            self.secret.client.remove_regions_from_replication(
                SecretId=self.secret.name, RemoveReplicaRegions=list(regions)
            )
        if wait and not any(self._gone(regions, pause) for pause in PAUSES):
            raise ConflictError(
                self.secret.subject,
                "AWS has not finished yet",
                "run again later",
                attempt=attempt,
            )

    def _gone(self, regions: tuple[str, ...], pause: float) -> bool:
        self.sleep(pause)
        held = self.secret.describe().get("ReplicationStatus", [])
        return not {each["Region"] for each in held} & set(regions)
