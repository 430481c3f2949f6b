# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_secret_azure module: its options, the rules for them, and what it does."""

from __future__ import annotations

import re

from .._argspec import ArgumentSpec
from .._errors import ConfigurationError
from .._operation import Operation, Outcome, Params, Runtime
from .._secret.converge import converge
from .._secret.names import arn_suffix_warning
from .._secret.options import SECRET_SPEC, desired_from
from .connection import AZURE, CONNECTION_SPEC, AzureConnection
from .store import OUR_TAGS, AzureStore

SPEC = SECRET_SPEC.merge(
    CONNECTION_SPEC,
    ArgumentSpec(options={"content_type": {"type": "str"}, "tags": {"type": "dict"}}),
)

# https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,126}")
_MAX_CONTENT_TYPE = 255
_MAX_TAGS = 15
_MAX_TAG_LENGTH = 256


def _refuse(name: str, reason: str, cure: str) -> ConfigurationError:
    return ConfigurationError(f"Azure secret '{name}'", reason, cure)


def _tags(params: Params) -> dict[str, str] | None:
    """The user's tags as strings. Raises ConfigurationError."""
    if params["tags"] is None:
        return None
    name = params["name"]
    tags = {str(key): str(value) for key, value in params["tags"].items()}
    if len(tags) > _MAX_TAGS - len(OUR_TAGS):
        raise _refuse(name, f"it has {len(tags)} tags", f"give at most {_MAX_TAGS - len(OUR_TAGS)}")
    for key, value in tags.items():
        if key in OUR_TAGS:
            raise _refuse(name, f"the tag '{key}' is reserved", "choose another tag name")
        if not 1 <= len(key) <= _MAX_TAG_LENGTH or len(value) > _MAX_TAG_LENGTH:
            raise _refuse(
                name,
                f"the tag '{key[:32]}' is too long",
                f"use names and values of up to {_MAX_TAG_LENGTH} characters",
            )
    return tags


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Validate everything, then bring the secret to the desired state."""
    name = params["name"]
    if not _NAME.fullmatch(name):
        raise _refuse(
            name[:64],
            "the name is not one that Azure and Maia allow",
            "use 1 to 127 letters, digits and hyphens, starting with a letter",
        )
    if len(params["content_type"] or "") > _MAX_CONTENT_TYPE:
        raise _refuse(
            name, "content_type is too long", f"use at most {_MAX_CONTENT_TYPE} characters"
        )
    desired = desired_from(
        params,
        runtime,
        AzureStore.capabilities,
        fields={"content_type": params["content_type"], "tags": _tags(params)},
    )
    connection = AzureConnection.from_params(params)
    if warning := arn_suffix_warning(name):
        runtime.warn(warning)
    with connection.client() as client:
        return converge(AzureStore(client, name), desired, runtime)


OPERATION = Operation("stripe_secret_azure", SPEC, execute, (AZURE,))
