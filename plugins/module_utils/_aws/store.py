# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Secrets Manager as a Store.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._core.errors import CollectionError, ConflictError, NotFoundError, OvertakenError
from .._secret.fingerprint import id_of_key
from .._secret.model import (
    VALUE_VERSION,
    Capabilities,
    Change,
    Existence,
    FieldKind,
    NewValue,
    Observed,
)
from .._secret.tags import TagRules
from .._secret.value import StoredValue
from .errors import aws_errors
from .marker import MARKER_TAG, Marker
from .replicas import ReplicaChange, replica_list
from .replication import Replication
from .settings import Settings
from .version_id import OurVersion, make_version_id, read_version_id
from .versions import CURRENT, PREVIOUS, make_current
from .waiting import until_name_is_free

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

VALUE_VERSION_TAG = "maia.stripe_query.value_version"
# The staging label of a version that is to become current; it stays on the last one.
MERGED = "maia.stripe_query"
OUR_TAGS = (MARKER_TAG, VALUE_VERSION_TAG)
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html
TAG_RULES = TagRules(
    most=50,
    ours=OUR_TAGS,
    longest_key=128,
    longest_value=256,
    reserved="aws:",
    symbols="+-=._:/@",
)


class AwsStore:
    """One secret in AWS Secrets Manager."""

    capabilities = Capabilities(
        value_readable=True,
        soft_delete=True,
        versions=True,
        labels=True,
        stamp_without_write=False,
        # The fingerprint is part of the version's id, and AWS lets nobody change a version.
        fingerprint_proves=True,
        shown_late=frozenset({"replica_regions"}),
        fields={
            "description": FieldKind.SCALAR,
            "kms_key_id": FieldKind.SCALAR,
            "tags": FieldKind.MAPPING,
            "replica_regions": FieldKind.MAPPING,
            VALUE_VERSION: FieldKind.SCALAR,
        },
    )

    def __init__(
        self,
        client: SecretsManagerClient,
        name: str,
        *,
        label: str | None,
        settings: Settings,
        fingerprint_key: str = "",
        place: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """label: of our key in a JSON object, None for a plain text.

        place: what tells accounts apart in which there are secrets of the same name.
        """
        self.client = client
        self.name = name
        self.label = label
        self._fingerprint_key = fingerprint_key
        self._sleep = sleep
        self._settings = settings
        self._region = client.meta.region_name
        self._arn: str | None = None
        self._found: Mapping[str, Any] = {}
        self.subject = f"AWS secret '{name}' in {self._region}"
        self.resource = f"aws:{self._region}:{name}"
        self.lock_name = f"{self.resource} {place}"
        self.capabilities = _with(settings)
        self._replication = Replication(client, name, self.subject, sleep)

    def values(self) -> dict[str, object]:
        return {
            "name": self.name,
            "label": self.label,
            "region": self._region,
            "arn": self._arn,
        }

    def describe(self) -> Observed:
        found = self._found = self._describe()
        if not found:
            return Observed(Existence.ABSENT)
        self._arn = found.get("ARN")
        self._refuse_others()
        tags = _tags_of(found)
        number = tags.pop(VALUE_VERSION_TAG, "")
        marker = Marker.read(tags, self.name)
        tags.pop(MARKER_TAG, None)
        version = _holder(found.get("VersionIdsToStages", {}), CURRENT)
        written = self.read_version(version)
        deleted = bool(found.get("DeletedDate"))
        return Observed(
            existence=Existence.DELETED if deleted else Existence.LIVE,
            ours=marker is not None,
            salt=marker.salt if marker else None,
            fingerprint=written.fingerprint if written else None,
            sole_label=written.sole_label if written else False,
            plain_text=written.plain_text if written else False,
            version=version,
            previous=_holder(found.get("VersionIdsToStages", {}), PREVIOUS),
            fields={
                "description": found.get("Description", ""),
                # Those of AWS itself can be neither set nor removed.
                "tags": {key: text for key, text in tags.items() if not key.startswith("aws:")},
                **self._observe_places(found),
                **(self._observe_policy(deleted) if self._settings.with_policy else {}),
                VALUE_VERSION: int(number) if number.isdecimal() else None,
            },
            created=found.get("CreatedDate"),
            changed=found.get("LastChangedDate"),
            value_refusal=self._rotated(found),
        )

    def read_version(self, version_id: str | None) -> OurVersion | None:
        """What the id of one of the described secret's versions says, if we wrote it."""
        marker = Marker.read(_tags_of(self._found), self.name)
        if marker is None or marker.key_id != id_of_key(self._fingerprint_key):
            return None
        return read_version_id(version_id, marker.salt, self.label, key=self._fingerprint_key)

    def _describe(self) -> Mapping[str, Any]:
        not_found = self.client.exceptions.ResourceNotFoundException
        with aws_errors(self.subject, "describing it", "secretsmanager:DescribeSecret"):
            try:
                return self.client.describe_secret(SecretId=self.name)
            except not_found:
                return {}

    def _refuse_others(self) -> None:
        """Raises ConflictError for what can be changed by AWS alone, or elsewhere alone."""
        if owner := self._found.get("OwningService") or self._found.get("Type"):
            raise ConflictError(
                self.subject,
                f"it is managed by {owner}",
                "choose another name; AWS alone may change such a secret",
            )
        primary = self._found.get("PrimaryRegion") or self._region
        if primary != self._region:
            raise ConflictError(
                self.subject,
                f"it is a replica of the secret of this name in {primary}",
                f"set region to {primary}, where the secret and its policy can be changed",
            )

    def _rotated(self, found: Mapping[str, Any]) -> ConflictError | None:
        if self._settings.allow_rotated or not found.get("RotationEnabled"):
            return None
        return ConflictError(
            self.subject,
            "AWS rotates its value, which would soon replace the one to be written",
            "turn the secret's rotation off, choose another name, or set allow_rotated",
        )

    def _observe_places(self, found: Mapping[str, Any]) -> dict[str, object]:
        """The keys that encrypt it, and the regions that have a copy."""
        wording, account = self._settings.wording, str(found["ARN"]).split(":")[4]
        statuses = found.get("ReplicationStatus", [])
        for failed in (each["Region"] for each in statuses if each.get("Status") == "Failed"):
            wording.warn_once(
                f"The replica in {failed} failed; its reason is shown in the AWS console."
            )
        held = {each["Region"]: each.get("KmsKeyId", "") for each in statuses}
        key = found.get("KmsKeyId") or ""
        return {
            "kms_key_id": wording.key(key, region=self._region, account=account),
            "replica_regions": wording.replicas(held, account=account),
        }

    def _observe_policy(self, deleted: bool) -> dict[str, object]:
        # That of a deleted secret may not be asked for. It comes back with the secret, and then
        # at worst is set to what it is already.
        if deleted:
            return {"resource_policy": None}
        with aws_errors(
            self.subject, "reading its resource policy", "secretsmanager:GetResourcePolicy"
        ):
            found = self.client.get_resource_policy(SecretId=self.name)
        return {"resource_policy": self._settings.wording.policy(found.get("ResourcePolicy", ""))}

    def read_value(self, version: str | None = None) -> StoredValue:
        # The stage is named, since the default is not the same everywhere.
        which: Any = {"VersionId": version} if version else {"VersionStage": CURRENT}
        not_found = self.client.exceptions.ResourceNotFoundException
        with aws_errors(self.subject, "reading its value", "secretsmanager:GetSecretValue"):
            try:
                found = self.client.get_secret_value(SecretId=self.name, **which)
            except not_found:
                return StoredValue()
        return StoredValue(
            found.get("SecretString"), found.get("SecretBinary"), found.get("VersionId")
        )

    def check(self, fields: Mapping[str, object], observed: Observed) -> None:
        self._check_tags(fields, observed)
        if self._settings.purge_replicas or "replica_regions" not in fields:
            return
        if replaced := _replica_change(fields, observed).replaced:
            raise ConflictError(
                self.subject,
                f"its replica in {replaced[0]} has another KMS key, and a replica's key cannot be"
                " changed",
                "leave out that kms_key_id, or set purge_replicas to have the replica made anew",
            )

    def _check_tags(self, fields: Mapping[str, object], observed: Observed) -> None:
        """Those of AWS itself, which are not among the fields, do not count."""
        tags = {**_mapping({**observed.fields, **fields}, "tags"), MARKER_TAG: ""}
        tags.update(_number({**observed.fields, **fields}))
        if not self._settings.deletes:
            TAG_RULES.check_room(self.subject, tags)

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        request: dict[str, Any] = {
            "Name": self.name,
            "ClientRequestToken": self._version_id(value, None),
            **_value(value),
            "Tags": _tag_list(
                {
                    **_mapping(fields, "tags"),
                    **self._marker(value.fingerprint.salt),
                    **_number(fields),
                }
            ),
        }
        if fields.get("description"):
            request["Description"] = fields["description"]
        if fields.get("kms_key_id"):
            request["KmsKeyId"] = fields["kms_key_id"]
        if fields.get("replica_regions"):
            request["AddReplicaRegions"] = replica_list(_mapping(fields, "replica_regions"))

        def create() -> tuple[str, str]:
            with aws_errors(self.subject, "creating it", "secretsmanager:CreateSecret"):
                created = self.client.create_secret(**request)
                return created["ARN"], created["VersionId"]

        self._arn, version = until_name_is_free(create, self._sleep)
        self._set_policy(fields)
        return version

    def update(self, change: Change, observed: Observed) -> str | None:
        # The marker first: our version ids can only be read with the salt in it.
        held, wanted = _mapping(observed.fields, "tags"), _mapping(change.fields, "tags")
        tags = {key: text for key, text in wanted.items() if held.get(key) != text}
        marker = self._marker(change.salt)
        if not observed.ours or (change.value is not None and not self._carries(marker)):
            tags.update(marker)
        if "tags" in change.fields:
            # Before others come, so that there is room for them.
            self.untag(held.keys() - wanted.keys())
        self._tag(tags)
        self._set_policy(change.fields)
        # The KMS key before the value, which is then encrypted with it.
        self._set_details(change.fields)
        if "replica_regions" in change.fields:
            self._replication.apply(_replica_change(change.fields, observed))
        version = observed.version
        if change.value is not None and change.base is not None:
            version = self._put_over(change.value, change.base)
        elif change.value is not None:
            version = self._put(change.value, observed.version)
        # The number last: it says that the value belonging to it has been written.
        self._tag(_number(change.fields))
        return version

    def _carries(self, tags: Mapping[str, str]) -> bool:
        return tags.items() <= _tags_of(self._found).items()

    def _set_policy(self, fields: Mapping[str, object]) -> None:
        policy = fields.get("resource_policy")
        if policy:
            with aws_errors(
                self.subject, "setting its resource policy", "secretsmanager:PutResourcePolicy"
            ):
                # AWS's own default is to let the world in if the policy says so.
                self.client.put_resource_policy(
                    SecretId=self.name, ResourcePolicy=str(policy), BlockPublicPolicy=True
                )
        elif policy is not None and self._found:
            with aws_errors(
                self.subject,
                "deleting its resource policy",
                "secretsmanager:DeleteResourcePolicy",
            ):
                self.client.delete_resource_policy(SecretId=self.name)

    def _set_details(self, fields: Mapping[str, object]) -> None:
        names = {"description": "Description", "kms_key_id": "KmsKeyId"}
        changed = {names[field]: str(fields[field]) for field in names if field in fields}
        if changed:
            attempt = f"changing its {' and '.join(name for name in names if name in fields)}"
            with aws_errors(self.subject, attempt, "secretsmanager:UpdateSecret"):
                self.client.update_secret(SecretId=self.name, **changed)

    def _put(self, value: NewValue, previous: str | None) -> str:
        """Write a value that keeps nothing of the one that is there."""
        version, stages = self._put_version(value, CURRENT)
        if CURRENT not in stages:
            # After a rollback this very version may be there already: AWS took the call for a
            # repeated one and changed nothing.
            make_current(self.client, self.name, self.subject, target=version, current=previous)
        return version

    def _put_over(self, value: NewValue, base: str) -> str:
        """Write a value that was made from another version, unless that is no longer current.

        AWS moves AWSCURRENT only if it is still on the version that it is to be taken from, so
        that what others write meanwhile is not lost.
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
        """
        version, _stages = self._put_version(value, MERGED)
        try:
            make_current(self.client, self.name, self.subject, target=version, current=base)
        except CollectionError as error:
            current = _holder(self._describe().get("VersionIdsToStages", {}), CURRENT)
            if current == version:
                return version  # It was our own call, repeated after a lost answer.
            if current == base:
                raise
            raise OvertakenError(
                self.subject, "somebody else wrote a value meanwhile", "run again", code=error.code
            ) from None
        return version

    def _put_version(self, value: NewValue, stage: str) -> tuple[str, list[str]]:
        """Add a version. Returns its id and its staging labels."""
        stages = {} if stage == CURRENT else {"VersionStages": [stage]}
        request: dict[str, Any] = {**_value(value), **stages}
        with aws_errors(self.subject, "writing its value", "secretsmanager:PutSecretValue"):
            # Never UpdateSecret, which does not allow a repeated token.
            written = self.client.put_secret_value(
                SecretId=self.name,
                ClientRequestToken=self._version_id(value, self._state()),
                **request,
            )
            return written["VersionId"], written.get("VersionStages", [stage])

    def _state(self) -> str:
        """Which versions have which labels; part of new ids, so that a rollback changes them."""
        stages = self._found.get("VersionIdsToStages", {})
        return ",".join(f"{id_}={'+'.join(sorted(stages[id_]))}" for id_ in sorted(stages))

    def untag(self, keys: Iterable[str]) -> None:
        """Remove tags; nothing is called without one."""
        if names := sorted(keys):
            with aws_errors(self.subject, "removing tags", "secretsmanager:UntagResource"):
                self.client.untag_resource(SecretId=self.name, TagKeys=names)

    def _tag(self, tags: Mapping[str, str]) -> None:
        if tags:
            with aws_errors(self.subject, "tagging it", "secretsmanager:TagResource"):
                self.client.tag_resource(SecretId=self.name, Tags=_tag_list(tags))

    def _version_id(self, value: NewValue, previous: str | None) -> str:
        return make_version_id(value, previous, key=self._fingerprint_key)

    def _marker(self, salt: str) -> dict[str, str]:
        return {MARKER_TAG: str(Marker.of(self.name, salt, self._fingerprint_key))}

    def restore(self) -> None:
        with aws_errors(self.subject, "restoring it", "secretsmanager:RestoreSecret"):
            self.client.restore_secret(SecretId=self.name)

    def delete(self) -> None:
        # AWS deletes no secret that has replicas; those of it are gone at once and for good.
        replicas = self._found.get("ReplicationStatus", [])
        self._replication.remove(tuple(sorted(each["Region"] for each in replicas)), wait=True)
        days = self._settings.deletion.recovery_window_days
        how: dict[str, Any] = (
            {"ForceDeleteWithoutRecovery": True} if days is None else {"RecoveryWindowInDays": days}
        )
        try:
            with aws_errors(self.subject, "deleting it", "secretsmanager:DeleteSecret"):
                self.client.delete_secret(SecretId=self.name, **how)
        except (ConflictError, NotFoundError):
            # Somebody was quicker, or our own call was repeated after a lost answer.
            left = self._describe()
            if left and not left.get("DeletedDate"):
                raise


def _with(settings: Settings) -> Capabilities:
    """What is purged is replaced as a whole; a policy that does not matter is no field."""
    facts = AwsStore.capabilities
    fields = dict(facts.fields)
    if settings.purge_tags:
        fields["tags"] = FieldKind.SCALAR
    if settings.purge_replicas:
        fields["replica_regions"] = FieldKind.SCALAR
    if settings.with_policy:
        fields["resource_policy"] = FieldKind.SCALAR
    return replace(facts, fields=fields)


def _value(value: NewValue) -> dict[str, Any]:
    """The parameter that holds it."""
    return {"SecretBinary": value.text.encode()} if value.binary else {"SecretString": value.text}


def _tags_of(found: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in found.get("Tags", [])}


def _replica_change(fields: Mapping[str, object], observed: Observed) -> ReplicaChange:
    return ReplicaChange.between(
        _mapping(observed.fields, "replica_regions"), _mapping(fields, "replica_regions")
    )


def _holder(versions: Mapping[str, list[str]], stage: str) -> str | None:
    """The id of the version that has a staging label."""
    return next((id_ for id_, stages in versions.items() if stage in stages), None)


def _number(fields: Mapping[str, object]) -> dict[str, str]:
    number = fields.get(VALUE_VERSION)
    return {} if number is None else {VALUE_VERSION_TAG: str(number)}


def _mapping(fields: Mapping[str, object], name: str) -> dict[str, str]:
    value = fields.get(name)
    return dict(value) if isinstance(value, Mapping) else {}


def _tag_list(tags: Mapping[str, str]) -> list[Any]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
