# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that all stripe_secret_* modules share, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from .._core.argspec import ArgumentSpec
from .._core.errors import ConfigurationError
from .._core.operation import Params, Runtime
from .._stripe.source import KEY_SOURCE_CHOICE, SOURCE_SPEC, key_from, key_given
from .model import MAX_VALUE_VERSION, VALUE_VERSION, Capabilities, Desired, Payload

KEY_SPEC = SOURCE_SPEC.merge(
    ArgumentSpec(
        options={
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
    ),
)

# What to do about a value that is stored already, in any vault.
VALUE_SPEC = ArgumentSpec(
    options={
        "update_value": {
            "type": "str",
            "choices": ["on_change", "always", "never"],
            "default": "on_change",
        },
        "value_version": {"type": "int"},
        "fingerprint_key": {"type": "str", "no_log": True},
        "on_unknown": {"type": "str", "choices": ["write", "keep", "fail"], "default": "write"},
        "on_foreign": {"type": "str", "choices": ["fail", "adopt"], "default": "fail"},
    },
)

SECRET_SPEC = KEY_SPEC.merge(
    VALUE_SPEC,
    ArgumentSpec(
        options={
            "name": {"type": "str", "required": True},
            "compare": {
                "type": "str",
                "choices": ["auto", "value", "prefer_value", "fingerprint"],
                "default": "auto",
            },
            "replace_value": {"type": "bool", "default": False},
        },
    ),
)

# AWS adds a hyphen and six characters to a secret's ARN, so such a name can be mistaken for
# another secret's ARN; Maia repeats the advice for definitions.
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_LIKE_ARN_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")
# Long enough that it cannot be found by trying.
_MIN_FINGERPRINT_KEY = 16


def desired_from(
    params: Params,
    runtime: Runtime,
    capabilities: Capabilities,
    *,
    subject: str,
    fields: Mapping[str, object],
    label: str | None = None,
) -> Desired:
    """What the options ask for; a field that is None was left out by the user.

    subject: how errors call the secret.
    Raises ConfigurationError for what such a vault can never do.
    """
    if params["compare"] == "value" and not capabilities.value_readable:
        raise ConfigurationError(
            subject,
            "compare is value, but its value can never be read back",
            "set compare to auto or fingerprint",
        )
    present = params["state"] == "present"
    has_key = key_given(params)
    if present and not has_key and params["update_value"] != "never":
        raise ConfigurationError(
            subject,
            "there is no key to store",
            f"give {KEY_SOURCE_CHOICE}, or set update_value to never if only metadata are to"
            " change",
        )
    payload = Payload(key_from(params, runtime), label) if present and has_key else None
    desired = desired_value(params, payload, label=label, fields=fields, compare=params["compare"])
    return replace(
        desired,
        metadata_only=present and not has_key,
        replace_value=params["replace_value"],
    )


def desired_value(
    params: Params,
    payload: Payload | None,
    *,
    fields: Mapping[str, object],
    label: str | None = None,
    compare: str = "auto",
) -> Desired:
    """What the options of VALUE_SPEC ask for. Raises ConfigurationError."""
    fingerprint_key = params["fingerprint_key"] or ""
    if fingerprint_key and len(fingerprint_key) < _MIN_FINGERPRINT_KEY:
        raise ConfigurationError(
            "Option fingerprint_key",
            f"it is shorter than {_MIN_FINGERPRINT_KEY} characters",
            "give a long random text, the same in every run",
        )
    number = params["value_version"]
    if number is not None and not 0 <= number <= MAX_VALUE_VERSION:
        raise ConfigurationError(
            "Option value_version", f"it is {number}", f"give 0 to {MAX_VALUE_VERSION}"
        )
    wanted = {**fields, VALUE_VERSION: number}
    return Desired(
        payload=payload,
        label=label,
        fields={name: value for name, value in wanted.items() if value is not None},
        compare=compare,
        on_unknown=params["on_unknown"],
        on_foreign=params["on_foreign"],
        update_value=params["update_value"],
        fingerprint_key=fingerprint_key,
    )


def arn_suffix_warning(name: str) -> str | None:
    """A warning for a name that ends in a hyphen and six characters, or None."""
    if _LIKE_ARN_SUFFIX.search(name) is None:
        return None
    return (
        f"The name '{name}' ends in a hyphen and six characters, like the suffix of an AWS"
        " secret's ARN; AWS and Maia advise against such names because look-ups by partial ARN"
        " can find the wrong secret."
    )
