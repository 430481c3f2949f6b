# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Version ids that carry a fingerprint, so that DescribeSecret alone shows drift.

AWS lets the writer choose a version's id (ClientRequestToken, 32 to 64 characters). Ours has 64:

    32  digest   the fingerprint's digest of our part of the value
     8  place    the id of the place that the fingerprint was made for
     8  nonce    changes with the whole text and with the versions that there were before
    16  check    proves that we wrote this version, and whether only this label is in it

A version never changes, so an id that matches proves the value. A replica that was promoted has the
ids of the secret that it is a copy of: their place is another one. In the ids of release 1.0.0 the
nonce has 16 characters and there is no place.

The nonce keeps a return to an earlier key (A, B, A) from reusing A's id: AWS would take such a
write for a repeated one and silently leave B current. A repeated write after a lost answer, on
the other hand, has the same id, and AWS keeps it from making a second version.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ..._secret.fingerprint import Fingerprint, id_of_key, keyed_digest
from ..._secret.model import NewValue


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
    nonce = keyed_digest(salt, "nonce", previous or "", value.text, key=key)[:8]
    content = _content(value.label, value.sole_label)
    start = digest + value.fingerprint.place + nonce
    return start + _check(salt, content, start, key)


def read_version_id(
    version_id: str | None, salt: str, label: str | None, *, key: str = ""
) -> OurVersion | None:
    """Parse the id. None if we did not write that version with this salt.

    label: the label to look for; a key in plain text, without a label, is found too. A version with
    only another label looks the same as one that we did not write. In both cases the value must be
    read before it can be changed.
    """
    if version_id is None or len(version_id) != 64:
        return None
    start, check = version_id[:48], version_id[48:]
    digest, place = start[:32], start[32:40]
    for of_key, sole_label in ((label, True), (label, False), (None, True)):
        content = _content(of_key, sole_label)
        plain = of_key is None and sole_label
        if check == _check(salt, content, start, key):
            found = Fingerprint(salt, digest, id_of_key(key), place)
        elif check == _check_of_1_0_0(salt, content, start, key):
            found = Fingerprint(salt, digest, id_of_key(key))
        else:
            continue
        return OurVersion(found, sole_label, plain)
    return None


def _content(label: str | None, sole_label: bool) -> str:
    """What is in a version, as far as its id tells."""
    if not sole_label:
        return "several labels"
    return "plain text" if label is None else f"only the label {label}"


def _check(salt: str, content: str, start: str, key: str) -> str:
    return keyed_digest(salt, "check with place", content, start, key=key)[:16]


def _check_of_1_0_0(salt: str, content: str, start: str, key: str) -> str:
    return keyed_digest(salt, "check", content, start[:32], start[32:], key=key)[:16]
