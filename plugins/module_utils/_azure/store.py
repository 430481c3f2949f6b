# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Key Vault as a Store.

Metadata come from the list of a secret's versions, which never shows values and needs only the
right to list; https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret-versions
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .._errors import NotPermittedError
from .._secret.fingerprint import Fingerprint
from .._secret.model import (
    VALUE_VERSION,
    Capabilities,
    Change,
    Existence,
    FieldKind,
    NewValue,
    Observed,
)
from .errors import azure_code, azure_errors

# A missing library is reported as such before anything here runs.
with suppress(ImportError):
    from azure.core.exceptions import ResourceNotFoundError

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretClient, SecretProperties

# A tag on each version that we write, with the fingerprint of that version's value.
MARKER_TAG = "maia.stripe_query"
VALUE_VERSION_TAG = "maia.stripe_query.value_version"
OUR_TAGS = (MARKER_TAG, VALUE_VERSION_TAG)
_NO_FINGERPRINT = "v1"


class AzureStore:
    """One secret in one key vault."""

    capabilities = Capabilities(
        value_readable=True,
        soft_delete=True,
        versions=True,
        stamp_without_write=True,
        fields={
            "content_type": FieldKind.SCALAR,
            "tags": FieldKind.MAPPING,
            VALUE_VERSION: FieldKind.SCALAR,
        },
    )

    def __init__(self, client: SecretClient, name: str) -> None:
        self._client = client
        self._name = name
        self._latest: SecretProperties | None = None
        vault_url = client.vault_url.rstrip("/")
        self.subject = f"Azure secret '{name}' in {vault_url}"
        # Azure does not distinguish upper and lower case in names.
        self.resource = f"azure:{vault_url}/secrets/{name}".lower()

    def values(self) -> dict[str, object]:
        vault_url = self._client.vault_url.rstrip("/")
        return {
            "name": self._name,
            "vault_url": vault_url,
            "id": f"{vault_url}/secrets/{self._name}",
        }

    def describe(self) -> Observed:
        with azure_errors(self.subject, "listing its versions", "list"):
            try:
                versions = list(self._client.list_properties_of_secret_versions(self._name))
            except ResourceNotFoundError as error:
                # Anything else that is not found is the vault, not the secret.
                if azure_code(error) != "SecretNotFound":
                    raise
                versions = []
        if not versions:
            return self._describe_deleted()
        newest = max(version.created_on for version in versions if version.created_on)
        latest = [version for version in versions if version.created_on == newest]
        self._latest = latest[-1]
        return self._observed(
            Existence.LIVE,
            self._latest,
            ours=any(MARKER_TAG in (version.tags or {}) for version in versions),
            # Times have whole seconds: of two versions in one second neither is surely last.
            certain=len(latest) == 1,
            created=min(version.created_on for version in versions if version.created_on),
        )

    def _describe_deleted(self) -> Observed:
        try:
            with azure_errors(self.subject, "looking for it among deleted secrets", "get"):
                try:
                    deleted = self._client.get_deleted_secret(self._name)
                except ResourceNotFoundError:
                    return Observed(Existence.ABSENT)
        except NotPermittedError:
            # Then a soft-deleted secret of this name shows when it is written.
            return Observed(Existence.ABSENT)
        self._latest = deleted.properties
        return self._observed(
            Existence.DELETED,
            deleted.properties,
            ours=MARKER_TAG in (deleted.properties.tags or {}),
            certain=True,
            created=deleted.properties.created_on,
        )

    def _observed(
        self,
        existence: Existence,
        latest: SecretProperties,
        *,
        ours: bool,
        certain: bool,
        created: Any,
    ) -> Observed:
        tags = dict(latest.tags or {})
        fingerprint = Fingerprint.parse(tags.pop(MARKER_TAG, ""))
        number = tags.pop(VALUE_VERSION_TAG, "")
        return Observed(
            existence=existence,
            ours=ours,
            salt=fingerprint.salt if fingerprint else None,
            fingerprint=fingerprint if certain else None,
            certain=certain,
            sole_label=True,
            version=latest.version if certain else None,
            fields={
                "content_type": latest.content_type or "",
                "tags": tags,
                VALUE_VERSION: int(number) if certain and number.isdecimal() else None,
            },
            created=created,
            changed=latest.updated_on,
        )

    def read_value(self) -> str | None:
        with azure_errors(self.subject, "reading its value", "get"):
            secret = self._client.get_secret(self._name)
        self._latest = secret.properties
        return secret.value

    def check(self, fields: Mapping[str, object], observed: Observed) -> None:
        """All rules are checked before we come here."""

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        return self._set(value, fields, held={})

    def update(self, change: Change, observed: Observed) -> str | None:
        if change.value is not None:
            return self._set(change.value, change.fields, held=observed.fields)
        content_type = change.fields.get("content_type")
        marker = str(change.fingerprint) if change.fingerprint else self._marker()
        with azure_errors(self.subject, "changing its properties", "set"):
            self._client.update_secret_properties(
                self._name,
                self._latest.version if self._latest else None,
                tags=_tags(change.fields, observed.fields, marker),
                content_type=None if content_type is None else str(content_type),
            )
        return self._latest.version if self._latest else None

    def _set(
        self, value: NewValue, fields: Mapping[str, object], *, held: Mapping[str, object]
    ) -> str | None:
        """Write a new version; what the user did not ask for is taken over from the last one."""
        last = self._latest
        content_type = fields.get("content_type", held.get("content_type"))
        with azure_errors(self.subject, "writing its value", "set"):
            secret = self._client.set_secret(
                self._name,
                value.text,
                tags=_tags(fields, held, str(value.fingerprint)),
                content_type=str(content_type) if content_type else None,
                enabled=last.enabled if last else None,
                not_before=last.not_before if last else None,
                expires_on=last.expires_on if last else None,
            )
        return secret.properties.version

    def _marker(self) -> str:
        held = (self._latest.tags or {}).get(MARKER_TAG) if self._latest else None
        return held or _NO_FINGERPRINT

    def restore(self) -> None:
        with azure_errors(self.subject, "recovering it", "recover"):
            self._client.begin_recover_deleted_secret(self._name).wait()

    def delete(self) -> None:
        with azure_errors(self.subject, "deleting it", "delete"):
            # Until wait() returns the name can be neither read nor recovered.
            self._client.begin_delete_secret(self._name).wait()


def _tags(fields: Mapping[str, object], held: Mapping[str, object], marker: str) -> dict[str, str]:
    """All tags of a version: the changed ones or those that are there, and our own."""
    tags = fields.get("tags", held.get("tags"))
    number = fields.get(VALUE_VERSION, held.get(VALUE_VERSION))
    ours = {MARKER_TAG: marker}
    if number is not None:
        ours[VALUE_VERSION_TAG] = str(number)
    return {**(tags if isinstance(tags, dict) else {}), **ours}
