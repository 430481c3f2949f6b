# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What _secret needs from a vault. Each vendor's package has one class that derives from Store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from .._core.operation import Runtime
from .._stripe.key import MIN_LENGTH
from .._stripe.recognize import holds_key
from .model import Capabilities, Change, NewValue, Observed, Written
from .value import Content, StoredValue, take_apart


class Store(ABC):
    """One named secret in one vault.

    Every method raises CollectionError subclasses only: AuthenticationError, NotPermittedError,
    TransientError, ConflictError or ApiError, with `subject` as the subject.

    What is not overridden is as in a vault that keeps nothing deleted and shows no values, or whose
    values hold our key alone: they are ours as the secret is.
    """

    capabilities: Capabilities
    place_names: ClassVar[tuple[str, ...]] = ()
    """Which of values() say where the secret is."""
    subject: str
    """How errors call the secret: "AWS secret 'stripe/shop' in eu-west-1"."""
    resource: str
    """The full, stable name of the place; part of every fingerprint."""
    lock_name: str
    """What tasks of one run that write to the secret have in common; it holds no secret."""

    @abstractmethod
    def values(self) -> dict[str, object]:
        """What results show of the place: ids, region, vault."""

    def look(self) -> Observed:
        """Read metadata, never the value, even of a secret that may not be changed here."""
        raise NotImplementedError

    def describe(self) -> Observed:
        """As look(), but raises what refuses any change."""
        observed = self.look()
        if observed.refusal is not None:
            raise observed.refusal
        return observed

    def similar_names(self) -> tuple[str, ...]:
        """Of what was found instead of an ABSENT one: names that differ in case only."""
        return ()

    def read_value(self, version: str | None = None) -> StoredValue:
        """The value that readers get now, or that of a version with this id.

        Of a DELETED secret it raises ConflictError, or NotPermittedError without the right.
        """
        raise NotImplementedError

    def read_content(
        self, label: str | None, runtime: Runtime, version: str | None = None
    ) -> Content:
        """What the value is made of; raises what read_value() does."""
        content = take_apart(self.read_value(version), label)
        if content.text:
            runtime.protect(content.text)
        for name, value in content.labels.items():
            # Shorter ones may be ordinary words, which results are full of.
            if isinstance(value, str) and len(value) >= MIN_LENGTH:
                runtime.protect(value)
            if holds_key(name):
                runtime.protect(name)
        return content

    def claims(self, label: str | None) -> bool:  # noqa: ARG002 - there are no labels
        """Whether the description shows that we created the label, or the plain-text key, even if
        it was changed since."""
        return True

    def written(self, label: str | None) -> Iterator[Written]:  # noqa: ARG002 - nor here
        """Our known writes, the current version first.

        May request more from the vault while iterating, and raise what describe() raises.
        """
        return iter(())

    def written_between(self, before: str, version: str) -> list[str]:
        """The ids of versions that others made after one version and until another one of ours,
        the oldest first. Some may never have been current. Called where values have labels.

        Raises ConflictError if that is not known.
        """
        raise NotImplementedError

    def value_since(self) -> datetime | None:
        """When the value that was described or read was written; None if that is not known."""
        return None

    def unreadable(self, fields: Mapping[str, object]) -> str | None:  # noqa: ARG002 - of any kind
        """Why a LIVE secret with these metadata cannot be read, in a sentence; None if it can."""
        return None

    @abstractmethod
    def check(
        self, fields: Mapping[str, object], observed: Observed, value: NewValue | None = None
    ) -> None:
        """Raise for what the vault would refuse to write; also called in check mode.

        fields: the metadata fields that are to change. value: that is to be written, if there is
        one. Called before any write.
        """

    @abstractmethod
    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        """Make the secret, with our marker. Returns the new version's id if there is one."""

    @abstractmethod
    def update(self, change: Change, observed: Observed) -> str | None:
        """Write value and metadata, and our marker if it is not there yet.

        Returns the id of the version that is current afterwards if there is one. Raises
        OvertakenError if change.base was no longer current, and then has not replaced the value.
        """

    def restore(self) -> None:
        """Bring a DELETED secret back as it was."""
        raise NotImplementedError

    @abstractmethod
    def delete(self) -> None:
        """Delete a LIVE secret, softly where the vault can; for good where purging is asked for,
        which a DELETED one can be, too."""
