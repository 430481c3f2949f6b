# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints: knowing that a stored value is unchanged without reading it.

A fingerprint is HMAC-SHA-256 over the value and the place where it is stored, keyed with a
random salt that is kept beside it. A Stripe key has well over 100 random bits, so nobody can
guess it from its fingerprint; the salt keeps equal keys in two places from looking equal, and
the place keeps a fingerprint from being copied from one secret to another. Supply your own HMAC key
to stop even a holder of the Stripe key from confirming it.

A copy of a secret (a promoted replica, a restored backup, a clone) brings the fingerprint of the
original along. It says nothing about the value in the new place, not even that it is another one.
So each fingerprint carries a short id of the place that it was made for. Those of release 1.0.0 do
not.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_CONTEXT = b"maia.stripe_query/fingerprint/v1"
_SALT = r"(?:s|k\.(?P<key_id>[0-9a-f]{8}))\.(?P<salt>[0-9a-f]{16})"
_TEXT = re.compile(rf"v1:{_SALT}:(?P<digest>[0-9a-f]{{32}})(?::(?P<place>[0-9a-f]{{8}}))?")
_SALT_TEXT = re.compile(rf"v1:{_SALT}")


def new_salt() -> str:
    """64 random bits as 16 hexadecimal characters."""
    return secrets.token_hex(8)


def id_of_key(key: str) -> str:
    """What names a user's own key in a fingerprint; empty without one."""
    return hashlib.sha256(b"key id\0" + key.encode()).hexdigest()[:8] if key else ""


def id_of_place(resource: str) -> str:
    """What names a place in a fingerprint: 8 hexadecimal characters."""
    return hashlib.sha256(b"place\0" + resource.encode()).hexdigest()[:8]


def keyed_digest(salt: str, *parts: str, key: str = "") -> str:
    """128 bits of HMAC-SHA-256 over the parts, as 32 hexadecimal characters."""
    message = b"\0".join([_CONTEXT, *(part.encode() for part in parts)])
    secret = salt.encode() + (b"\0" + key.encode() if key else b"")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:32]


def salt_text(salt: str, key_id: str) -> str:
    """A salt alone, for a marker beside which the digest is kept elsewhere: v1:s.<salt>."""
    return f"v1:k.{key_id}.{salt}" if key_id else f"v1:s.{salt}"


def parse_salt(text: str) -> tuple[str, str] | None:
    """The salt and the id of the key in a salt_text(), or None."""
    match = _SALT_TEXT.fullmatch(text)
    return (match["salt"], match["key_id"] or "") if match else None


@dataclass(frozen=True)
class Fingerprint:
    """A salted digest of one value in one place.

    Its text form is v1:s.<salt>:<digest>:<place>, or v1:k.<key_id>.<salt>:<digest>:<place> where
    the user's own key went into it. place: see id_of_place(); empty in those of release 1.0.0,
    whose text form ends with the digest.
    """

    salt: str
    digest: str
    key_id: str = ""
    place: str = ""

    @classmethod
    def of(cls, value: str, *, resource: str, salt: str, key: str = "") -> Fingerprint:
        """resource: the full, stable name of the place, which goes into the digest.

        key: the user's own, if there is one.
        """
        digest = keyed_digest(salt, resource, value, key=key)
        return cls(salt, digest, id_of_key(key), id_of_place(resource))

    @classmethod
    def parse(cls, text: str) -> Fingerprint | None:
        match = _TEXT.fullmatch(text)
        if match is None:
            return None
        return cls(match["salt"], match["digest"], match["key_id"] or "", match["place"] or "")

    def __str__(self) -> str:
        place = f":{self.place}" if self.place else ""
        return f"{salt_text(self.salt, self.key_id)}:{self.digest}{place}"

    @property
    def short(self) -> str:
        """What results and diffs show; equal only for the same value in the same place."""
        return self.digest[:12]

    def comparable(self, key: str = "") -> bool:
        """Whether it was made with this key, so that it says anything to its holder."""
        return self.key_id == id_of_key(key)

    def made_for(self, resource: str) -> bool:
        """Whether it is known to be of a value in this place, so that a mismatch means another."""
        return self.place == id_of_place(resource)

    def may_be_of(self, resource: str) -> bool:
        """Whether it is not surely of another place, from which it was copied.

        Those of release 1.0.0 do not say.
        """
        return not self.place or self.made_for(resource)

    def matches(self, value: str, *, resource: str, key: str = "") -> bool:
        other = Fingerprint.of(value, resource=resource, salt=self.salt, key=key)
        return self.comparable(key) and hmac.compare_digest(self.digest, other.digest)
