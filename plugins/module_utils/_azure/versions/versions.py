# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret's versions: listing them, and telling which is the current or a new one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from ..._core.text import is_text
from ..errors.errors import azure_code, azure_errors
from ..metadata.fields import moment_text

# A missing library is reported as such before anything here runs.
with suppress(ImportError):
    from azure.core.exceptions import ResourceNotFoundError

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretClient, SecretProperties


T = TypeVar("T")

# The service has no limit of its own; a page has 25.
_MOST = 100_000


def list_versions(client: SecretClient, name: str, subject: str) -> list[SecretProperties]:
    """All versions, newest first; none if there is no such secret."""
    with azure_errors(subject, "listing its versions", "list"):
        try:
            found = client.list_properties_of_secret_versions(name)
            versions = [checked(version) for version in bounded(found)]
        except ResourceNotFoundError as error:
            # Anything else that is not found is the vault, not the secret.
            if azure_code(error) != "SecretNotFound":
                raise
            versions = []
    dated = [version for version in versions if version.created_on]
    return sorted(dated, key=lambda version: moment_text(version.created_on), reverse=True)


def bounded(listed: Iterable[T]) -> Iterator[T]:
    """The same. Raises ValueError for more than a vault holds: pages that go round in circles."""
    for count, each in enumerate(listed):
        if count == _MOST:
            raise ValueError("endless list")
        yield each


def checked(described: SecretProperties) -> SecretProperties:
    """The same. Raises what MALFORMED names for properties of other types than the SDK says.

    The SDK only looks at an answer's parts when they are asked for.
    """
    tags = described.tags or {}
    texts = (
        *(described.id, described.name, described.version),
        *(described.content_type, described.recovery_level),
    )
    moments = (
        *(described.created_on, described.updated_on),
        *(described.expires_on, described.not_before),
    )
    if not all(text is None or (isinstance(text, str) and is_text(text)) for text in texts):
        raise TypeError("text")
    if not all(isinstance(text, str) and is_text(text) for text in (*tags, *tags.values())):
        raise TypeError("tags")
    if not all(moment is None or isinstance(moment, datetime) for moment in moments):
        raise TypeError("moment")
    return described


def probably_current(
    client: SecretClient, name: str, subject: str, versions: list[SecretProperties]
) -> SecretProperties:
    """Of several, the one that has the properties which the list of the vault's secrets shows.

    That list has the current version's, but does not tell its id.
    https://learn.microsoft.com/rest/api/keyvault/secrets/get-secrets
    """
    if len(versions) == 1:
        return versions[0]
    with azure_errors(subject, "looking for it in the list of secrets", "list"):
        for listed in bounded(client.list_properties_of_secrets()):
            if (checked(listed).name or "").lower() == name.lower():
                shown = _properties(listed)
                alike = [version for version in versions if _properties(version) == shown]
                return alike[0] if alike else versions[0]
    return versions[0]


def new_version(
    versions: Iterable[SecretProperties], known: Container[str | None], tags: Mapping[str, str]
) -> str | None:
    """The id of one with these tags that is not among those that are known."""
    new = (version for version in versions if version.version not in known)
    return next((version.version for version in new if version.tags == tags), None)


def _properties(described: SecretProperties) -> tuple[object, ...]:
    """The properties that identify a version whose id is not shown."""
    return (
        described.tags or {},
        described.content_type,
        described.enabled,
        described.expires_on,
        described.not_before,
        described.updated_on,
    )
