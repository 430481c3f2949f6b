# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Secrets Manager as a Store.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._errors import ConflictError
from .._secret.fingerprint import id_of_key, parse_salt, salt_text
from .._secret.model import (
    VALUE_VERSION,
    Capabilities,
    Change,
    Existence,
    FieldKind,
    NewValue,
    Observed,
)
from .errors import aws_errors
from .version_id import make_version_id, read_version_id

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

# A tag with the salt of the secret's fingerprints; its presence makes the secret ours.
MARKER_TAG = "maia.stripe_query"
VALUE_VERSION_TAG = "maia.stripe_query.value_version"
OUR_TAGS = (MARKER_TAG, VALUE_VERSION_TAG)


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
        fields={
            "description": FieldKind.SCALAR,
            "tags": FieldKind.MAPPING,
            VALUE_VERSION: FieldKind.SCALAR,
        },
    )

    def __init__(
        self,
        client: SecretsManagerClient,
        name: str,
        *,
        label: str | None,
        deletion: Deletion,
        fingerprint_key: str = "",
    ) -> None:
        """label: of our key in a JSON object, None for a plain text."""
        self._client = client
        self._name = name
        self._label = label
        self._fingerprint_key = fingerprint_key
        self._marker_is_current = False
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
        number = tags.pop(VALUE_VERSION_TAG, "")
        salt, key_id = parse_salt(tags.pop(MARKER_TAG, "")) or (None, "")
        self._marker_is_current = salt is not None and key_id == id_of_key(self._fingerprint_key)
        version = _current(found.get("VersionIdsToStages", {}))
        ours = None
        if salt is not None and self._marker_is_current:
            ours = read_version_id(version, salt, self._label, key=self._fingerprint_key)
        return Observed(
            existence=Existence.DELETED if found.get("DeletedDate") else Existence.LIVE,
            ours=salt is not None,
            salt=salt,
            fingerprint=ours.fingerprint if ours else None,
            sole_label=ours.sole_label if ours else False,
            version=version,
            fields={
                "description": found.get("Description", ""),
                "tags": tags,
                VALUE_VERSION: int(number) if number.isdecimal() else None,
            },
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
            "ClientRequestToken": self._version_id(value, None),
            "SecretString": value.text,
            "Tags": _tag_list(
                {**_tags(fields), **self._marker(value.fingerprint.salt), **_number(fields)}
            ),
        }
        if fields.get("description"):
            request["Description"] = fields["description"]
        with aws_errors(self.subject, "creating it", "secretsmanager:CreateSecret"):
            created = self._client.create_secret(**request)
        self._arn = created["ARN"]
        return created["VersionId"]

    def update(self, change: Change, observed: Observed) -> str | None:
        # The marker first: our version ids can only be read with the salt in it.
        held = _tags(observed.fields)
        tags = {key: text for key, text in _tags(change.fields).items() if held.get(key) != text}
        if not observed.ours or (change.value is not None and not self._marker_is_current):
            tags.update(self._marker(change.salt))
        self._tag(tags)
        if "description" in change.fields:
            with aws_errors(
                self.subject, "changing its description", "secretsmanager:UpdateSecret"
            ):
                self._client.update_secret(
                    SecretId=self._name, Description=str(change.fields["description"])
                )
        version = observed.version
        if change.value is not None:
            version = self._put(change.value, observed.version)
        # The number last: it says that the value belonging to it has been written.
        self._tag(_number(change.fields))
        return version

    def _put(self, value: NewValue, previous: str | None) -> str:
        with aws_errors(self.subject, "writing its value", "secretsmanager:PutSecretValue"):
            # Never UpdateSecret, which does not allow a repeated token.
            written = self._client.put_secret_value(
                SecretId=self._name,
                SecretString=value.text,
                ClientRequestToken=self._version_id(value, previous),
            )
        return written["VersionId"]

    def _tag(self, tags: Mapping[str, str]) -> None:
        if tags:
            with aws_errors(self.subject, "tagging it", "secretsmanager:TagResource"):
                self._client.tag_resource(SecretId=self._name, Tags=_tag_list(tags))

    def _version_id(self, value: NewValue, previous: str | None) -> str:
        return make_version_id(value, self._label, previous, key=self._fingerprint_key)

    def _marker(self, salt: str) -> dict[str, str]:
        return {MARKER_TAG: salt_text(salt, id_of_key(self._fingerprint_key))}

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


def _number(fields: Mapping[str, object]) -> dict[str, str]:
    number = fields.get(VALUE_VERSION)
    return {} if number is None else {VALUE_VERSION_TAG: str(number)}


def _tags(fields: Mapping[str, object]) -> dict[str, str]:
    tags = fields.get("tags")
    return dict(tags) if isinstance(tags, dict) else {}


def _tag_list(tags: Mapping[str, str]) -> list[Any]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
