# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_secret_aws_info module: what there is to tell of secrets in AWS."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..._core.argspec import ArgumentSpec
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..._secret.info import INFO_SPEC, Facts, VersionFacts, tell
from ..._secret.labels import DEFAULT_LABEL
from ..._secret.model import Existence, Observed
from ..errors.answers import WrongAnswer
from ..errors.errors import aws_errors
from ..metadata.tags import MARKER_TAG, Marker, tags_of
from ..reach.connection import BOTO3, CONNECTION_SPEC, AwsConnection
from ..store.settings import Settings
from ..store.store import AwsStore
from ..versions.versions import CURRENT, Version, holder, list_versions
from .options import check_name

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

SPEC = INFO_SPEC.merge(
    CONNECTION_SPEC,
    ArgumentSpec(
        options={
            "label": {"type": "str", "default": DEFAULT_LABEL, "no_log": False},
            "fingerprint_key": {"type": "str", "no_log": True},
        },
    ),
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Look at the secrets that are named, or at all of ours; nothing is changed in any mode."""
    for name in params["names"] or ():
        check_name(name)
    connection = AwsConnection.from_params(params)
    clients = runtime.clients.share(connection, connection.open, seconds=connection.lifetime)
    client = clients.secrets_manager()
    names = list_ours(client) if params["names"] is None else dict.fromkeys(params["names"])
    stores = (
        AwsStore(
            client,
            name,
            label=params["label"],
            settings=Settings(),
            fingerprint_key=params["fingerprint_key"] or "",
            place=connection.place,
        )
        for name in names
    )
    return tell(stores, facts_of, params, runtime)


# A region holds half a million secrets at most; a page has 100.
_MAX_PAGES = 5000


def list_ours(client: SecretsManagerClient) -> Iterator[str]:
    """The names of all secrets in the region that carry our marker, deleted ones included.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
    """
    subject = f"AWS secrets in {client.meta.region_name}"
    pages = iter(
        client.get_paginator("list_secrets").paginate(
            Filters=[{"Key": "tag-key", "Values": [MARKER_TAG]}], IncludePlannedDeletion=True
        )
    )
    for number in itertools.count():
        with aws_errors(subject, "listing them", "secretsmanager:ListSecrets"):
            page = next(pages, None)
            # The paginator itself only refuses the token that it has just had.
            if number == _MAX_PAGES:
                raise WrongAnswer
            listed = page["SecretList"] if page else []
            # AWS's filter takes the beginning of a key for the key.
            found = [each["Name"] for each in listed if Marker.read(tags_of(each), each["Name"])]
        if page is None:
            return
        yield from found


def facts_of(store: AwsStore, observed: Observed) -> Facts:
    """What AWS tells beside what every vault does."""
    found = store.found
    versions = list_versions(store.secret)
    current = holder(versions, CURRENT)
    tags = observed.fields["tags"]
    deleted = observed.existence is Existence.DELETED
    return Facts(
        description=str(observed.fields["description"]),
        tags=tags if isinstance(tags, Mapping) else {},
        kms_key_id=found.get("KmsKeyId"),
        replicas=tuple(_replica(each) for each in found.get("ReplicationStatus", ())),
        rotation_enabled=bool(found.get("RotationEnabled")),
        value_written=current.created if current else None,
        deleted_on=found.get("DeletedDate") if deleted else None,
        versions=tuple(
            _version(store, each)
            for each in sorted(versions, key=lambda each: each.created, reverse=True)
        ),
    )


def _replica(status: Mapping[str, Any]) -> dict[str, object]:
    return {
        "region": status["Region"],
        "kms_key_id": status.get("KmsKeyId"),
        "status": status.get("Status"),
    }


def _version(store: AwsStore, version: Version) -> VersionFacts:
    written = store.read_version(version.id)
    return VersionFacts(
        version.id,
        tuple(sorted(version.labels)),
        version.created,
        fingerprint=written.fingerprint if written else None,
    )


OPERATION = Operation("stripe_secret_aws_info", SPEC, execute, (BOTO3,), reads_only=True)
