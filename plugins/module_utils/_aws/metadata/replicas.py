# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas of a secret in other regions.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Regions, each with the KMS key of the replica there as text; empty: AWS's own, or whichever it is.
Replicas = Mapping[str, str]


@dataclass(frozen=True)
class ReplicaChange:
    """Replicas to remove first, and then to add; one with another key is in both."""

    remove: tuple[str, ...]
    add: Replicas

    @classmethod
    def between(cls, held: Replicas, wanted: Replicas) -> ReplicaChange:
        """wanted: all that there are to be."""
        other_key = {
            region for region in held if region in wanted and held[region] != wanted[region]
        }
        gone = held.keys() - wanted.keys()
        return cls(
            remove=tuple(sorted(gone | other_key)),
            add={
                region: key
                for region, key in sorted(wanted.items())
                if region not in held or region in other_key
            },
        )

    @property
    def replaced(self) -> tuple[str, ...]:
        """Regions whose replica has to be made anew for another key."""
        return tuple(region for region in self.remove if region in self.add)


def replica_list(replicas: Replicas) -> list[Any]:
    """As CreateSecret and ReplicateSecretToRegions take them."""
    return [
        {"Region": region, **({"KmsKeyId": key} if key else {})}
        for region, key in sorted(replicas.items())
    ]
