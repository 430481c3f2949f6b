# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Key Vault as a Store.

Metadata come from the list of a secret's versions, which never shows values and needs only the
right to list; https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret-versions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..._core.deadline import current
from ..._core.errors import CollectionError, ConflictError, NotFoundError, TransientError, malformed
from ..._secret.model import (
    VALUE_VERSION,
    Capabilities,
    Change,
    Existence,
    FieldKind,
    NewValue,
    Observed,
    Written,
)
from ..._secret.retirement import Past
from ..._secret.store import Store
from ..._secret.value import StoredValue
from ..errors.errors import azure_errors
from ..metadata.fields import (
    MARKER_TAG,
    OUR_TAGS,
    ROLLED_BACK_TAG,
    TAG_RULES,
    VALUE_VERSION_TAG,
    all_tags,
    moment_text,
    to_moment,
)
from ..versions.note import NO_FINGERPRINT, Note, digest_of
from ..versions.versions import checked, list_versions, new_version, probably_current
from .lifecycle import Lifecycle, Purge

if TYPE_CHECKING:
    from azure.keyvault.secrets import DeletedSecret, SecretClient, SecretProperties

# Setting properties twice does no harm, but the SDK repeats no PATCH of its own accord.
_REPEATABLE = frozenset({"PATCH"})
# https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
_MAX_CHARACTERS = 25_600


