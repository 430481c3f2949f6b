# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_secret_azure_info module: what there is to tell of secrets in Key Vault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..._core.operation import Operation, Outcome, Params, Runtime
from ..._secret.info import INFO_SPEC, Facts, VersionFacts, tell
from ..._secret.model import Observed
from ..errors.errors import azure_errors
from ..metadata.fields import MARKER_TAG, check_name, moment_text
from ..reach.connection import AZURE, CONNECTION_SPEC, AzureConnection
from ..store.store import AzureStore
from ..versions.note import Note
from ..versions.versions import bounded, checked

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretClient, SecretProperties

SPEC = INFO_SPEC.merge(CONNECTION_SPEC)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Look at the secrets that are named, or at all of ours; nothing is changed in any mode."""
    for name in params["names"] or ():
        check_name(name)
    connection = AzureConnection.from_params(params)
    with runtime.clients.lease(connection, connection.client) as client:
        names = list_ours(client) if params["names"] is None else dict.fromkeys(params["names"])
        return tell((AzureStore(client, name) for name in names), facts_of, params, runtime)


def list_ours(client: SecretClient) -> list[str]:
    """The names of all secrets in the vault that carry our marker, deleted ones included.

    https://learn.microsoft.com/rest/api/keyvault/secrets/get-secrets
    """
    with azure_errors(f"Secrets in {client.vault_url.rstrip('/')}", "listing them", "list"):
        names = [*_marked(bounded(client.list_properties_of_secrets()))]
        deleted = (each.properties for each in bounded(client.list_deleted_secrets()))
        return list(dict.fromkeys([*names, *_marked(deleted)]))


def _marked(listed: Iterator[SecretProperties]) -> Iterator[str]:
    for each in listed:
        if MARKER_TAG in (checked(each).tags or {}) and each.name:
            yield each.name


def facts_of(store: AzureStore, observed: Observed) -> Facts:
    """What Key Vault tells beside what every vault does."""
    fields, deleted = observed.fields, store.deleted
    tags = fields["tags"]
    current = store.current_version()
    written = next((each for each in store.described if each.version == current), None)
    return Facts(
        content_type=str(fields["content_type"]),
        enabled=bool(fields["enabled"]),
        expires_on=str(fields["expires_on"]) or None,
        not_before=str(fields["not_before"]) or None,
        tags=tags if isinstance(tags, Mapping) else {},
        value_written=written.created_on if written else None,
        deleted_on=deleted.deleted_date if deleted else None,
        purged_on=deleted.scheduled_purge_date if deleted else None,
        versions=tuple(
            _version(store, each, observed, current=each.version == current)
            for each in store.described
        ),
    )


def _version(
    store: AzureStore, version: SecretProperties, observed: Observed, *, current: bool
) -> VersionFacts:
    """Of the current version only it is known whether its note belongs to it."""
    note = Note.parse((version.tags or {}).get(MARKER_TAG, ""))
    fingerprint = note.fingerprint if note and note.fingerprint.may_be_of(store.resource) else None
    if current:
        fingerprint = observed.fingerprint
    return VersionFacts(
        version.version,
        ("current",) if current else (),
        version.created_on,
        fingerprint=fingerprint,
        enabled=version.enabled is not False,
        expires_on=moment_text(version.expires_on) or None,
    )


OPERATION = Operation("stripe_secret_azure_info", SPEC, execute, (AZURE,), reads_only=True)
