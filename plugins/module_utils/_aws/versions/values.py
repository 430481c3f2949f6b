# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions of one secret's value: reading one, and writing another.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.errors import CollectionError, ConflictError, OvertakenError
from ..._secret.model import NewValue
from ..._secret.value import StoredValue
from ..reach.secret import AwsSecret
from .version_id import make_version_id
from .versions import CURRENT, make_current

# The staging label of a version that is to become current; it stays on the last one.
MERGED = "maia.stripe_query"
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
_MAX_BYTES = 65_536

# A secret's versions by id, each with its staging labels, as DescribeSecret has them.
Stages = Mapping[str, list[str]]


def stages_of(found: Mapping[str, Any]) -> Stages:
    """found: what DescribeSecret returned."""
    stages: Stages = found.get("VersionIdsToStages", {})
    return stages


def holder_of(stages: Stages, stage: str) -> str | None:
    """The id of the version that has a staging label."""
    return next((id_ for id_, labels in stages.items() if stage in labels), None)


def refuse_too_large(subject: str, value: NewValue) -> None:
    """Raises ConflictError for a value that AWS would not take."""
    size = len(value.text.encode())
    if size > _MAX_BYTES:
        raise ConflictError(
            subject,
            f"its value would have {size} bytes, and AWS takes {_MAX_BYTES}",
            "use another name, or remove labels that are no longer needed",
            attempt="writing its value",
        )


@dataclass(frozen=True)
class SecretValues:
    """Of one secret. fingerprint_key: the user's own."""

    secret: AwsSecret
    fingerprint_key: str

    def read(self, version: str | None = None) -> StoredValue:
        """version: its id; None for the current one. Nothing if there is no such version."""
        # The stage is named, since the default is not the same everywhere.
        which: Any = {"VersionId": version} if version else {"VersionStage": CURRENT}
        not_found = self.secret.client.exceptions.ResourceNotFoundException
        with self.secret.calling("GetSecretValue", "reading its value"):
            try:
                found = self.secret.client.get_secret_value(SecretId=self.secret.name, **which)
            except not_found:
                return StoredValue()
        return StoredValue(
            found.get("SecretString"),
            found.get("SecretBinary"),
            found.get("VersionId"),
            found.get("CreatedDate"),
        )

    def put(self, value: NewValue, stages: Stages) -> str:
        """Write a value that keeps nothing of the one that is there. stages: as they are now."""
        version, labels = self._put(value, stages, CURRENT)
        if CURRENT not in labels:
            # After a rollback this very version may be there already: AWS took the call for a
            # repeated one and changed nothing.
            current = holder_of(stages, CURRENT)
            make_current(self.secret, target=version, current=current)
        return version

    def put_over(self, value: NewValue, stages: Stages, base: str) -> str:
        """Write a value that was made from another version, unless that is no longer current.

        AWS moves AWSCURRENT only if it is still on the version that it is to be taken from, so
        that what others write meanwhile is not lost. Raises OvertakenError if it is not.
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
        """
        version, _labels = self._put(value, stages, MERGED)
        try:
            make_current(self.secret, target=version, current=base)
        except CollectionError as error:
            current = holder_of(stages_of(self.secret.describe()), CURRENT)
            if current == version:
                return version  # It was our own call, repeated after a lost answer.
            if current == base:
                raise
            raise OvertakenError(
                self.secret.subject,
                "another writer changed the value in the meantime",
                "run again",
                code=error.code,
            ) from None
        return version

    def _put(self, value: NewValue, stages: Stages, stage: str) -> tuple[str, list[str]]:
        """Add a version. Returns its id and its staging labels."""
        # Which versions have which labels is part of the id, so that a rollback changes it.
        state = ",".join(f"{id_}={'+'.join(sorted(stages[id_]))}" for id_ in sorted(stages))
        more = {} if stage == CURRENT else {"VersionStages": [stage]}
        request: dict[str, Any] = {**value_parameter(value), **more}
        with self.secret.calling("PutSecretValue", "writing its value"):
            # Never UpdateSecret, which does not allow a repeated token.
            written = self.secret.client.put_secret_value(
                SecretId=self.secret.name,
                ClientRequestToken=make_version_id(value, state, key=self.fingerprint_key),
                **request,
            )
            return written["VersionId"], written.get("VersionStages", [stage])


def value_parameter(value: NewValue) -> dict[str, Any]:
    """The parameter of CreateSecret and PutSecretValue that holds it."""
    return {"SecretBinary": value.text.encode()} if value.binary else {"SecretString": value.text}
