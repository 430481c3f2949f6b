# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secret that the user wants and the one that the vault holds. No SDK, no Ansible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from .._core.errors import CollectionError
from .._stripe.key import StripeKey
from .fingerprint import Fingerprint
from .labels import labels_of, repeated_labels, with_label


class Existence(Enum):
    """DELETED: gone for readers, but the vault still keeps it and its name (soft delete)."""

    ABSENT = "absent"
    LIVE = "present"
    DELETED = "deleted"


class FieldKind(Enum):
    """How what the user asks for a metadata field relates to what the vault holds.

    SCALAR: replaces it. MAPPING: its items are set, others stay. MEMBERS: its members are
    added, others stay.
    """

    SCALAR = "scalar"
    MAPPING = "mapping"
    MEMBERS = "members"


# The metadata field that holds the user's own number for the value; every store has it.
VALUE_VERSION = "value_version"
# Room for a moment in nanoseconds; no version has more digits.
MAX_VALUE_VERSION = 2**63 - 1


@dataclass(frozen=True)
class Capabilities:
    """What a kind of vault can do; facts that the plan asks for instead of the vendor's name."""

    value_readable: bool
    soft_delete: bool
    versions: bool
    # Whether the fingerprint can be stored without writing the value again.
    stamp_without_write: bool
    # Whether a matching fingerprint proves the value, because the vault lets neither change alone.
    # Elsewhere it is a note beside a value that may have been changed since.
    fingerprint_proves: bool = False
    # Whether every update replaces the whole object, so that the value has to be sent again.
    replaces_whole: bool = False
    # Whether a value can be a JSON object with a label for each of several secrets.
    labels: bool = False
    # Whether to check for concurrent writes; not where every request is counted.
    look_after_write: bool = True
    # Fields that only a new version with the value can be without.
    cleared_by_writing: frozenset[str] = frozenset()
    # Fields that the vault changes in the background, so that a look soon after tells nothing.
    shown_late: frozenset[str] = frozenset()
    fields: Mapping[str, FieldKind] = field(default_factory=dict)


@dataclass(frozen=True)
class Payload:
    """What is to be stored: the key alone, or as one label of a JSON object."""

    key: StripeKey
    label: str | None = None

    @property
    def text(self) -> str:
        """The whole stored value when nothing else is in it."""
        return self.key.value if self.label is None else self.merged_into(None)

    def is_in(self, stored: str | None) -> bool:
        """Whether the stored value holds our key; JSON is compared by meaning."""
        if self.label is None:
            return stored == self.key.value
        held = labels_of(stored)
        # Of a label that is there twice one program reads the first, and another the last.
        once = held and self.label not in repeated_labels(stored or "")
        return bool(once) and held.get(self.label) == self.key.value

    def merged_into(self, stored: str | None) -> str:
        """The stored JSON object with our key in it; None where there is none to keep."""
        if self.label is None:
            return self.key.value
        return with_label(stored, self.label, self.key.value)


@dataclass(frozen=True)
class Desired:
    """What the user asked for.

    payload: None when the secret is to be absent; label is then still the one to remove.
    metadata_only: it is to be present all the same, with whatever value it has.
    fields: metadata by field name; a field that is not in it stays as it is in the vault.
    compare: auto, value, prefer_value or fingerprint. on_unknown: write, keep or fail.
    on_foreign: fail or adopt. update_value: on_change, always or never.
    fingerprint_key: the user's own key for fingerprints; empty without one.
    purge: a deleted secret that the vault still keeps is to go, too.
    format_given: the user said that the key is stored under the label, or without one as plain
        text; otherwise a key that is stored as plain text stays plain text.
    replace_value: a value that cannot be taken apart is replaced, or deleted, as a whole.
    """

    payload: Payload | None
    label: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    compare: str = "auto"
    on_unknown: str = "write"
    on_foreign: str = "fail"
    update_value: str = "on_change"
    fingerprint_key: str = field(default="", repr=False)
    purge: bool = False
    metadata_only: bool = False
    format_given: bool = False
    replace_value: bool = False

    def as_plain_text(self) -> Desired:
        """The same without a label."""
        payload = self.payload and replace(self.payload, label=None)
        return replace(self, payload=payload, label=None)

    @property
    def value_version(self) -> object | None:
        """The user's own number for the value, which then decides whether it is written."""
        return self.fields.get(VALUE_VERSION)


@dataclass(frozen=True)
class Observed:
    """What a vault's metadata say about a secret; the value is not among it.

    ours: it carries our marker.
    salt: the salt to use for its next fingerprint, if it has one.
    fingerprint: of the value that is held now; None if there is none that can be trusted.
    bound: False if nothing ties the fingerprint to the value that is held now, although the vault
        could do so; the value is then read where that is permitted.
    certain: False if metadata alone do not tell which version is current.
    probable: the fingerprint beside what is most likely the current value, where it does not count.
    sole_label: nothing but our key is known to be in the value, under the label that we were asked
        for or alone; True as well in a vault that never shows what is in it.
    plain_text: the key is known to be stored alone, although we were asked for a label.
    previous: the id of the version that was current before; None if it is not known.
    fields: metadata by field name, without our marker.
    value_refusal: why its value must not be written, if there is a reason.
    refusal: why nothing of it may be changed here, if there is a reason.
    """

    existence: Existence
    ours: bool = False
    salt: str | None = None
    fingerprint: Fingerprint | None = None
    bound: bool = True
    certain: bool = True
    probable: Fingerprint | None = None
    sole_label: bool = False
    plain_text: bool = False
    version: str | None = None
    previous: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    created: datetime | None = None
    changed: datetime | None = None
    value_refusal: CollectionError | None = None
    refusal: CollectionError | None = None


class Origin(Enum):
    """Who put a Stripe key where it is, in a secret of ours.

    OURS: we wrote this very key there. CHANGED: the place is ours, the key is not one that we
    wrote. THEIRS: nothing shows that the place was ever ours; it may be a label that others added.
    """

    OURS = "ours"
    CHANGED = "changed"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Written:
    """What there still is of a value that we wrote.

    fingerprint: of our part of it. version: its id, if it can be read. for_label: it was surely
    written for the label that the store was asked for, or for a key alone.
    """

    fingerprint: Fingerprint
    version: str | None = None
    for_label: bool = True


@dataclass(frozen=True)
class NewValue:
    """A value to be written.

    text: all of it. fingerprint: of our part of it. sole_label: nothing else is in it.
    label: of our part; None if the key is alone. binary: it is stored as binary data, in UTF-8.
    """

    text: str = field(repr=False)
    fingerprint: Fingerprint
    sole_label: bool = True
    label: str | None = None
    binary: bool = False


@dataclass(frozen=True)
class Change:
    """What a store is to write to a secret that exists.

    salt: for our marker, which is added where it is missing.
    value: None to leave the value as it is. held_value: in that case, what it is, if that is known.
    fingerprint: of the value that is then held; None if it is not known.
    fields: the changed metadata fields with their complete new values.
    base: the id of the version that others' labels in the value were taken from; None if nothing
        was taken over.
    """

    salt: str
    value: NewValue | None = None
    fingerprint: Fingerprint | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    held_value: NewValue | None = None
    base: str | None = None
