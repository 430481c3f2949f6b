# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Secrets Manager as a Store.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._errors import ConflictError
from .._secret.model import Capabilities, Change, Existence, FieldKind, NewValue, Observed
from .errors import aws_errors
from .version_id import make_version_id, read_version_id

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

# A tag with the salt of the secret's fingerprints; its presence makes the secret ours.
MARKER_TAG = "maia.stripe_query"
_MARKER = re.compile(r"v1:s\.([0-9a-f]{16})")


@dataclass(frozen=True)
class Deletion:
    """recovery_window_days: 7 to 30, or None to delete at once and for good."""

    recovery_window_days: int | None = 30


class AwsStore:
    """One secret in AWS Secrets Manager."""

    capabilities = Capabilities(
        value_readable=True,
        soft_delete=True,
        versions=True,
        stamp_without_write=False,
        fields={"description": FieldKind.SCALAR, "tags": FieldKind.MAPPING},
    )

    def __init__(
        self, client: SecretsManagerClient, name: str, *, label: str | None, deletion: Deletion
    ) -> None:
        """label: of our key in a JSON object, None for a plain text."""
        self._client = client
        self._name = name
        self._label = label
        self._deletion = deletion
        self._region = client.meta.region_name
        self._arn: str | None = None
        self.subject = f"AWS secret '{name}' in {self._region}"
        self.resource = f"aws:{self._region}:{name}"

    def values(self) -> dict[str, object]:
        return {"name": self._name, "region": self._region, "arn": self._arn}

    def describe(self) -> Observed:
        not_found = self._client.exceptions.ResourceNotFoundException
        with aws_errors(self.subject, "describing it", "secretsmanager:DescribeSecret"):
            try:
                found = self._client.describe_secret(SecretId=self._name)
            except not_found:
                return Observed(Existence.ABSENT)
        self._arn = found.get("ARN")
        if owner := found.get("OwningService") or found.get("Type"):
            raise ConflictError(
                self.subject,
                f"it is managed by {owner}",
                "choose another name; AWS alone may change such a secret",
            )
        tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
        marker = _MARKER.fullmatch(tags.pop(MARKER_TAG, ""))
        salt = marker[1] if marker else None
        version = _current(found.get("VersionIdsToStages", {}))
        ours = read_version_id(version, salt, self._label) if salt else None
        return Observed(
            existence=Existence.DELETED if found.get("DeletedDate") else Existence.LIVE,
            ours=salt is not None,
            salt=salt,
            fingerprint=ours.fingerprint if ours else None,
            sole_label=ours.sole_label if ours else False,
            version=version,
            fields={"description": found.get("Description", ""), "tags": tags},
            created=found.get("CreatedDate"),
            changed=found.get("LastChangedDate"),
        )

    def read_value(self) -> str | None:
        not_found = self._client.exceptions.ResourceNotFoundException
        with aws_errors(self.subject, "reading its value", "secretsmanager:GetSecretValue"):
            try:
                # Named, since the default is not the same everywhere.
                found = self._client.get_secret_value(
                    SecretId=self._name, VersionStage="AWSCURRENT"
                )
            except not_found:
                return None
        return found.get("SecretString")

    def check(self, fields: Mapping[str, object], observed: Observed) -> None:
        """All rules are checked before we come here."""

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        request: dict[str, Any] = {
            "Name": self._name,
            "ClientRequestToken": make_version_id(value, self._label, None),
            "SecretString": value.text,
            "Tags": _tag_list({**_marker(value.fingerprint.salt), **_tags(fields)}),
        }
        if fields.get("description"):
            request["Description"] = fields["description"]
        with aws_errors(self.subject, "creating it", "secretsmanager:CreateSecret"):
            created = self._client.create_secret(**request)
        self._arn = created["ARN"]
        return created["VersionId"]

    def update(self, change: Change, observed: Observed) -> str | None:
        # Tags first: our version ids can only be read with the salt in the marker tag.
        held = _tags(observed.fields)
        tags = {key: text for key, text in _tags(change.fields).items() if held.get(key) != text}
        if not observed.ours:
            tags.update(_marker(change.salt))
        if tags:
            with aws_errors(self.subject, "tagging it", "secretsmanager:TagResource"):
                self._client.tag_resource(SecretId=self._name, Tags=_tag_list(tags))
        if "description" in change.fields:
            with aws_errors(
                self.subject, "changing its description", "secretsmanager:UpdateSecret"
            ):
                self._client.update_secret(
                    SecretId=self._name, Description=str(change.fields["description"])
                )
        if change.value is None:
            return observed.version
        with aws_errors(self.subject, "writing its value", "secretsmanager:PutSecretValue"):
            # Never UpdateSecret, which does not allow a repeated token.
            written = self._client.put_secret_value(
                SecretId=self._name,
                SecretString=change.value.text,
                ClientRequestToken=make_version_id(change.value, self._label, observed.version),
            )
        return written["VersionId"]

    def restore(self) -> None:
        with aws_errors(self.subject, "restoring it", "secretsmanager:RestoreSecret"):
            self._client.restore_secret(SecretId=self._name)

    def delete(self) -> None:
        days = self._deletion.recovery_window_days
        how: dict[str, Any] = (
            {"ForceDeleteWithoutRecovery": True} if days is None else {"RecoveryWindowInDays": days}
        )
        with aws_errors(self.subject, "deleting it", "secretsmanager:DeleteSecret"):
            self._client.delete_secret(SecretId=self._name, **how)


def _current(versions: dict[str, list[str]]) -> str | None:
    return next((id_ for id_, stages in versions.items() if "AWSCURRENT" in stages), None)


def _marker(salt: str) -> dict[str, str]:
    return {MARKER_TAG: f"v1:s.{salt}"}


def _tags(fields: Mapping[str, object]) -> dict[str, str]:
    tags = fields.get("tags")
    return dict(tags) if isinstance(tags, dict) else {}


def _tag_list(tags: Mapping[str, str]) -> list[Any]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
