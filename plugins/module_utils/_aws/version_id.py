# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Version ids that carry a fingerprint, so that DescribeSecret alone shows drift.

AWS lets the writer choose a version's id (ClientRequestToken, 32 to 64 characters). Ours has 64:

    32  digest   the fingerprint's digest of our part of the value
    16  nonce    changes with the whole text and with the versions that there were before
    16  check    proves that we wrote this version, and whether only this label is in it

The nonce keeps a return to an earlier key (A, B, A) from reusing A's id: AWS would take such a
write for a repeated one and silently leave B current. A repeated write after a lost answer, on
the other hand, has the same id, and AWS keeps it from making a second version.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
"""

from __future__ import annotations

from dataclasses import dataclass

from .._secret.fingerprint import Fingerprint, id_of_key, keyed_digest
from .._secret.model import NewValue


@dataclass(frozen=True)
class OurVersion:
    """What one of our version ids says about its value."""

    fingerprint: Fingerprint
    sole_label: bool
    plain_text: bool = False


def make_version_id(value: NewValue, previous: str | None, *, key: str = "") -> str:
    """The id for a new version.

    previous: which versions have which labels before, or None. key: the user's own for
    fingerprints.
    """
    salt, digest = value.fingerprint.salt, value.fingerprint.digest
    nonce = keyed_digest(salt, "nonce", previous or "", value.text, key=key)[:16]
    content = _content(value.label, value.sole_label)
    return digest + nonce + _check(salt, content, digest, nonce, key)


def read_version_id(
    version_id: str | None, salt: str, label: str | None, *, key: str = ""
) -> OurVersion | None:
    """What the id says, or None if we did not write that version with this salt.

    label: the one to look for; a key that is alone, as plain text, is found as well. A version that
    holds nothing but another label is not told from one that we did not write: in both cases the
    value has to be read before it can be changed.
    """
    if version_id is None or len(version_id) != 64:
        return None
    digest, nonce, check = version_id[:32], version_id[32:48], version_id[48:]
    for place, sole_label in ((label, True), (label, False), (None, True)):
        if check == _check(salt, _content(place, sole_label), digest, nonce, key):
            plain = place is None and sole_label
            return OurVersion(Fingerprint(salt, digest, id_of_key(key)), sole_label, plain)
    return None


def _content(label: str | None, sole_label: bool) -> str:
    """What is in a version, as far as its id tells."""
    if not sole_label:
        return "several labels"
    return "plain text" if label is None else f"only the label {label}"


def _check(salt: str, content: str, digest: str, nonce: str, key: str) -> str:
    return keyed_digest(salt, "check", content, digest, nonce, key=key)[:16]
