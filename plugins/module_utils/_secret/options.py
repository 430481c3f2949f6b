# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that all stripe_secret_* modules share, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from .._argspec import ArgumentSpec
from .._errors import ConfigurationError
from .._operation import Params, Runtime
from .._stripe.key import StripeKey, parse_key, publishable_key_warning
from .model import Capabilities, Desired, Payload

KEY_SPEC = ArgumentSpec(
    options={
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "api_key": {"type": "str", "no_log": True},
        "publishable_key": {
            "type": "str",
            "choices": ["warn", "reject", "allow"],
            "default": "warn",
            "no_log": False,
        },
    },
)

SECRET_SPEC = KEY_SPEC.merge(
    ArgumentSpec(
        options={
            "name": {"type": "str", "required": True},
            "compare": {
                "type": "str",
                "choices": ["auto", "value", "fingerprint"],
                "default": "auto",
            },
            "on_unknown": {
                "type": "str",
                "choices": ["write", "keep", "fail"],
                "default": "write",
            },
            "on_foreign": {"type": "str", "choices": ["fail", "adopt"], "default": "fail"},
        },
        required_if=(("state", "present", ("api_key",)),),
    )
)


def key_from(params: Params, runtime: Runtime) -> StripeKey:
    """The parsed api_key, with the warnings it deserves. Raises ConfigurationError."""
    key = parse_key(params["api_key"])
    runtime.protect(key.value)
    for warning in (key.warning(), publishable_key_warning(key, params["publishable_key"])):
        if warning:
            runtime.warn(warning)
    return key


def desired_from(
    params: Params,
    runtime: Runtime,
    capabilities: Capabilities,
    *,
    fields: Mapping[str, object],
    label: str | None = None,
) -> Desired:
    """What the options ask for; a field that is None was left out by the user.

    Raises ConfigurationError for what such a vault can never do.
    """
    if params["compare"] == "value" and not capabilities.value_readable:
        raise ConfigurationError(
            f"Secret '{params['name']}'",
            "compare is value, but its value can never be read back",
            "set compare to auto or fingerprint",
        )
    payload = None
    if params["state"] == "present":
        payload = Payload(key_from(params, runtime), label)
    return Desired(
        payload=payload,
        label=label,
        fields={name: value for name, value in fields.items() if value is not None},
        compare=params["compare"],
        on_unknown=params["on_unknown"],
        on_foreign=params["on_foreign"],
    )
