# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our note on a version: the fingerprint of its value, and the version that it belongs to.

Tags belong to a version, but a rotation function or script that writes a new version often copies
the tags of the last one. So the note must identify its version. It is written in the same request
as the value, when the version has no id yet. Only the ids of earlier versions are known then,
so the note contains a digest of these. A later version with copied tags has at least one more
earlier version, so its digest differs. This also works for versions of the
same second, and Key Vault never deletes single versions.

If another writer writes between our read and our write, the digest does not match. The note then
counts as unknown, and the value is read.

Notes of release 1.0.0 have only the fingerprint, so they count only if the value cannot be read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..._secret.fingerprint import Fingerprint

NO_FINGERPRINT = "v1"
_TEXT = re.compile(r"(?P<fingerprint>v1:\S+)(?: after (?P<earlier>[0-9a-f]{16}))?")


@dataclass(frozen=True)
class Note:
    """earlier: see digest_of(); empty in notes of release 1.0.0."""

    fingerprint: Fingerprint
    earlier: str = ""

    @classmethod
    def parse(cls, tag: str) -> Note | None:
        match = _TEXT.fullmatch(tag)
        fingerprint = Fingerprint.parse(match["fingerprint"]) if match else None
        if match is None or fingerprint is None:
            return None
        return cls(fingerprint, match["earlier"] or "")

    def __str__(self) -> str:
        return f"{self.fingerprint} after {self.earlier}" if self.earlier else str(self.fingerprint)

    def belongs_after(self, earlier: Iterable[str | None]) -> bool:
        """Whether it may belong to a version that was made after these; see Note.bound."""
        return not self.bound or self.earlier == digest_of(earlier)

    @property
    def bound(self) -> bool:
        """Whether it says which version it belongs to."""
        return bool(self.earlier)


def digest_of(versions: Iterable[str | None]) -> str:
    """16 hexadecimal characters for the ids of versions, in whatever order."""
    ids = ",".join(sorted(version or "" for version in versions))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]
