# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating a secret whose name is blocked, deleting one, and bringing it back.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..._core.errors import CollectionError, ConflictError, NotFoundError, OvertakenError
from ..reach.secret import AwsSecret
from ..versions.values import Stages, holder_of, stages_of
from ..versions.versions import CURRENT

T = TypeVar("T")

# In seconds, before each look or attempt.
PAUSES = (0, 1, 2, 4, 8, 15)


def until_name_is_free(create: Callable[[], T], sleep: Callable[[float], None]) -> T:
    """Create a secret that is not there; one that was deleted for good keeps its name for a while.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
    """
    *pauses, last = PAUSES
    for pause in pauses:
        sleep(pause)
        try:
            return create()
        except ConflictError as error:
            if error.code != "InvalidRequestException":
                raise
    sleep(last)
    return create()


def restore(secret: AwsSecret) -> None:
    with secret.calling("RestoreSecret", "restoring it"):
        secret.client.restore_secret(SecretId=secret.name)


def delete(secret: AwsSecret, seen: Stages, days: int | None) -> None:
    """seen: the versions that there were when it was looked at. days: None for no recovery.

    Raises OvertakenError if another writer changed the value: AWS deletes unconditionally,
    so that the secret is brought back. Without recovery what they wrote is lost.
    """
    how: dict[str, Any] = (
        {"ForceDeleteWithoutRecovery": True} if days is None else {"RecoveryWindowInDays": days}
    )
    try:
        with secret.calling("DeleteSecret", "deleting it"):
            secret.client.delete_secret(SecretId=secret.name, **how)
    except (ConflictError, NotFoundError):
        # Already done by another writer, or by our own call, repeated after a lost response.
        left = secret.describe()
        if left and not left.get("DeletedDate"):
            raise
    if days is not None:
        _restore_what_others_wrote(secret, holder_of(seen, CURRENT))


def _restore_what_others_wrote(secret: AwsSecret, seen: str | None) -> None:
    try:
        now = holder_of(stages_of(secret.describe()), CURRENT)
    except CollectionError:
        return  # What was to be done is done.
    if seen is None or now in (None, seen):
        return
    restore(secret)
    raise OvertakenError(
        secret.subject, "another writer changed the value in the meantime", "run again"
    )
