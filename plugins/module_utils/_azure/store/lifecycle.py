# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting a secret, bringing it back, and waiting for what the vault does meanwhile.

https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from ..._core.errors import ConflictError, NotFoundError, NotPermittedError, TransientError
from ..errors.causes import UNDER_WAY
from ..errors.errors import azure_errors
from ..reach.waiting import Patience
from ..versions.versions import bounded, checked, list_versions

# A missing library is reported as such before anything here runs.
with suppress(ImportError):
    from azure.core.exceptions import ResourceNotFoundError

if TYPE_CHECKING:
    from azure.keyvault.secrets import DeletedSecret, SecretClient, SecretProperties

T = TypeVar("T")


class Purge(Enum):
    """What may be deleted for good: nothing, what is seen to be ours, or whatever is there."""

    NO = "no"
    OURS = "ours"
    ANYTHING = "anything"


@dataclass(frozen=True)
class Lifecycle:
    """Of one secret. max_seconds: how long to wait for a deletion or recovery."""

    client: SecretClient
    name: str
    subject: str
    max_seconds: float

    def find_deleted(self) -> DeletedSecret | None:
        """The soft-deleted secret of this name, if there is one.

        Getting it takes the right to get secrets; who lacks that goes through the list.
        https://learn.microsoft.com/rest/api/keyvault/secrets/get-deleted-secret
        """
        attempt = "looking for it among deleted secrets"
        with suppress(NotPermittedError), azure_errors(self.subject, attempt, "get"):
            try:
                return _checked(self.client.get_deleted_secret(self.name))
            except ResourceNotFoundError:
                return None
        with azure_errors(self.subject, attempt, "list"):
            for deleted in bounded(self.client.list_deleted_secrets()):
                if (deleted.name or "").lower() == self.name.lower():
                    return _checked(deleted)
        return None

    def restore(self) -> None:
        attempt = "recovering it"
        self.write(attempt, "recover", lambda: self.client.begin_recover_deleted_secret(self.name))
        # The SDK's own waiting takes the right to get secrets, and reads the value.
        if not Patience(self.max_seconds).until(self._versions):
            raise self._still_going_on(attempt)

    def delete(self, *, purge: bool) -> None:
        """purge: it is to be purged afterwards, which takes a deletion that has ended."""
        try:
            self.write("deleting it", "delete", lambda: self.client.begin_delete_secret(self.name))
        except NotFoundError:
            # Already done by another writer, or by our own call, repeated after a lost response.
            if self._versions():
                raise
        # Until then the name can be neither recovered nor purged.
        gone = Patience(self.max_seconds).until(self.find_deleted)
        if purge and not gone:
            raise self._still_going_on("purging it")

    def purge(self) -> None:
        self.write("purging it", "purge", lambda: self.client.purge_deleted_secret(self.name))
        if not Patience(self.max_seconds).until(lambda: self.find_deleted() is None):
            raise self._still_going_on("purging it")

    def write(self, attempt: str, permission: str, call: Callable[[], T]) -> T:
        """Make a call that changes something, once an earlier deletion or recovery has ended."""
        patience = Patience(self.max_seconds)
        while True:
            try:
                with azure_errors(self.subject, attempt, permission):
                    return call()
            except ConflictError as error:
                if error.code not in UNDER_WAY or not patience.pause():
                    raise

    def _versions(self) -> list[SecretProperties]:
        return list_versions(self.client, self.name, self.subject)

    def _still_going_on(self, attempt: str) -> TransientError:
        return TransientError(
            self.subject,
            f"the vault had not finished it after {self.max_seconds:g} seconds",
            "run again later, or raise max_seconds",
            attempt=attempt,
        )


def _checked(deleted: DeletedSecret) -> DeletedSecret:
    """The same; see checked()."""
    checked(deleted.properties)
    return deleted
