# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals in Stripe's form. A message quotes a key only redacted."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.service import Fault
from sandbox.stripe.keys import ApiKey, redact

DOCS = "https://docs.stripe.com/error-codes"


class StripeError(Exception):
    """An answer other than 200."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        param: str = "",
        type_: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.type = type_
        self.headers = dict(headers or {})

    def body(self) -> dict[str, object]:
        error = {"message": self.message, "type": self.type}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"{DOCS}/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        return {"error": error}


def no_key() -> StripeError:
    message = (
        "You did not provide an API key. You need to provide your API key in the Authorization"
        " header, using Bearer auth."
    )
    return StripeError(401, message, headers=_CHALLENGE)


def invalid_key(value: str) -> StripeError:
    return StripeError(401, f"Invalid API Key provided: {redact(value)}", headers=_CHALLENGE)


def expired_key(value: str) -> StripeError:
    message = f"Expired API Key provided: {redact(value)}"
    return StripeError(401, message, code="api_key_expired", headers=_CHALLENGE)


def secret_key_required() -> StripeError:
    message = (
        "This API call cannot be made with a publishable API key. Please use a secret API key."
    )
    return StripeError(403, message, code="secret_key_required")


def blocked_by_policy(value: str) -> StripeError:
    """The exact words are not known."""
    message = f"The access policy of the API key {redact(value)} does not allow this request."
    return StripeError(403, message)


def missing_permission(key: ApiKey, permission: str) -> StripeError:
    message = (
        f"The provided key '{redact(key.value)}' does not have the required permissions for this"
        f" endpoint on account '{key.account}'. Having the 'rak_{permission}' permission would"
        " allow this request to continue."
    )
    return StripeError(403, message)


def no_access_to_account(key: ApiKey) -> StripeError:
    message = f"The provided key '{redact(key.value)}' does not have access to that account."
    return StripeError(403, message, code="account_invalid")


def missing_header(name: str) -> StripeError:
    """The exact words are not known."""
    return StripeError(400, f"Organization API keys require the {name} header.")


def invalid_version() -> StripeError:
    return StripeError(400, "Invalid Stripe API version.")


def invalid_limit() -> StripeError:
    message = "The limit must be an integer from 1 to 100."
    return StripeError(400, message, code="parameter_invalid_integer", param="limit")


def unrecognized_url(method: str, path: str) -> StripeError:
    return StripeError(404, f"Unrecognized request URL ({method}: {path}).")


def from_fault(fault: Fault) -> StripeError:
    headers = dict(fault.headers)
    code = fault.code
    if fault.status == 429 and code in ("", "rate_limit"):
        # A lock_timeout is a 429 too, but has no such header.
        code = "rate_limit"
        headers.setdefault("Stripe-Rate-Limited-Reason", "global-rate")
    type_ = "api_error" if fault.status >= 500 else "invalid_request_error"
    return StripeError(fault.status, fault.message, code=code, type_=type_, headers=headers)


_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Stripe"'}
