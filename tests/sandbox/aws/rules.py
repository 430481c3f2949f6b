# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Secrets Manager demands of a request, whatever it holds. moto checks none of this."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from sandbox.aws.errors import AwsError

Params = dict[str, Any]

_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]+")
_TAG_TEXT = re.compile(r"[\w\s.:/=+\-@]*")
_LONGEST_NAME = 512
_LONGEST_ID = 2048
_LONGEST_DESCRIPTION = 2048
_LARGEST_VALUE = 65_536
_LONGEST_TAG_KEY = 128
_LONGEST_TAG_VALUE = 256
MOST_TAGS = 50


def check(action: str, params: Params) -> None:
    """Raises what Secrets Manager answers to a request that it need not even look up."""
    if action == "CreateSecret":
        _check_name(params)
    elif "SecretId" in params:
        _check_length("secretId", str(params["SecretId"]), _LONGEST_ID)
    _check_value(params)
    _check_length("description", params.get("Description") or "", _LONGEST_DESCRIPTION)
    _check_request_token(params)
    for tag in params.get("Tags") or []:
        _check_tag(tag["Key"], tag.get("Value") or "")
    for key in params.get("TagKeys") or []:
        _check_tag(key, "")
    if len(params.get("Tags") or []) > MOST_TAGS:
        raise too_many_tags()
    if action in ("PutResourcePolicy", "ValidateResourcePolicy"):
        _check_policy(params)


def too_many_tags() -> AwsError:
    return AwsError("InvalidParameterException", f"A secret can have at most {MOST_TAGS} tags.")


def _check_name(params: Params) -> None:
    name = str(params.get("Name", ""))
    _check_length("name", name, _LONGEST_NAME)
    if not _NAME.fullmatch(name):
        raise AwsError(
            "ValidationException",
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the "
            "following: -/_+=.@!",
        )


def _check_value(params: Params) -> None:
    text, binary = params.get("SecretString"), params.get("SecretBinary")
    if text is not None and binary is not None:
        raise AwsError(
            "InvalidParameterException", "You can't specify both SecretString and SecretBinary."
        )
    if text is not None:
        _check_length("secretString", text, _LARGEST_VALUE, least=1)
    if binary is not None:
        try:
            size = len(base64.b64decode(binary, validate=True))
        except binascii.Error:
            raise AwsError("SerializationException", "SecretBinary is not base64.") from None
        if not 1 <= size <= _LARGEST_VALUE:
            raise _length_error("secretBinary", _LARGEST_VALUE)


def _check_length(field: str, text: str, most: int, *, least: int = 0) -> None:
    size = len(text.encode())
    if size > most:
        raise _length_error(field, most)
    if size < least:
        raise AwsError(
            "ValidationException",
            f"1 validation error detected: Value at '{field}' failed to satisfy constraint: "
            f"Member must have length greater than or equal to {least}",
        )


def _length_error(field: str, most: int) -> AwsError:
    return AwsError(
        "ValidationException",
        f"1 validation error detected: Value at '{field}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {most}",
    )


def _check_request_token(params: Params) -> None:
    token = params.get("ClientRequestToken")
    if token is not None and not 32 <= len(token) <= 64:
        raise AwsError(
            "InvalidParameterException", "ClientRequestToken must be 32-64 characters long."
        )


def _check_tag(key: str, value: str) -> None:
    if key.lower().startswith("aws:"):
        raise AwsError(
            "InvalidParameterException", "Tag keys that start with aws: are reserved for AWS."
        )
    if not 1 <= len(key) <= _LONGEST_TAG_KEY or len(value) > _LONGEST_TAG_VALUE:
        raise AwsError("InvalidParameterException", "A tag's key or value has a wrong length.")
    if not _TAG_TEXT.fullmatch(key) or not _TAG_TEXT.fullmatch(value):
        raise AwsError(
            "InvalidParameterException", "A tag's key or value has a character that is not allowed."
        )


def _check_policy(params: Params) -> None:
    try:
        policy = json.loads(params.get("ResourcePolicy", ""))
        statements = policy["Statement"]
        broad = any(
            statement["Effect"] == "Allow" and statement["Principal"] in ("*", {"AWS": "*"})
            for statement in (statements if isinstance(statements, list) else [statements])
        )
    except (ValueError, KeyError, TypeError):
        raise AwsError(
            "MalformedPolicyDocumentException", "This resource policy contains invalid Json"
        ) from None
    if broad and params.get("BlockPublicPolicy"):
        raise AwsError(
            "PublicPolicyException",
            "You can't attach a policy that grants broad access to the secret.",
        )
