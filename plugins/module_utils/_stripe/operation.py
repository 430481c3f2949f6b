# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_api_key_info module: what a key says about itself, and what Stripe says about it."""

from __future__ import annotations

import re
from dataclasses import replace

from .._core.argspec import ArgumentSpec
from .._core.errors import (
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    ConflictError,
    TransientError,
)
from .._core.http import REQUESTS
from .._core.operation import Operation, Outcome, Params, Runtime
from .client import ACCOUNT, BALANCE, CLIENT_SPEC, StripeClient, checked_api_url, client_for
from .key import SUBJECT, StripeKey
from .source import key_from
from .verdict import Verdict

_MODES = ("live", "test")

# Stripe has no call that lists a restricted key's permissions, so each of these is tried.
# https://docs.stripe.com/keys/restricted-api-keys
_READABLE = (
    BALANCE,
    "balance_transactions",
    "charges",
    "coupons",
    "customers",
    "disputes",
    "events",
    "invoices",
    "payment_intents",
    "payouts",
    "plans",
    "prices",
    "products",
    "subscriptions",
    "transfers",
)

SPEC = CLIENT_SPEC.merge(
    ArgumentSpec(
        options={
            "verify": {"type": "bool", "default": False},
            "permissions": {
                "type": "list",
                "elements": "str",
                "choices": list(_READABLE),
                "default": [],
            },
            "expected_mode": {"type": "str", "choices": list(_MODES)},
            "expected_account": {"type": "str"},
            "on_unverified": {"type": "str", "choices": ["warn", "fail"], "default": "warn"},
        },
    ),
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
    api_url = checked_api_url(params)
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
    with client_for(key, params, runtime, api_url=api_url) as client:
        verdict, account = _verify(client, key, params, runtime)
        permissions: dict[str, str] = {}
        if verdict.status == "valid":
            permissions = {
                name: _PERMISSIONS[client.ask(name).permitted] for name in params["permissions"]
            }
    if missing := [name for name, answer in permissions.items() if answer == "missing"]:
        runtime.warn(f"The Stripe API key lacks the permission to read {', '.join(missing)}.")
    values["verification"] = {
        "status": verdict.status,
        "reason": verdict.reason or None,
        "account": account,
    }
    values["permissions"] = permissions
    return Outcome(changed=False, values=values)


def check_earlier(params: Params, runtime: Runtime) -> Outcome:
    """As execute(), of a key that a rollback would bring back."""
    try:
        return execute(params, runtime)
    except CollectionError as error:
        raise error.told_as(attempt="rolling back to it") from None


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
    subject = f"{SUBJECT} {key.masked}"
    verdict = client.ask(BALANCE)
    if verdict.status in _REFUSED:
        raise _as_error(AuthenticationError, verdict, subject)
    if verdict.status == "unverified":
        if params["on_unverified"] == "fail" or params["expected_account"]:
            raise _as_error(TransientError, verdict, subject)
        runtime.warn(UNVERIFIED_WARNING)
        return verdict, None
    if verdict.live is not None:
        _check_mode("live" if verdict.live else "test", params["expected_mode"])
    # A refusal names the account as well.
    account = verdict.account or client.ask(ACCOUNT).account
    expected = params["expected_account"]
    if expected is not None and account != expected:
        raise ConflictError(
            subject,
            f"it belongs to account {account or 'that Stripe does not name'}, not to {expected}",
            "give a key of the expected account",
        )
    return verdict, account


def _as_error(kind: type[CollectionError], verdict: Verdict, subject: str) -> CollectionError:
    attempt = "verifying it"
    return kind(subject, verdict.reason, verdict.hint, attempt=attempt, link=verdict.link)


# By whether Stripe lets the key read it, which may not be known.
_PERMISSIONS = {True: "granted", False: "missing", None: "unknown"}


OPERATION = Operation("stripe_api_key_info", SPEC, execute, (REQUESTS,), reads_only=True)
EARLIER = replace(OPERATION, execute=check_earlier)
