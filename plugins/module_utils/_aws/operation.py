# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_secret_aws module: its options, the rules for them, and what it does."""

from __future__ import annotations

import re

from .._argspec import ArgumentSpec
from .._errors import ConfigurationError
from .._operation import Operation, Outcome, Params, Runtime
from .._secret.converge import converge
from .._secret.names import arn_suffix_warning
from .._secret.options import SECRET_SPEC, desired_from
from .connection import BOTO3, CONNECTION_SPEC, AwsConnection
from .store import OUR_TAGS, AwsStore, Deletion

SPEC = SECRET_SPEC.merge(
    CONNECTION_SPEC,
    ArgumentSpec(
        options={
            "format": {
                "type": "str",
                "choices": ["key_value", "plaintext"],
                "default": "key_value",
            },
            "label": {"type": "str", "default": "api_key", "no_log": False},
            "description": {"type": "str"},
            "tags": {"type": "dict"},
            "recovery_window_days": {"type": "int", "default": 30},
            "force_delete": {"type": "bool", "default": False},
        },
    ),
)

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
_MAX_DESCRIPTION = 2048
_MAX_TAGS = 50


def _refuse(name: str, reason: str, cure: str) -> ConfigurationError:
    return ConfigurationError(f"AWS secret '{name}'", reason, cure)


def _tags(params: Params) -> dict[str, str] | None:
    """The user's tags as strings. Raises ConfigurationError."""
    if params["tags"] is None:
        return None
    name = params["name"]
    tags = {str(key): str(value) for key, value in params["tags"].items()}
    if len(tags) > _MAX_TAGS - len(OUR_TAGS):
        raise _refuse(name, f"it has {len(tags)} tags", f"give at most {_MAX_TAGS - len(OUR_TAGS)}")
    for key, value in tags.items():
        if key.lower().startswith("aws:") or key in OUR_TAGS:
            raise _refuse(name, f"the tag key '{key}' is reserved", "choose another tag key")
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise _refuse(
                name,
                f"the tag '{key[:32]}' is too long",
                "use keys of 1 to 128 and values of up to 256 characters",
            )
    return tags


def _deletion(params: Params) -> Deletion:
    if params["force_delete"]:
        return Deletion(None)
    days = params["recovery_window_days"]
    if not 7 <= days <= 30:
        raise _refuse(
            params["name"],
            f"recovery_window_days is {days}",
            "give 7 to 30 days, or set force_delete to delete at once",
        )
    return Deletion(days)


def _label(params: Params) -> str | None:
    if params["format"] == "plaintext":
        return None
    if not params["label"]:
        raise _refuse(params["name"], "label is empty", "give the label to store the key under")
    return str(params["label"])


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Validate everything, then bring the secret to the desired state."""
    name = params["name"]
    if not _NAME.fullmatch(name):
        raise _refuse(
            name[:64],
            "the name is not one that AWS allows",
            "use 1 to 512 of the characters A-Z a-z 0-9 / _ + = . @ -",
        )
    if len(params["description"] or "") > _MAX_DESCRIPTION:
        raise _refuse(
            name, "the description is too long", f"use at most {_MAX_DESCRIPTION} characters"
        )
    deletion = _deletion(params)
    desired = desired_from(
        params,
        runtime,
        AwsStore.capabilities,
        fields={"description": params["description"], "tags": _tags(params)},
        label=_label(params),
    )
    if warning := arn_suffix_warning(name):
        runtime.warn(warning)
    client = AwsConnection.from_params(params).client()
    store = AwsStore(
        client,
        name,
        label=desired.label,
        deletion=deletion,
        fingerprint_key=desired.fingerprint_key,
    )
    return converge(store, desired, runtime)


OPERATION = Operation("stripe_secret_aws", SPEC, execute, (BOTO3,))
