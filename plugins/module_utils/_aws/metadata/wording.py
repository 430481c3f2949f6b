# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a secret holds, in the words of who asked for it.

_secret compares metadata as they stand. Where two texts mean the same to AWS, the store reports
what is held as the user wrote it, so that only a difference in meaning is a change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .kms import KeyResolver, KmsKey, same_by_text
from .policy import same_policy
from .replicas import Replicas


@dataclass
class Wording:
    """wanted: the metadata that the user asked for. resolver: None to go by texts alone."""

    wanted: Mapping[str, object]
    warn: Callable[[str], None]
    resolver: KeyResolver | None = None
    _warned: set[str] = field(default_factory=set)

    def key(self, held: str, *, region: str, account: str) -> str:
        """The secret's KMS key."""
        wanted = self.wanted.get("kms_key_id")
        if not isinstance(wanted, str):
            return held
        return wanted if self._same_key(wanted, held, region, account, self.resolver) else held

    def replicas(self, held: Replicas, *, account: str) -> dict[str, str]:
        """A key that was left out is whichever there is."""
        wanted = self.wanted.get("replica_regions")
        if not isinstance(wanted, Mapping):
            return dict(held)
        return {
            region: wanted[region]
            if region in wanted
            and (not wanted[region] or self._same_key(wanted[region], key, region, account, None))
            else key
            for region, key in held.items()
        }

    def policy(self, held: str) -> str:
        wanted = self.wanted.get("resource_policy")
        return wanted if isinstance(wanted, str) and same_policy(wanted, held) else held

    def warn_once(self, text: str) -> None:
        if text not in self._warned:
            self._warned.add(text)
            self.warn(text)

    def _same_key(
        self, wanted: str, held: str, region: str, account: str, resolver: KeyResolver | None
    ) -> bool:
        one = KmsKey.parse(wanted, region=region, account=account)
        other = KmsKey.parse(held, region=region, account=account)
        same = same_by_text(one, other)
        if same is None and resolver is not None and one is not None and other is not None:
            same = resolver.same(one, other)
        if same is None:
            self.warn_once(
                f"The KMS key in {region} was left as it is: '{wanted}' is wanted and '{held}' is"
                " set, and whether they are the same key cannot be known without kms:DescribeKey;"
                " give the key in the way that AWS shows it."
            )
        return same is not False