class AzureStore(Store):
    """One secret in one key vault.

    purge_tags: tags that are not asked for are removed.
    deletes: the secret is to go.
    purge: deletion is final, and so refused for a vault with purge protection.
    any_type: a value that is declared as JSON may be replaced.
    rolled_back_to: the version whose value is written again, to be noted beside it.
    max_seconds: how long to wait for a deletion or recovery.
    """

    place_names = ("vault_url", "id")
    capabilities = Capabilities(
        value_readable=True,
        soft_delete=True,
        versions=True,
        stamp_without_write=True,
        # https://github.com/hashicorp/terraform-provider-azurerm/pull/28920
        cleared_by_writing=frozenset({"expires_on", "not_before"}),
        fields={
            "content_type": FieldKind.SCALAR,
            "enabled": FieldKind.SCALAR,
            "expires_on": FieldKind.SCALAR,
            "not_before": FieldKind.SCALAR,
            "tags": FieldKind.MAPPING,
            VALUE_VERSION: FieldKind.SCALAR,
        },
    )

    def __init__(
        self,
        client: SecretClient,
        name: str,
        *,
        purge_tags: bool = False,
        deletes: bool = False,
        purge: Purge = Purge.NO,
        any_type: bool = False,
        rolled_back_to: str | None = None,
        max_seconds: float = 60,
    ) -> None:
        self._client = client
        self._name = name
        self._deletes = deletes
        self._purge = purge
        self._any_type = any_type
        self._rolled_back_to = rolled_back_to
        self._latest: SecretProperties | None = None
        # Whether it is surely the current version that _latest describes.
        self._certain = False
        self.deleted: DeletedSecret | None = None  # as it was described
        self.described: list[SecretProperties] = []  # all versions, newest first
        self._known: frozenset[str | None] = frozenset()  # their ids
        vault_url = client.vault_url.rstrip("/")
        self.subject = f"Key Vault secret '{name}' in {vault_url}"
        # Azure does not distinguish upper and lower case in names.
        self.resource = self.lock_name = f"azure:{vault_url}/secrets/{name}".lower()
        self._lifecycle = Lifecycle(client, name, self.subject, max_seconds)
        if purge_tags:
            kinds = {**self.capabilities.fields, "tags": FieldKind.SCALAR}
            self.capabilities = replace(self.capabilities, fields=kinds)

    def values(self) -> dict[str, object]:
        vault_url = self._client.vault_url.rstrip("/")
        return {
            "name": self._name,
            "label": None,
            "vault_url": vault_url,
            "id": f"{vault_url}/secrets/{self._name}",
        }

    def look(self) -> Observed:
        versions = self.described = self.versions()
        self._known = frozenset(version.version for version in versions)
        self.deleted = None
        if not versions:
            return self._describe_deleted()
        latest = [version for version in versions if version.created_on == versions[0].created_on]
        # Times have whole seconds: of two versions in one second neither is surely last.
        self._certain = len(latest) == 1
        self._latest = probably_current(self._client, self._name, self.subject, latest)
        return self._observed(
            Existence.LIVE,
            self._latest,
            earlier=self._known - {self._latest.version} if self._certain else None,
            ours=any(MARKER_TAG in (version.tags or {}) for version in versions),
            certain=self._certain,
            created=versions[-1].created_on,
        )

    def _managed(self, latest: SecretProperties) -> ConflictError | None:
        """The error for a secret that Key Vault keeps for a certificate.

        https://learn.microsoft.com/azure/key-vault/certificates/about-certificates
        """
        if not latest.managed:
            return None
        return ConflictError(
            self.subject,
            "Key Vault manages it, since it holds the private key of a certificate",
            "choose another name; such a secret is changed with its certificate only",
        )

    def versions(self) -> list[SecretProperties]:
        """All versions, newest first; none if there is no such secret."""
        return list_versions(self._client, self._name, self.subject)

    def _describe_deleted(self) -> Observed:
        deleted = self._lifecycle.find_deleted()
        if deleted is None:
            return Observed(Existence.ABSENT)
        self.deleted = deleted
        found = checked(deleted.properties)
        self._latest, self._certain, self.described = found, True, [found]
        return self._observed(
            Existence.DELETED,
            found,
            ours=MARKER_TAG in (found.tags or {}),
            certain=True,
            created=found.created_on,
        )

    def _observed(
        self,
        existence: Existence,
        latest: SecretProperties,
        *,
        ours: bool,
        certain: bool,
        created: Any,
        earlier: frozenset[str | None] | None = None,
    ) -> Observed:
        """earlier: the versions before it, if they are known."""
        tags = dict(latest.tags or {})
        note = Note.parse(tags.get(MARKER_TAG, ""))
        fingerprint = note.fingerprint if note else None
        follows = note is not None and (earlier is None or note.belongs_after(earlier))
        counts = certain and follows
        # Of a deleted secret the versions before are not shown; see check() and converge.
        seen = earlier is not None or existence is Existence.DELETED
        fits = note is not None and follows and seen and note.fingerprint.may_be_of(self.resource)
        number = tags.get(VALUE_VERSION_TAG, "")
        return Observed(
            existence=existence,
            ours=ours,
            salt=fingerprint.salt if fingerprint else None,
            fingerprint=fingerprint if counts else None,
            bound=note is not None and note.bound and earlier is not None,
            certain=certain,
            probable=None if counts else fingerprint,
            # A version without our note, or with that of another, may hold anything.
            sole_label=fits,
            version=latest.version if certain else None,
            fields={
                "content_type": latest.content_type or "",
                "enabled": latest.enabled is not False,
                "expires_on": moment_text(latest.expires_on),
                "not_before": moment_text(latest.not_before),
                "tags": {name: text for name, text in tags.items() if name not in OUR_TAGS},
                VALUE_VERSION: int(number) if counts and number.isdecimal() else None,
            },
            created=created,
            changed=latest.updated_on,
            value_refusal=None if fingerprint else self._typed(latest),
            refusal=self._managed(latest),
        )

    def _typed(self, latest: SecretProperties) -> ConflictError | None:
        """Why a key alone must not take the place of a value that is declared as JSON."""
        if self._any_type or "json" not in (latest.content_type or "").lower():
            return None
        return ConflictError(
            self.subject,
            "its content type says that its value is JSON, which a key alone is not",
            "use another name, or give content_type, or set replace_value to true",
        )

    def value_since(self) -> datetime | None:
        """The date of the version, which no change of its properties moves."""
        return self._latest.created_on if self._latest and self._certain else None

    def past(self) -> Past | None:
        """The versions before the current one that can still be read."""
        if not self._latest or not self._certain or self.deleted:
            return None
        earlier = [each for each in self.described if each.version != self._latest.version]
        usable = tuple(str(each.version) for each in earlier if each.enabled is not False)
        return Past(self._latest.created_on, usable) if self._latest.created_on else None

    def retire(self, version: str) -> None:
        self._lifecycle.write(
            "disabling an earlier version",
            "update",
            lambda: self._client.update_secret_properties(
                self._name, version, enabled=False, retry_on_methods=_REPEATABLE
            ),
        )

    def read_value(self, version: str | None = None) -> StoredValue:
        try:
            with azure_errors(self.subject, "reading its value", "get"):
                secret = self._client.get_secret(self._name, version)
                checked(secret.properties)
                if not isinstance(secret.value, str | None):
                    raise TypeError("value")
        except NotFoundError:
            if not self.deleted:
                raise
            raise ConflictError(self.subject, "it is deleted", "restore it first") from None
        if version is None:
            self._latest, self._certain = secret.properties, True
        return StoredValue(secret.value, version=secret.properties.version)

    def written(self, label: str | None) -> Iterator[Written]:  # noqa: ARG002 - there are none
        for version in self.described:
            note = Note.parse((version.tags or {}).get(MARKER_TAG, ""))
            if note and note.fingerprint.may_be_of(self.resource):
                yield Written(note.fingerprint)

    def unreadable(self, fields: Mapping[str, object]) -> str | None:
        """Key Vault refuses only what is disabled; a date is left to the reader to respect.

        https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
        """
        if fields.get("enabled") is False:
            return "It is disabled, so it cannot be read."
        now = datetime.now(UTC)
        expires, begins = to_moment(fields.get("expires_on")), to_moment(fields.get("not_before"))
        if expires and expires <= now:
            return f"It expired on {moment_text(expires)}, and is not to be used any more."
        if begins and begins > now:
            return f"It is not to be used before {moment_text(begins)}."
        return None

    def check(
        self, fields: Mapping[str, object], observed: Observed, value: NewValue | None = None
    ) -> None:
        level = self._latest.recovery_level if self._latest else None
        # https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
        if self._purge is not Purge.NO and level and "purgeable" not in level.lower():
            raise ConflictError(
                self.subject,
                f"the vault is protected against purging ({level})",
                "leave purge out; the vault purges the secret when its retention time is over",
                attempt="purging it",
            )
        if self._purge is Purge.OURS and self.deleted:
            raise ConflictError(
                self.subject,
                "it is deleted, and of a deleted secret Key Vault does not show whether its last"
                " value is ours",
                "restore it first, or set on_foreign to adopt to purge whatever it holds",
                attempt="purging it",
            )
        if value is not None and len(value.text) > _MAX_CHARACTERS:
            raise ConflictError(
                self.subject,
                f"its value would have {len(value.text)} characters, and Key Vault takes"
                f" {_MAX_CHARACTERS}",
                "give only the key",
                attempt="writing its value",
            )
        if not self._deletes:
            # Of a version that was rolled back to, the note stays on it as long as it is current.
            kept = self._rolled_back_to if value else self.rolled_back_to()
            tags = all_tags(fields, observed.fields, "", kept)
            TAG_RULES.check_room(self.subject, tags)

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        return self._set(value, fields, held={})

    def update(self, change: Change, observed: Observed) -> str | None:
        if change.value is not None:
            return self._set(change.value, change.fields, held=observed.fields)
        fields = change.fields
        held = (self._latest.tags or {}) if self._latest else {}
        marker = self._marker(change, observed)
        tags = all_tags(fields, observed.fields, marker, held.get(ROLLED_BACK_TAG))
        content_type, enabled = fields.get("content_type"), fields.get("enabled")
        updated = self._lifecycle.write(
            "changing its properties",
            "update",
            lambda: self._client.update_secret_properties(
                self._name,
                # Without a version the current one is meant.
                self._latest.version if self._latest and self._certain else None,
                tags=None if tags == held else tags,
                content_type=None if content_type is None else str(content_type),
                enabled=None if enabled is None else bool(enabled),
                expires_on=to_moment(fields.get("expires_on")),
                not_before=to_moment(fields.get("not_before")),
                retry_on_methods=_REPEATABLE,
            ),
        )
        return updated.version

    def _marker(self, change: Change, observed: Observed) -> str:
        """The note of the described version once its properties are changed.

        It is made anew only after the value was read: a change of tags alone binds no note of
        release 1.0.0 to this version.
        """
        latest = self._latest
        held = (latest.tags or {}).get(MARKER_TAG) if latest else None
        if change.fingerprint is None or change.fingerprint == observed.fingerprint:
            return held or NO_FINGERPRINT
        earlier = self._known - {latest.version if latest else None}
        return str(Note(change.fingerprint, digest_of(earlier) if self._certain else ""))

    def _set(
        self, value: NewValue, fields: Mapping[str, object], *, held: Mapping[str, object]
    ) -> str | None:
        """Write a new version; what the user did not ask for is taken over from the last one."""
        wanted = {**held, **fields}
        content_type, enabled = wanted.get("content_type"), wanted.get("enabled")
        note = Note(value.fingerprint, digest_of(self._known))
        tags = all_tags(fields, held, str(note), self._rolled_back_to)
        try:
            secret = self._lifecycle.write(
                "writing its value",
                "set",
                lambda: self._client.set_secret(
                    self._name,
                    value.text,
                    tags=tags,
                    content_type=str(content_type) if content_type else None,
                    enabled=None if enabled is None else bool(enabled),
                    expires_on=to_moment(wanted.get("expires_on")),
                    not_before=to_moment(wanted.get("not_before")),
                    repeatable=lambda: self._is_not_there(tags),
                ),
            )
        except TransientError:
            # Only its answer may have been lost.
            with suppress(CollectionError):
                if version := new_version(self.versions(), self._known, tags):
                    current().confirmed()
                    return version
            raise
        if not secret.properties.version:
            raise malformed(self.subject, "Azure", "writing its value")
        return secret.properties.version

    def _is_not_there(self, tags: Mapping[str, str]) -> bool:
        """Whether a value may be written again: Key Vault makes a version of every repetition."""
        with suppress(CollectionError):
            return new_version(self.versions(), self._known, tags) is None
        return False

    def current_version(self) -> str | None:
        """The id of the version that was described, or read since."""
        return self._latest.version if self._latest else None

    def rolled_back_to(self) -> str | None:
        """The version whose value the described one brought back, if that is what it did."""
        return (self._latest.tags or {}).get(ROLLED_BACK_TAG) if self._latest else None

    def restore(self) -> None:
        self._lifecycle.restore()

    def delete(self) -> None:
        if not self.deleted:
            self._lifecycle.delete(purge=self._purge is not Purge.NO)
        if self._purge is not Purge.NO:
            self._lifecycle.purge()
