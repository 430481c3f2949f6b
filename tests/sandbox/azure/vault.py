# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of one vault and their life: versions, soft delete, recovery. No HTTP here."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


class VaultError(Exception):
    """A refusal in the vendor's words: error code, inner code and message."""

    def __init__(self, code: str, message: str, inner: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.inner = inner


class VaultSettings:
    """How the vaults behave; may be changed at any time."""

    purge_protection: bool = False
    recoverable_days: int = 90
    delete_seconds: float = 0.0  # until a deletion shows up among the deleted secrets
    recover_seconds: float = 0.0  # until a recovered secret may be written again
    clock: Callable[[], float] = staticmethod(time.time)

    def recovery_level(self) -> str:
        level = "Recoverable" if self.recoverable_days == 90 else "CustomizedRecoverable"
        return level if self.purge_protection else f"{level}+Purgeable"


@dataclass(frozen=True)
class Properties:
    """What a caller says about a secret; None means that it was left out."""

    content_type: str | None = None
    tags: dict[str, str] | None = None
    enabled: bool | None = None
    not_before: int | None = None
    expires: int | None = None


@dataclass
class SecretVersion:
    version: str
    value: str = field(repr=False)
    created: int
    updated: int
    enabled: bool = True
    content_type: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    not_before: int | None = None
    expires: int | None = None

    def update(self, given: Properties) -> None:
        self.content_type = _either(given.content_type, self.content_type)
        self.tags = _either(given.tags, self.tags)
        self.enabled = _either(given.enabled, self.enabled)
        self.not_before = _either(given.not_before, self.not_before)
        self.expires = _either(given.expires, self.expires)


@dataclass
class Secret:
    name: str
    versions: list[SecretVersion]
    readable_at: float = 0.0
    writable_at: float = 0.0

    @property
    def latest(self) -> SecretVersion:
        return self.versions[-1]


@dataclass(frozen=True)
class DeletedSecret:
    secret: Secret
    deleted_date: int
    scheduled_purge_date: int
    listed_at: float


class Vault:
    """Names compare without regard to case, as in the vendor's identifiers."""

    def __init__(self, name: str, settings: VaultSettings) -> None:
        self.name = name
        self._settings = settings
        self._secrets: dict[str, Secret] = {}
        self._deleted: dict[str, DeletedSecret] = {}

    def secrets(self) -> list[Secret]:
        now = self._settings.clock()
        return [item for _name, item in sorted(self._secrets.items()) if item.readable_at <= now]

    def deleted_secrets(self) -> list[DeletedSecret]:
        now = self._settings.clock()
        return [item for _name, item in sorted(self._deleted.items()) if item.listed_at <= now]

    def secret(self, name: str) -> Secret:
        secret = self._secrets.get(name.lower())
        if secret is None or secret.readable_at > self._settings.clock():
            raise _not_found(name)
        return secret

    def version(self, name: str, version: str) -> SecretVersion:
        secret = self.secret(name)
        if not version:
            return secret.latest
        for candidate in secret.versions:
            if candidate.version == version.lower():
                return candidate
        raise _not_found(f"{name}/{version}")

    def get_secret(self, name: str, version: str) -> SecretVersion:
        found = self.version(name, version)
        if not found.enabled:
            raise VaultError(
                "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"
            )
        return found

    def set_secret(self, name: str, value: str, given: Properties) -> SecretVersion:
        self._refuse_unless_writable(name)
        now = int(self._settings.clock())
        created = SecretVersion(uuid.uuid4().hex, value, created=now, updated=now)
        created.update(given)
        secret = self._secrets.setdefault(name.lower(), Secret(name, []))
        secret.versions.append(created)
        return created

    def update_secret(self, name: str, version: str, given: Properties) -> SecretVersion:
        found = self.version(name, version)
        self._refuse_unless_writable(name)
        found.update(given)
        found.updated = int(self._settings.clock())
        return found

    def delete_secret(self, name: str) -> DeletedSecret:
        secret = self.secret(name)
        self._refuse_unless_writable(name)
        now = self._settings.clock()
        purge_date = int(now) + self._settings.recoverable_days * 86400
        deleted = DeletedSecret(secret, int(now), purge_date, now + self._settings.delete_seconds)
        self._deleted[name.lower()] = deleted
        del self._secrets[name.lower()]
        return deleted

    def deleted_secret(self, name: str) -> DeletedSecret:
        deleted = self._deleted.get(name.lower())
        if deleted is None or deleted.listed_at > self._settings.clock():
            raise VaultError("SecretNotFound", f"Deleted Secret not found: {name}")
        return deleted

    def recover_deleted_secret(self, name: str) -> Secret:
        self._refuse_while_being_deleted(name)
        secret = self.deleted_secret(name).secret
        now = self._settings.clock()
        # Reads come back before writes do: the SDK's poller ends while a write still conflicts.
        secret.readable_at = now + self._settings.recover_seconds / 2
        secret.writable_at = now + self._settings.recover_seconds
        self._secrets[name.lower()] = secret
        del self._deleted[name.lower()]
        return secret

    def purge_deleted_secret(self, name: str) -> None:
        self._refuse_while_being_deleted(name)
        self.deleted_secret(name)
        if self._settings.purge_protection:
            raise VaultError(
                "Forbidden",
                'Operation "purge" is not allowed because purge protection is enabled for this '
                "vault. Key Vault service will automatically purge it after the retention period "
                "has passed.",
                "ForbiddenByPolicy",
            )
        del self._deleted[name.lower()]

    def _refuse_unless_writable(self, name: str) -> None:
        self._refuse_while_being_deleted(name)
        if name.lower() in self._deleted:
            raise VaultError(
                "Conflict",
                f"Secret {name} is currently in a deleted but recoverable state, and its name "
                "cannot be reused; in this state, the secret can only be recovered or purged.",
                "ObjectIsDeletedButRecoverable",
            )
        secret = self._secrets.get(name.lower())
        if secret is not None and secret.writable_at > self._settings.clock():
            raise VaultError(
                "Conflict",
                f"Secret {name} is currently being recovered and cannot be re-created; "
                "retry later.",
                "ObjectIsBeingRecovered",
            )

    def _refuse_while_being_deleted(self, name: str) -> None:
        deleted = self._deleted.get(name.lower())
        if deleted is not None and deleted.listed_at > self._settings.clock():
            raise VaultError(
                "Conflict", "Secret is currently being deleted.", "ObjectIsBeingDeleted"
            )


def _either(given: T | None, present: T) -> T:
    return present if given is None else given


def _not_found(name: str) -> VaultError:
    return VaultError(
        "SecretNotFound",
        f"A secret with (name/id) {name} was not found in this key vault. If you recently deleted "
        "this secret you may be able to recover it using the correct recovery command. For help "
        "resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
    )
