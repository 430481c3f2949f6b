# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a secret has beside its value and tags: keys, replicas, policy and description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.errors import ConflictError
from ..metadata.replicas import ReplicaChange, replica_list
from ..metadata.wording import Wording
from ..reach.secret import AwsSecret
from .lifecycle import PAUSES


@dataclass(frozen=True)
class Metadata:
    """Of one secret. wording: tells texts that mean the same."""

    secret: AwsSecret
    wording: Wording

    def places(self, found: Mapping[str, Any]) -> dict[str, object]:
        """The keys that encrypt it, and the regions that have a copy.

        found: what DescribeSecret returned.
        """
        account = str(found["ARN"]).split(":")[4]
        statuses = found.get("ReplicationStatus", [])
        for failed in (each["Region"] for each in statuses if each.get("Status") == "Failed"):
            self.wording.warn_once(
                f"The replica in {failed} failed; its reason is shown in the AWS console."
            )
        held = {each["Region"]: each.get("KmsKeyId", "") for each in statuses}
        key = found.get("KmsKeyId") or ""
        return {
            "kms_key_id": self.wording.key(key, region=self.secret.region, account=account),
            "replica_regions": self.wording.replicas(held, account=account),
        }

    def policy(self, *, deleted: bool) -> dict[str, object]:
        # That of a deleted secret may not be asked for. It comes back with the secret, and then
        # at worst is set to what it is already.
        if deleted:
            return {"resource_policy": None}
        with self.secret.calling("GetResourcePolicy", "reading its resource policy"):
            found = self.secret.client.get_resource_policy(SecretId=self.secret.name)
        return {"resource_policy": self.wording.policy(found.get("ResourcePolicy", ""))}

    def set_policy(self, fields: Mapping[str, object], *, existed: bool) -> None:
        """existed: whether there was a secret, which may have one that is to go."""
        policy = fields.get("resource_policy")
        if policy:
            with self.secret.calling("PutResourcePolicy", "setting its resource policy"):
                # AWS's own default is to let the world in if the policy says so.
                self.secret.client.put_resource_policy(
                    SecretId=self.secret.name, ResourcePolicy=str(policy), BlockPublicPolicy=True
                )
        elif policy is not None and existed:
            with self.secret.calling("DeleteResourcePolicy", "deleting its resource policy"):
                self.secret.client.delete_resource_policy(SecretId=self.secret.name)

    def set_details(self, fields: Mapping[str, object]) -> None:
        names = {"description": "Description", "kms_key_id": "KmsKeyId"}
        changed = {names[field]: str(fields[field]) for field in names if field in fields}
        if changed:
            attempt = f"changing its {' and '.join(name for name in names if name in fields)}"
            with self.secret.calling("UpdateSecret", attempt):
                self.secret.client.update_secret(SecretId=self.secret.name, **changed)


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
