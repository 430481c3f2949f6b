# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_api_key_info module: what a key says about itself, and what Stripe says about it."""

from __future__ import annotations

import re

from .._core.argspec import ArgumentSpec
from .._core.errors import AuthenticationError, ConfigurationError, ConflictError, TransientError
from .._core.http import REQUESTS, RequestsTransport
from .._core.limits import TIME_SPEC
from .._core.operation import Operation, Outcome, Params, Runtime
from .client import API_URL, StripeClient, checked_api_url
from .key import SUBJECT, StripeKey
from .permissions import ACCOUNT_PATH, BALANCE_PATH, PERMISSIONS
from .source import KEY_SOURCES, SOURCE_SPEC, key_from
from .verdict import Verdict

_MODES = ("live", "test")

SPEC = SOURCE_SPEC.merge(
    ArgumentSpec(
        options={
            "verify": {"type": "bool", "default": False},
            "permissions": {
                "type": "list",
                "elements": "str",
                "choices": list(PERMISSIONS),
                "default": [],
            },
            "expected_mode": {"type": "str", "choices": list(_MODES)},
            "expected_account": {"type": "str"},
            "on_unverified": {"type": "str", "choices": ["warn", "fail"], "default": "warn"},
            "stripe_context": {"type": "str"},
            "api_url": {"type": "str", "default": API_URL},
            "ca_bundle": {"type": "path"},
        },
        required_one_of=(KEY_SOURCES,),
    ),
    TIME_SPEC,
)

_ACCOUNT_ID = re.compile(r"acct_[A-Za-z0-9]{4,64}")
# One account, or a path to it: https://docs.stripe.com/context
_CONTEXT = re.compile(r"[A-Za-z0-9_/-]+")
_REFUSED = ("invalid", "expired", "publishable", "needs_context", "wrong_context")
UNVERIFIED_WARNING = (
    "The Stripe API key could not be verified from this machine; its verification says why."
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Parse the key, and verify it with Stripe if requested. Changes nothing in any mode.

    Raises ConfigurationError, AuthenticationError, ConflictError and TransientError.
    """
    api_url = checked_api_url(params["api_url"] or API_URL)
    _check_options(params)
    key = key_from(params, runtime)
    _check_mode(key.mode, params["expected_mode"])
    values: dict[str, object] = {
        "api_key": key.describe(),
        "verification": {"status": "not_asked", "reason": None, "account": None},
        "permissions": {},
    }
    if not params["verify"]:
        return Outcome(changed=False, values=values)
    ca_bundle = params["ca_bundle"]
    with runtime.clients.lease(
        ("stripe", ca_bundle), lambda: RequestsTransport(ca_bundle)
    ) as transport:
        client = StripeClient(transport, key, api_url=api_url, context=params["stripe_context"])
        verdict, account = _verify(client, key, params, runtime)
        permissions: dict[str, str] = {}
        if verdict.status == "valid":
            permissions = {name: _permission(client, name) for name in params["permissions"]}
    if missing := [name for name, answer in permissions.items() if answer == "missing"]:
        runtime.warn(f"The Stripe API key lacks the permission to read {', '.join(missing)}.")
    values["verification"] = {
        "status": verdict.status,
        "reason": verdict.reason or None,
        "account": account,
    }
    values["permissions"] = permissions
    return Outcome(changed=False, values=values)


def _check_options(params: Params) -> None:
    context = params["stripe_context"]
    if context and not _CONTEXT.fullmatch(context):
        raise ConfigurationError(
            "Option stripe_context",
            "it has characters that no account id has, such as a line end",
            "give it as acct_..., without white space around it",
        )
    account = params["expected_account"]
    if account is None:
        return
    if not _ACCOUNT_ID.fullmatch(account):
        raise ConfigurationError(
            "Option expected_account", "it is not an account id", "give it as acct_..."
        )
    if not params["verify"]:
        raise ConfigurationError(
            "Option expected_account",
            "only Stripe knows the account of a key",
            "set verify to true",
        )


def _check_mode(mode: str, expected: str | None) -> None:
    if expected is not None and mode != expected:
        told = f"it is a {mode} key" if mode in _MODES else "its mode is unknown"
        raise ConflictError(
            SUBJECT,
            f"{told} where a {expected} key is expected",
            "give the key of the other mode, or correct the environment's expected mode",
        )


def _verify(
    client: StripeClient, key: StripeKey, params: Params, runtime: Runtime
) -> tuple[Verdict, str | None]:
    """Stripe's verdict, and the account if it can be known. Raises for a key that cannot work."""
    verdict = client.ask(BALANCE_PATH)
    if verdict.status in _REFUSED:
        raise AuthenticationError(
            f"{SUBJECT} {key.masked}",
            verdict.reason,
            verdict.hint,
            attempt="verifying it",
            link=verdict.link,
        )
    if verdict.status == "unverified":
        if params["on_unverified"] == "fail" or params["expected_account"]:
            raise TransientError(
                f"{SUBJECT} {key.masked}",
                verdict.reason,
                verdict.hint,
                attempt="verifying it",
                link=verdict.link,
            )
        runtime.warn(UNVERIFIED_WARNING)
        return verdict, None
    if verdict.live is not None:
        _check_mode("live" if verdict.live else "test", params["expected_mode"])
    # A refusal names the account as well.
    account = verdict.account or client.ask(ACCOUNT_PATH).account
    expected = params["expected_account"]
    if expected is not None and account != expected:
        raise ConflictError(
            f"{SUBJECT} {key.masked}",
            f"it belongs to account {account or 'that Stripe does not name'}, not to {expected}",
            "give a key of the expected account",
        )
    return verdict, account


def _permission(client: StripeClient, name: str) -> str:
    """granted, missing or unknown."""
    permission = PERMISSIONS[name]
    verdict = client.ask(permission.path, one_item=permission.path != BALANCE_PATH)
    if verdict.permitted is None:
        return "unknown"
    return "granted" if verdict.permitted else "missing"


OPERATION = Operation("stripe_api_key_info", SPEC, execute, (REQUESTS,), reads_only=True)
