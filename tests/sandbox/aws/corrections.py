# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where moto 5.2 and Secrets Manager differ: what to refuse before it acts, what to mend after."""

from __future__ import annotations

import time
from typing import Any

from moto.secretsmanager.models import FakeSecret, ReplicaSecret, SecretsStore

from sandbox.aws.errors import AwsError
from sandbox.aws.identities import WRITES
from sandbox.aws.rules import MOST_TAGS, Params, too_many_tags

_DEFAULT_KEY = "alias/aws/secretsmanager"

_ALLOWED_WHEN_SCHEDULED = (
    "DeleteSecret",
    "DescribeSecret",
    "ListSecretVersionIds",
    "RestoreSecret",
    "ValidateResourcePolicy",
)


def refuse(action: str, params: Params, store: SecretsStore) -> None:
    """Raises where AWS refuses and moto would not, or would with another code."""
    secret = store.get(str(params.get("Name" if action == "CreateSecret" else "SecretId", "")))
    if action == "ListSecretVersionIds" and secret is None:
        raise AwsError(
            "ResourceNotFoundException", "Secrets Manager can't find the specified secret."
        )
    if isinstance(secret, ReplicaSecret) and action in WRITES:
        raise AwsError(
            "InvalidParameterException",
            "Operation not permitted on a replica secret. Call must be made in primary secret's "
            "region.",
        )
    if not isinstance(secret, FakeSecret):
        return
    _refuse_when_scheduled(action, secret)
    if action in ("PutSecretValue", "UpdateSecret"):
        _refuse_used_token(action, params, secret)
    elif action == "UpdateSecretVersionStage":
        _refuse_unclear_move(params, secret)
    elif action == "DeleteSecret":
        _refuse_with_replicas(secret)
    elif action == "ReplicateSecretToRegions":
        _refuse_second_replica(params, secret)
    elif action == "TagResource":
        _refuse_too_many_tags(params, secret)


def mend(action: str, params: Params, store: SecretsStore, reply: dict[str, Any]) -> None:
    """Bring moto's state and its reply to where AWS would be after this action."""
    secret = store.get(str(params.get("SecretId") or params.get("Name") or ""))
    if isinstance(secret, FakeSecret):
        _date_versions(secret)
        _mend_keys(params, secret)
    if action == "UpdateSecretVersionStage":
        _promote(params, store)
    elif action == "UpdateSecret":
        _clear_description(params, store)
    elif action in ("ReplicateSecretToRegions", "RemoveRegionsFromReplication"):
        reply["ARN"] = store[params["SecretId"]].arn
    elif action == "ListSecretVersionIds":
        _mend_version_list(params, store, reply)
    for description in (reply, *reply.get("SecretList", [])):
        _hide_unlabelled(description)


def _refuse_when_scheduled(action: str, secret: FakeSecret) -> None:
    """moto calls it a name clash, or lets it pass."""
    if not secret.is_deleted():
        return
    if action == "CreateSecret":
        raise AwsError(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled "
            "for deletion.",
        )
    if action not in _ALLOWED_WHEN_SCHEDULED:
        raise AwsError(
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
        )


def _refuse_used_token(action: str, params: Params, secret: FakeSecret) -> None:
    """A version cannot be changed. moto changes it while it is labelled AWSPENDING, and lets
    UpdateSecret repeat a token, which only PutSecretValue may."""
    text, binary = params.get("SecretString"), params.get("SecretBinary")
    token = params.get("ClientRequestToken")
    version = secret.versions.get(token) if token else None
    if version is None or (text is None and binary is None):
        return
    same = version.get("secret_string") == text and version.get("secret_binary") == binary
    if not same or action == "UpdateSecret":
        raise AwsError(
            "ResourceExistsException",
            f"You can't use ClientRequestToken {token} because that value is already in use for a "
            f"version of secret {secret.arn}.",
        )


