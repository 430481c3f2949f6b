# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer of Stripe's says about the key that asked. Pure.

Stripe's texts are looked at and never passed on: they quote parts of the key.
https://docs.stripe.com/api/errors
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .._core.http import TOO_MANY_REQUESTS

_ACCOUNT = re.compile(r"\bacct_[A-Za-z0-9]{4,64}\b")
_LACKS_PERMISSION = re.compile(r"does not have the required permissions|\brak_[a-z_]+\b")


@dataclass(frozen=True)
class Verdict:
    """status: valid, invalid, expired, publishable, needs_context or unverified.

    permitted: whether the call itself was allowed; None if that is not known.
    account: the account's id if the answer names it.
    live: whether the answer comes from live mode, where it says so.
    reason, cure: for a status other than valid, as parts of an error.
    """

    status: str
    permitted: bool | None = None
    account: str | None = None
    live: bool | None = None
    reason: str = ""
    cure: str = ""


def judge(status: int, body: Any, kind: str) -> Verdict:
    """The verdict on an answer with this HTTP status and parsed JSON body (None: no JSON).

    kind: what was asked for, as Stripe calls it in `object`: balance, account or list.
    """
    answer = body if isinstance(body, dict) else {}
    if status == 200:
        live = answer.get("livemode")
        identity = answer.get("id")
        is_account = isinstance(identity, str) and bool(_ACCOUNT.fullmatch(identity))
        complete = {
            "balance": isinstance(live, bool),
            "account": is_account,
            "list": isinstance(answer.get("data"), list),
        }
        if answer.get("object") != kind or not complete[kind]:
            return Verdict(
                "unverified",
                reason="the answer is not Stripe's, although its HTTP status is 200",
                cure="check any proxy between this machine and Stripe, and run again",
            )
        return Verdict(
            "valid",
            permitted=True,
            account=str(identity) if is_account else None,
            live=live if isinstance(live, bool) else None,
        )
    details = answer.get("error")
    error = details if isinstance(details, dict) else {}
    return _refused(status, str(error.get("code") or ""), str(error.get("message") or ""))


def _refused(status: int, code: str, message: str) -> Verdict:
    if code == "secret_key_required":
        return Verdict(
            "publishable",
            reason="it is a publishable key, which can read nothing (secret_key_required)",
            cure="give a restricted key (rk_...) with read permissions",
        )
    if status == 401 and code == "api_key_expired":
        return Verdict(
            "expired",
            reason="it has expired or was rolled (api_key_expired)",
            cure="give the key that replaced it",
        )
    if status == 401:
        return Verdict(
            "invalid",
            reason="Stripe does not know it (HTTP 401)",
            cure="copy the key again, and check that it was not deleted",
        )
    account = _ACCOUNT.search(message)
    if status == 403 and _LACKS_PERMISSION.search(message):
        # Only a key that is alive is told which permission it lacks.
        return Verdict("valid", permitted=False, account=account[0] if account else None)
    if status == 403:
        return Verdict(
            "unverified",
            reason="Stripe does not let this machine use it (HTTP 403), as by an access policy",
            cure="verify from an address that the key's access policy allows",
        )
    if status == 400:
        return Verdict(
            "needs_context",
            reason="Stripe wants to know for which account (HTTP 400)",
            cure="set stripe_context to the account's id, as organization keys need it",
        )
    if status == TOO_MANY_REQUESTS:
        return Verdict("unverified", reason="Stripe is busy (HTTP 429)", cure="run again later")
    return Verdict(
        "unverified", reason=f"Stripe answered HTTP {status}", cure="run again in a while"
    )
