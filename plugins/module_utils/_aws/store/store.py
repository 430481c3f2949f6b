# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Secrets Manager as a Store.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..._core.deadline import wait
from ..._core.errors import ConflictError
from ..._secret.fingerprint import Fingerprint, id_of_key
from ..._secret.labels import DEFAULT_LABEL
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
from ..metadata.replicas import ReplicaChange, replica_list
from ..metadata.tags import (
    MARKER_TAG,
    TAG_RULES,
    VALUE_VERSION_TAG,
    Marker,
    mapping_of,
    number_tag,
    tag_list,
    tags_of,
)
from ..reach.secret import AwsSecret
from ..versions.values import SecretValues, holder_of, refuse_too_large, stages_of, value_parameter
from ..versions.version_id import OurVersion, make_version_id, read_version_id
from ..versions.versions import CURRENT, PREVIOUS, current_since, list_versions, past_of, retire
from .lifecycle import delete, restore, until_name_is_free
from .metadata import Metadata, Replication
from .settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient


class AwsStore(Store):
    """One secret in AWS Secrets Manager."""

    place_names = ("region", "arn")
    capabilities = Capabilities(
        value_readable=True,
        soft_delete=True,
        versions=True,
        labels=True,
        stamp_without_write=False,
        # The fingerprint is part of the version's id, and in AWS a version cannot change.
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
        sleep: Callable[[float], None] = wait,
    ) -> None:
        """label: of our key in a JSON object, None for a plain text.

        place: what tells accounts apart in which there are secrets of the same name.
        """
        self.secret = AwsSecret(client, name)
        self.label = label
        self.fingerprint_key = fingerprint_key
        self._sleep = sleep
        self._settings = settings
        self._arn: str | None = None
        self._found: Mapping[str, Any] = {}
        self._since: datetime | None = None
        self.subject = self.secret.subject
        self.resource = f"aws:{self.secret.region}:{name}"
        self.lock_name = f"{self.resource} {place}"
        self.capabilities = _with(settings)
        self._replication = Replication(self.secret, sleep)
        self._metadata = Metadata(self.secret, settings.wording)
        self._values = SecretValues(self.secret, fingerprint_key)

    def values(self) -> dict[str, object]:
        return {
            "name": self.secret.name,
            "label": self.label,
            "region": self.secret.region,
            "arn": self._arn,
        }

    def look(self) -> Observed:
        found = self._found = self.secret.describe()
        if not found:
            return Observed(Existence.ABSENT)
        self._arn = found.get("ARN")
        tags = tags_of(found)
        number = tags.pop(VALUE_VERSION_TAG, "")
        marker = self._held_marker()
        tags.pop(MARKER_TAG, None)
        version = holder_of(stages_of(found), CURRENT)
        written = self.read_version(version)
        deleted = self.was_deleted
        refusal = self._of_others(found)
        # The policy of a replica may not even be asked for.
        asks_policy = self._settings.with_policy and refusal is None
        return Observed(
            existence=Existence.DELETED if deleted else Existence.LIVE,
            ours=marker is not None,
            salt=marker.salt if marker else None,
            fingerprint=written.fingerprint if written else None,
            sole_label=written.sole_label if written else False,
            plain_text=written.plain_text if written else False,
            version=version,
            previous=holder_of(stages_of(found), PREVIOUS),
            fields={
                "description": found.get("Description", ""),
                # Those of AWS itself can be neither set nor removed.
                "tags": {key: text for key, text in tags.items() if not key.startswith("aws:")},
                **self._metadata.places(found),
                **(self._metadata.policy(deleted=deleted) if asks_policy else {}),
                VALUE_VERSION: int(number) if number.isdecimal() else None,
            },
            created=found.get("CreatedDate"),
            changed=found.get("LastChangedDate"),
            value_refusal=self._rotated(found),
            refusal=refusal,
        )

    def _held_marker(self) -> Marker | None:
        return Marker.read(tags_of(self._found), self.secret.name)

    @property
    def found(self) -> Mapping[str, Any]:
        """What DescribeSecret returned last; empty if there is no such secret."""
        return self._found

    def read_version(self, version_id: str | None, label: str | None = None) -> OurVersion | None:
        """What the id of one of the described secret's versions says, if we wrote it.

        label: the one to look for, if it is not the store's own.
        """
        marker = self._held_marker()
        if marker is None or marker.key_id != id_of_key(self.fingerprint_key):
            return None
        return read_version_id(
            version_id, marker.salt, label or self.label, key=self.fingerprint_key
        )

    def claims(self, label: str | None) -> bool:
        """By a label that was taken over, or a version that DescribeSecret shows."""
        if self._adopted(label) is not None:
            return True
        versions = (self.read_version(id_, label) for id_ in stages_of(self._found))
        return any(version and self._is_for(version, label) for version in versions)

    def written(self, label: str | None) -> Iterator[Written]:
        """Those that DescribeSecret names come first; listing all takes another request."""
        marker = self._held_marker()
        if marker is not None and (digest := self._adopted(label)):
            yield Written(Fingerprint(marker.salt, digest, marker.key_id))
        stages = stages_of(self._found)
        known = sorted(stages, key=lambda id_: CURRENT not in stages[id_])
        yield from self._written(known, label)
        listed = list_versions(self.secret)
        newest = sorted(listed, key=lambda version: version.created, reverse=True)
        yield from self._written((each.id for each in newest if each.id not in known), label)

    def _adopted(self, label: str | None) -> str | None:
        """As Marker.adopted_as; a key alone may have been taken over as the one for our label."""
        marker = self._held_marker()
        if marker is None:
            return None
        found = marker.adopted_as(label)
        return marker.adopted_as(self.label) if found is None and label is None else found

    def _written(self, versions: Iterable[str], label: str | None) -> Iterator[Written]:
        for id_ in versions:
            if version := self.read_version(id_, label):
                yield Written(version.fingerprint, id_, self._is_for(version, label))

    def _is_for(self, version: OurVersion, label: str | None) -> bool:
        """Whether it was surely written for this label, or for a key alone.

        A key alone stands for the label that is the default, and for no other one.
        """
        if label is None:
            return version.sole_label and (version.plain_text or self.label == DEFAULT_LABEL)
        return version.sole_label and (not version.plain_text or label == DEFAULT_LABEL)

    def written_between(self, before: str, version: str) -> list[str]:
        listed = {each.id: each for each in list_versions(self.secret)}
        if before not in listed or version not in listed:
            raise ConflictError(
                self.subject,
                "AWS no longer lists the versions that were there",
                "look at its versions, and run again",
                attempt="listing its versions",
            )
        first, last = listed.pop(before).created, listed.pop(version).created
        between = [each for each in listed.values() if first <= each.created <= last]
        ids = [each.id for each in sorted(between, key=lambda each: each.created)]
        # Where nothing but our key is in it nothing can be lost.
        return [id_ for id_ in ids if not ((ours := self.read_version(id_)) and ours.sole_label)]

    def _of_others(self, found: Mapping[str, Any]) -> ConflictError | None:
        """The error for what can be changed by AWS alone, or elsewhere alone."""
        if owner := found.get("OwningService") or found.get("Type"):
            return ConflictError(
                self.subject,
                f"it is managed by {owner}",
                "choose another name; AWS alone may change such a secret",
            )
        primary = found.get("PrimaryRegion") or self.secret.region
        if primary == self.secret.region:
            return None
        return ConflictError(
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

    def read_value(self, version: str | None = None) -> StoredValue:
        value = self._values.read(version)
        self._since = self._since if version else value.since
        return value

    def value_since(self) -> datetime | None:
        """Without a reading only on request: that takes another call."""
        asks = self._since is None and self._settings.with_age and bool(stages_of(self._found))
        return current_since(self.secret) if asks else self._since

    def past(self) -> Past | None:
        return past_of(self.secret) if holder_of(stages_of(self._found), PREVIOUS) else None

    def retire(self, version: str) -> None:
        retire(self.secret, version)

    def check(
        self, fields: Mapping[str, object], observed: Observed, value: NewValue | None = None
    ) -> None:
        self._check_tags(fields, observed)
        if value is not None:
            refuse_too_large(self.subject, value)
        if self._settings.purge_replicas or "replica_regions" not in fields:
            return
        if replaced := _replica_change(fields, observed).replaced:
            raise ConflictError(
                self.subject,
                f"its replica in {replaced[0]} has another KMS key, and a replica's key cannot be"
                " changed",
                "leave out that kms_key_id, or set purge_replicas to recreate the replica",
            )

    def _check_tags(self, fields: Mapping[str, object], observed: Observed) -> None:
        """Those of AWS itself, which are not among the fields, do not count."""
        tags = {**mapping_of({**observed.fields, **fields}, "tags"), MARKER_TAG: ""}
        tags.update(number_tag({**observed.fields, **fields}))
        if not self._settings.deletes:
            TAG_RULES.check_room(self.subject, tags)

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        request: dict[str, Any] = {
            "Name": self.secret.name,
            "ClientRequestToken": make_version_id(value, None, key=self.fingerprint_key),
            **value_parameter(value),
            "Tags": tag_list(
                {
                    **mapping_of(fields, "tags"),
                    MARKER_TAG: str(
                        Marker.of(self.secret.name, value.fingerprint.salt, self.fingerprint_key)
                    ),
                    **number_tag(fields),
                }
            ),
        }
        if fields.get("description"):
            request["Description"] = fields["description"]
        if fields.get("kms_key_id"):
            request["KmsKeyId"] = fields["kms_key_id"]
        if fields.get("replica_regions"):
            request["AddReplicaRegions"] = replica_list(mapping_of(fields, "replica_regions"))

        def create() -> tuple[str, str]:
            with self.secret.calling("CreateSecret", "creating it"):
                created = self.secret.client.create_secret(**request)
                return created["ARN"], created["VersionId"]

        self._arn, version = until_name_is_free(create, self._sleep)
        self._metadata.set_policy(fields, existed=False)
        return version

    def update(self, change: Change, observed: Observed) -> str | None:
        # The marker first: our version ids can only be read with the salt in it.
        held, wanted = mapping_of(observed.fields, "tags"), mapping_of(change.fields, "tags")
        tags = {key: text for key, text in wanted.items() if held.get(key) != text}
        marker = self._marker(change, observed)
        if not observed.ours or (change.value is not None and not self._carries(marker)):
            tags.update(marker)
        if "tags" in change.fields:
            # Before others come, so that there is room for them.
            self.untag(held.keys() - wanted.keys())
        self._tag(tags)
        self._metadata.set_policy(change.fields, existed=True)
        # The KMS key before the value, which is then encrypted with it.
        self._metadata.set_details(change.fields)
        if "replica_regions" in change.fields:
            self._replication.apply(_replica_change(change.fields, observed))
        version, stages = observed.version, stages_of(self._found)
        if change.value is not None and change.base is not None:
            version = self._values.put_over(change.value, stages, change.base)
        elif change.value is not None:
            version = self._values.put(change.value, stages)
        # The number last: it says that the value belonging to it has been written.
        self._tag(number_tag(change.fields))
        return version

    def _marker(self, change: Change, observed: Observed) -> dict[str, str]:
        """With the labels that were taken over, and the one that is taken over now."""
        marker = Marker.of(self.secret.name, change.salt, self.fingerprint_key)
        held = self._held_marker()
        if held is not None:
            marker = replace(marker, adopted=held.adopted)
        elif not observed.ours and change.value is None:
            label = change.held_value.label if change.held_value else self.label
            marker = marker.adopting(label, change.fingerprint)
        return {MARKER_TAG: str(marker)}

    def _carries(self, tags: Mapping[str, str]) -> bool:
        return tags.items() <= tags_of(self._found).items()

    def untag(self, keys: Iterable[str]) -> None:
        """Remove tags; nothing is called without one."""
        if names := sorted(keys):
            with self.secret.calling("UntagResource", "removing tags"):
                self.secret.client.untag_resource(SecretId=self.secret.name, TagKeys=names)

    def _tag(self, tags: Mapping[str, str]) -> None:
        if tags:
            with self.secret.calling("TagResource", "tagging it"):
                self.secret.client.tag_resource(SecretId=self.secret.name, Tags=tag_list(tags))

    def restore(self) -> None:
        restore(self.secret)

    @property
    def was_deleted(self) -> bool:
        """Whether it was scheduled for deletion when it was looked at."""
        return bool(self._found.get("DeletedDate"))

    def delete(self) -> None:
        # AWS deletes no secret that has replicas; those of it are gone at once and for good.
        replicas = self._found.get("ReplicationStatus", [])
        self._replication.remove(tuple(sorted(each["Region"] for each in replicas)), wait=True)
        delete(self.secret, stages_of(self._found), self._settings.recovery_window_days)


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


def _replica_change(fields: Mapping[str, object], observed: Observed) -> ReplicaChange:
    return ReplicaChange.between(
        mapping_of(observed.fields, "replica_regions"), mapping_of(fields, "replica_regions")
    )
