# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our note beside a version: the fingerprint of its value, and which version it belongs to.

Tags belong to a version, but a rotation function or script that writes a new version often copies
the tags of the last one. So the note has to tell the version that it was written with from all
others. It is written in the same request as the value, when the version has no id yet. What is
known by then are the versions that are there already: the note carries a digest over their ids.
Another version, with the same tags, has one more version before it, at least that from which the
tags were copied. That holds for versions of the same second as well, and Key Vault deletes no
single version.

If somebody writes between our look and our write, the note does not fit. It then counts as unknown
and the value is read, which errs on the safe side.

Notes of release 1.0.0 have the fingerprint only, and so count only where the value cannot be read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .._secret.fingerprint import Fingerprint

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

    def is_of(self, resource: str) -> bool:
        """Whether it may be of this secret: tags can be copied from another one."""
        return not self.fingerprint.place or self.fingerprint.made_for(resource)

    @property
    def bound(self) -> bool:
        """Whether it says which version it belongs to."""
        return bool(self.earlier)


def digest_of(versions: Iterable[str | None]) -> str:
    """16 hexadecimal characters for the ids of versions, in whatever order."""
    ids = ",".join(sorted(version or "" for version in versions))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]