def _refuse_unclear_move(params: Params, secret: FakeSecret) -> None:
    """A label sits on one version. moto puts it on two, or loses it if the target is wrong."""
    stage, target = params.get("VersionStage"), params.get("MoveToVersionId")
    source = params.get("RemoveFromVersionId")
    if target and target not in secret.versions:
        raise AwsError("InvalidParameterException", f"Not a valid version: {target}")
    holder = _holder(secret, stage)
    if stage == "AWSCURRENT" and source and not target:
        raise AwsError(
            "InvalidParameterException",
            "You can only move staging label AWSCURRENT to a different secret version. It can't be "
            "completely removed.",
        )
    if target and holder and holder not in (source, target):
        raise AwsError(
            "InvalidParameterException",
            f"The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently "
            f"attached to version {holder}, so you must explicitly reference that version in "
            "RemoveFromVersionId.",
        )


def _holder(secret: FakeSecret, stage: str | None) -> str | None:
    for version_id, version in secret.versions.items():
        if stage in version["version_stages"]:
            return version_id
    return None


def _refuse_with_replicas(secret: FakeSecret) -> None:
    """moto says InvalidParameterException."""
    if secret.replicas:
        regions = ", ".join(replica.region for replica in secret.replicas)
        raise AwsError(
            "InvalidRequestException",
            f"You can't delete secret {secret.name} that still has replica regions [{regions}].",
        )


def _refuse_second_replica(params: Params, secret: FakeSecret) -> None:
    """moto makes another one beside it."""
    there = {replica.region for replica in secret.replicas}
    wanted = {each["Region"] for each in params.get("AddReplicaRegions") or []}
    if there & wanted and not params.get("ForceOverwriteReplicaSecret"):
        raise AwsError("InvalidParameterException", "The secret is already replicated there.")


def _refuse_too_many_tags(params: Params, secret: FakeSecret) -> None:
    keys = {tag["Key"] for tag in [*(secret.tags or []), *(params.get("Tags") or [])]}
    if len(keys) > MOST_TAGS:
        raise too_many_tags()


def _date_versions(secret: FakeSecret) -> None:
    """moto gives every version the time at which it is asked, in whole seconds."""
    for version in secret.versions.values():
        version.setdefault("exact_date", time.time())


def _mend_keys(params: Params, secret: FakeSecret) -> None:
    """moto keeps an alias as it was given, an empty key as empty, and no key of a replica."""
    key = secret.kms_key_id or ""
    if key.startswith("alias/") and key != _DEFAULT_KEY:
        secret.kms_key_id = f"arn:aws:kms:{secret.region}:{secret.account_id}:{key}"
    elif not key:
        secret.kms_key_id = _DEFAULT_KEY
    for given in params.get("AddReplicaRegions") or []:
        for replica in secret.replicas:
            if replica.region == given["Region"] and given.get("KmsKeyId"):
                replica.config["KmsKeyId"] = given["KmsKeyId"]


def _promote(params: Params, store: SecretsStore) -> None:
    """moto moves the label AWSCURRENT, but goes on to return the old value as the current one."""
    secret = store[params["SecretId"]]
    if params.get("VersionStage") == "AWSCURRENT" and isinstance(secret, FakeSecret):
        secret.set_default_version_id(params.get("MoveToVersionId"))


def _clear_description(params: Params, store: SecretsStore) -> None:
    """moto takes an empty description for a missing one."""
    secret = store[params["SecretId"]]
    if params.get("Description") == "" and isinstance(secret, FakeSecret):
        secret.description = ""


def _mend_version_list(params: Params, store: SecretsStore, reply: dict[str, Any]) -> None:
    """moto gives the name for the ARN, and versions without a label though nobody asked."""
    secret = store[params["SecretId"]]
    reply["ARN"] = secret.arn
    for each in reply["Versions"]:
        each["CreatedDate"] = secret.versions[each["VersionId"]]["exact_date"]
    if not params.get("IncludeDeprecated"):
        reply["Versions"] = [each for each in reply["Versions"] if each["VersionStages"]]


def _hide_unlabelled(description: dict[str, Any]) -> None:
    """DescribeSecret and ListSecrets name only versions that have a label."""
    for field in ("VersionIdsToStages", "SecretVersionsToStages"):
        if field in description:
            description[field] = {k: stages for k, stages in description[field].items() if stages}


def secrets_of(store: SecretsStore) -> list[FakeSecret]:
    """Without the replicas, which hold nothing of their own."""
    return [secret for secret in dict.values(store) if not isinstance(secret, ReplicaSecret)]
