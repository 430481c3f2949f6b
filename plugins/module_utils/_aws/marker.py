# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tag that makes a secret ours: the salt of its fingerprints, and for which secret it was set.

Tools that copy a secret copy its tags as well. A copy under another name is not ours. One under the
same name is, in another region or account: a replica that was promoted, or a restored backup.
"""

from __future__ import annotations

from dataclasses import dataclass

from .._secret.fingerprint import id_of_key, id_of_place, parse_salt, salt_text

MARKER_TAG = "maia.stripe_query"


@dataclass(frozen=True)
class Marker:
    """Its text form is v1:s.<salt>:<place>, or v1:k.<key_id>.<salt>:<place>.

    key_id: what names the user's own key for fingerprints, empty without one. place: names the
    secret. Release 1.0.0 wrote none: its markers count wherever they are, and get a place when the
    next value is written.
    """

    salt: str
    key_id: str
    place: str

    @classmethod
    def of(cls, name: str, salt: str, key: str = "") -> Marker:
        return cls(salt, id_of_key(key), _place(name))

    @classmethod
    def read(cls, tags: dict[str, str], name: str) -> Marker | None:
        """That of the secret of this name; None if it has none, or another secret's."""
        text = tags.get(MARKER_TAG, "")
        found, place = parse_salt(text), ""
        if found is None:
            text, _colon, place = text.rpartition(":")
            found = parse_salt(text)
        if found is None or place not in ("", _place(name)):
            return None
        return cls(*found, place)

    def __str__(self) -> str:
        text = salt_text(self.salt, self.key_id)
        return f"{text}:{self.place}" if self.place else text


def _place(name: str) -> str:
    return id_of_place(f"aws:{name}")
