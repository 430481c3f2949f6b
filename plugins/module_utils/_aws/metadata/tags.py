# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags of a secret: our marker, the user's number of the value, and AWS's rules for others.

Tools that copy a secret copy its tags as well. A copy under another name is not ours. One under the
same name is, in another region or account: a replica that was promoted, or a restored backup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..._secret.fingerprint import Fingerprint, id_of_key, id_of_place, parse_salt, salt_text
from ..._secret.model import VALUE_VERSION
from ..._secret.tags import TagRules

MARKER_TAG = "maia.stripe_query"
VALUE_VERSION_TAG = "maia.stripe_query.value_version"
OUR_TAGS = (MARKER_TAG, VALUE_VERSION_TAG)
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html
TAG_RULES = TagRules(
    most=50,
    ours=OUR_TAGS,
    longest_key=128,
    longest_value=256,
    reserved="aws:",
    symbols="+-=._:/@",
)


_DIGEST = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{32})?")
_TEXT = re.compile(
    rf"(?P<salt>v1:[^:]+)(?::(?P<place>[0-9a-f]{{8}})"
    rf"(?::(?P<adopted>{_DIGEST.pattern}(?:[.]{_DIGEST.pattern})*))?)?"
)
# As many as a tag has room for.
_MOST_ADOPTED = 5


@dataclass(frozen=True)
class Marker:
    """Its text form is v1:s.<salt>:<place>, or v1:k.<key_id>.<salt>:<place>.

    key_id: what names the user's own key for fingerprints, empty without one. place: names the
    secret. Release 1.0.0 wrote none: its markers count wherever they are, and get a place when the
    next value is written.

    adopted: labels that were taken over without a version being written, each with the digest of
    our part of the value, or an empty one if the value was not read. They follow in the text form
    as :<label>-<digest>, with dots between them; without them nothing would tell our labels from
    those of others until the first version of ours.
    """

    salt: str
    key_id: str
    place: str
    adopted: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, name: str, salt: str, key: str = "") -> Marker:
        return cls(salt, id_of_key(key), _place(name))

    @classmethod
    def read(cls, tags: Mapping[str, str], name: str) -> Marker | None:
        """That of the secret of this name; None if it has none, or another secret's."""
        match = _TEXT.fullmatch(tags.get(MARKER_TAG, ""))
        found = parse_salt(match["salt"]) if match else None
        if match is None or found is None or match["place"] not in (None, _place(name)):
            return None
        notes = (match["adopted"] or "").split(".") if match["adopted"] else []
        adopted = tuple((note[:8], note[9:]) for note in notes)
        return cls(*found, match["place"] or "", adopted)

    def __str__(self) -> str:
        text = salt_text(self.salt, self.key_id)
        notes = ".".join(f"{label}-{digest}".rstrip("-") for label, digest in self.adopted)
        return ":".join(part for part in (text, self.place, notes) if part)

    def adopting(self, label: str | None, fingerprint: Fingerprint | None) -> Marker:
        """With a label that was taken over. fingerprint: of our part, if the value was read."""
        note = (_label(label), fingerprint.digest if fingerprint else "")
        others = [each for each in self.adopted if each[0] != note[0]]
        return replace(self, adopted=(*others, note)[-_MOST_ADOPTED:])

    def adopted_as(self, label: str | None) -> str | None:
        """The digest that a label was taken over with, or None if it was not."""
        return dict(self.adopted).get(_label(label))


def _place(name: str) -> str:
    return id_of_place(f"aws:{name}")


def _label(label: str | None) -> str:
    """8 hexadecimal characters that name a label, or the key alone."""
    return id_of_place("plain text" if label is None else f"label:{label}")


def tags_of(found: Mapping[str, Any]) -> dict[str, str]:
    """All tags in what DescribeSecret returned, ours and those of AWS included."""
    return {tag["Key"]: tag.get("Value", "") for tag in found.get("Tags", [])}


def tag_list(tags: Mapping[str, str]) -> list[Any]:
    """As CreateSecret and TagResource take them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def number_tag(fields: Mapping[str, object]) -> dict[str, str]:
    """The tag for the user's own number of the value; empty without one."""
    number = fields.get(VALUE_VERSION)
    return {} if number is None else {VALUE_VERSION_TAG: str(number)}


def mapping_of(fields: Mapping[str, object], name: str) -> dict[str, str]:
    """A field whose value is a mapping; empty if it is missing."""
    value = fields.get(name)
    return dict(value) if isinstance(value, Mapping) else {}
