# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints: knowing that a stored value is unchanged without reading it.

A fingerprint is HMAC-SHA-256 over the value and the place where it is stored, keyed with a
random salt that is kept beside it. A Stripe key has well over 100 random bits, so nobody can
guess it from its fingerprint; the salt keeps equal keys in two places from looking equal, and
the place keeps a fingerprint from being copied from one secret to another.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_CONTEXT = b"maia.stripe_query/fingerprint/v1"
_TEXT = re.compile(r"v1:s\.(?P<salt>[0-9a-f]{16}):(?P<digest>[0-9a-f]{32})")


def new_salt() -> str:
    """64 random bits as 16 hexadecimal characters."""
    return secrets.token_hex(8)


def keyed_digest(salt: str, *parts: str) -> str:
    """128 bits of HMAC-SHA-256 over the parts, as 32 hexadecimal characters."""
    message = b"\0".join([_CONTEXT, *(part.encode() for part in parts)])
    return hmac.new(salt.encode(), message, hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True)
class Fingerprint:
    """A salted digest of one value in one place; its text form is v1:s.<salt>:<digest>."""

    salt: str
    digest: str

    @classmethod
    def of(cls, value: str, *, resource: str, salt: str) -> Fingerprint:
        """resource: the full, stable name of the place, which goes into the digest."""
        return cls(salt, keyed_digest(salt, resource, value))

    @classmethod
    def parse(cls, text: str) -> Fingerprint | None:
        match = _TEXT.fullmatch(text)
        return cls(match["salt"], match["digest"]) if match else None

    def __str__(self) -> str:
        return f"v1:s.{self.salt}:{self.digest}"

    @property
    def short(self) -> str:
        """What results and diffs show; equal only for the same value in the same place."""
        return self.digest[:12]

    def matches(self, value: str, *, resource: str) -> bool:
        other = Fingerprint.of(value, resource=resource, salt=self.salt)
        return hmac.compare_digest(self.digest, other.digest)
