# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of stripe_secret_aws, checked and in the terms of the store."""

from __future__ import annotations

import json
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.errors import ConfigurationError
from ..._core.operation import Params
from ..._secret.labels import DEFAULT_LABEL
from ..._stripe.source import KEY_SOURCES
from ..metadata.kms import KEY_TEXT
from ..metadata.policy import allows_everybody, policy_of
from ..metadata.tags import TAG_RULES
from ..place import NAME, REGION

SECRET_OPTIONS = ArgumentSpec(
    options={
        "format": {
            "type": "str",
            "choices": ["key_value", "plaintext"],
        },
        "label": {"type": "str", "default": DEFAULT_LABEL, "no_log": False},
        "description": {"type": "str"},
        "kms_key_id": {"type": "str", "no_log": False},
        "tags": {"type": "dict"},
        "purge_tags": {"type": "bool", "default": False},
        "replica_regions": {"type": "list", "elements": "raw"},
        "purge_replicas": {"type": "bool", "default": False},
        "resource_policy": {"type": "json"},
        "allow_rotated": {"type": "bool", "default": False},
        "rolled_back_to": {"type": "str"},
        "with_age": {"type": "bool", "default": False},
        "recovery_window_days": {"type": "int", "default": 30},
        "force_delete": {"type": "bool", "default": False},
    },
    # A rollback moves a label and brings nothing else to a desired state.
    mutually_exclusive=tuple(
        ("rolled_back_to", other)
        for other in (
            *KEY_SOURCES,
            "description",
            "kms_key_id",
            "tags",
            "replica_regions",
            "resource_policy",
            "value_version",
            "retire_previous_after",
        )
    ),
)

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_MAX_DESCRIPTION = 2048
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
_MAX_POLICY_BYTES = 20480


def subject_of(name: str) -> str:
    """How errors call the secret before its region is known."""
    return f"AWS secret '{name}'"


def refuse(name: str, reason: str, hint: str) -> ConfigurationError:
    return ConfigurationError(subject_of(name), reason, hint)


def check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise refuse(
            name[:64],
            "the name is not one that AWS allows",
            "use 1 to 512 of the characters A-Z a-z 0-9 / _ + = . @ -",
        )


def check_rollback(params: Params) -> None:
    if params["rolled_back_to"] is not None and params["state"] == "absent":
        raise refuse(params["name"], "rolled_back_to is given with state=absent", "leave out one")


def fields_from(params: Params) -> dict[str, object]:
    """Metadata by field name; None is what the user left out. Raises ConfigurationError."""
    return {
        "description": _description(params),
        "kms_key_id": _kms_key_id(params["name"], params["kms_key_id"]),
        "tags": TAG_RULES.parse(subject_of(params["name"]), params["tags"]),
        "replica_regions": _replicas(params),
        "resource_policy": _policy(params),
    }


def recovery_window_from(params: Params) -> int | None:
    """In days; None to delete at once and for good."""
    if params["force_delete"]:
        return None
    days: int = params["recovery_window_days"]
    if not 7 <= days <= 30:
        raise refuse(
            params["name"],
            f"recovery_window_days is {days}",
            "give 7 to 30 days, or set force_delete to delete at once",
        )
    return days


def label_from(params: Params) -> str | None:
    if params["format"] == "plaintext":
        return None
    if not params["label"]:
        raise refuse(params["name"], "label is empty", "give the label to store the key under")
    return str(params["label"])


def _description(params: Params) -> str | None:
    description: str | None = params["description"]
    if len(description or "") > _MAX_DESCRIPTION:
        raise refuse(
            params["name"],
            "the description is too long",
            f"use at most {_MAX_DESCRIPTION} characters",
        )
    return description


def _kms_key_id(name: str, text: str | None) -> str | None:
    if text and not KEY_TEXT.fullmatch(text):
        raise refuse(
            name,
            f"'{text[:64]}' is not a KMS key",
            "give a key's id, its ARN, alias/<name> or an alias's ARN",
        )
    return text


def _replicas(params: Params) -> dict[str, str] | None:
    """Regions, each with its KMS key; empty for whichever there is."""
    if params["replica_regions"] is None:
        return None
    name = params["name"]
    replicas: dict[str, str] = {}
    for given in params["replica_regions"]:
        replica: dict[str, Any] = {"region": given} if isinstance(given, str) else given
        known = isinstance(replica, dict) and replica.keys() <= {"region", "kms_key_id"}
        region = replica.get("region") if known else None
        if not isinstance(region, str) or not REGION.fullmatch(region):
            raise refuse(
                name,
                "an entry of replica_regions names no region",
                "give regions such as eu-west-1, or dictionaries of region and kms_key_id",
            )
        if region in replicas:
            raise refuse(name, f"replica_regions has {region} twice", "name each region once")
        replicas[region] = _kms_key_id(name, str(replica.get("kms_key_id") or "")) or ""
    return replicas


def _policy(params: Params) -> str | None:
    """The policy as a JSON text; empty for none at all."""
    text: str | None = params["resource_policy"]
    if text is None or text in ("", "{}"):
        return text and ""
    policy = policy_of(text)
    if policy is None or "Statement" not in policy:
        raise refuse(
            params["name"],
            "resource_policy is not a policy",
            "give a JSON object, or a dictionary, with Version and Statement",
        )
    if len(text.encode()) > _MAX_POLICY_BYTES:
        raise refuse(
            params["name"],
            "resource_policy is too long",
            f"use at most {_MAX_POLICY_BYTES} bytes",
        )
    if allows_everybody(policy):
        raise refuse(
            params["name"],
            "resource_policy allows something to everybody, which AWS would refuse",
            "name the principals, or add a Condition that limits them",
        )
    return json.dumps(policy, sort_keys=True)
