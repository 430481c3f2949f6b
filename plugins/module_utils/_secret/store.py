# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the core needs from a vault. Each vendor's store.py implements it, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from .model import Capabilities, Change, NewValue, Observed, Written
from .value import StoredValue


class Store(Protocol):
    """One named secret in one vault.

    Every method raises CollectionError subclasses only: AuthenticationError, NotPermittedError,
    TransientError, ConflictError or ApiError, with `subject` as the subject.
    """

    capabilities: Capabilities
    subject: str
    """How errors call the secret: "AWS secret 'stripe/shop' in eu-west-1"."""
    resource: str
    """The full, stable name of the place; part of every fingerprint."""
    lock_name: str
    """What tasks of one run that write to the secret have in common; it holds no secret."""

    def describe(self) -> Observed:
        """Read metadata, never the value."""

    def read_value(self, version: str | None = None) -> StoredValue:
        """The value that readers get now, or that of a version with this id.

        Of a DELETED secret it raises ConflictError, or NotPermittedError without the right.
        """

    def claims(self, label: str | None) -> bool:
        """Whether the description shows that we created the label, or the plain-text key, even if
        it was changed since."""

    def written(self, label: str | None) -> Iterator[Written]:
        """Our known writes, the current version first.

        May request more from the vault while iterating, and raise what describe() raises.
        """

    def written_between(self, before: str, version: str) -> list[str]:
        """The ids of versions that others made after one version and until another one of ours,
        the oldest first. Some may never have been current. Called where values have labels.

        Raises ConflictError if that is not known.
        """

    def value_since(self) -> datetime | None:
        """When the value that was described or read was written; None if that is not known."""

    def unreadable(self, fields: Mapping[str, object]) -> str | None:
        """Why a LIVE secret with these metadata cannot be read, in a sentence; None if it can."""

    def check(
        self, fields: Mapping[str, object], observed: Observed, value: NewValue | None = None
    ) -> None:
        """Raise for what the vault would refuse to write; also called in check mode.

        fields: the metadata fields that are to change. value: that is to be written, if there is
        one. Called before any write.
        """

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        """Make the secret, with our marker. Returns the new version's id if there is one."""

    def update(self, change: Change, observed: Observed) -> str | None:
        """Write value and metadata, and our marker if it is not there yet.

        Returns the id of the version that is current afterwards if there is one. Raises
        OvertakenError if change.base was no longer current, and then has not replaced the value.
        """

    def restore(self) -> None:
        """Bring a DELETED secret back as it was."""

    def delete(self) -> None:
        """Delete a LIVE secret, softly where the vault can; for good where purging is asked for,
        which a DELETED one can be, too."""

    def values(self) -> dict[str, object]:
        """What results show of the place: ids, region, vault."""
