# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer of Stripe's says about the key that asked. Pure.

Stripe's texts are looked at and never passed on: they quote parts of the key.
https://docs.stripe.com/api/errors
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._core.causes import Cause, Said, explain
from .causes import ANSWERS, KeyCause

_ACCOUNT = re.compile(r"\bacct_[A-Za-z0-9]{4,64}\b")
# What says more than that a permission is missing.
_NOT_RIGHTS = ("secret_key_required",)
_LACKS_PERMISSION = re.compile(r"does not have the required permissions|\brak_[a-z_]+\b")


@dataclass(frozen=True)
class Verdict:
    """status: valid, invalid, expired, publishable, needs_context, wrong_context or unverified.

    permitted: whether the call itself was allowed; None if that is not known.
    account: the account's id if the answer names it.
    live: whether the answer comes from live mode, where it says so.
    reason, hint, link: for a status other than valid, as parts of an error.
    """

    status: str
    permitted: bool | None = None
    account: str | None = None
    live: bool | None = None
    reason: str = ""
    hint: str = ""
    link: str | None = None


def judge(status: int, body: Any, kind: str, context: str | None = None) -> Verdict:
    """The verdict on an answer with this HTTP status and parsed JSON body (None: no JSON).

    kind: what was asked for, as Stripe calls it in `object`: balance, account or list.
    context: the account that was named with it.
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
                hint="check any proxy between this machine and Stripe, and run again",
            )
        return Verdict(
            "valid",
            permitted=True,
            account=str(identity) if is_account else None,
            live=live if isinstance(live, bool) else None,
        )
    details = answer.get("error")
    error = details if isinstance(details, dict) else {}
    return _refused(status, str(error.get("code") or ""), str(error.get("message") or ""), context)


def _refused(status: int, code: str, message: str, context: str | None) -> Verdict:
    account = _ACCOUNT.search(message)
    if status == 403 and code not in _NOT_RIGHTS and _LACKS_PERMISSION.search(message):
        # Stripe names the missing permission only for a valid key.
        return Verdict("valid", permitted=False, account=account[0] if account else None)
    right = "stripe_context" if context else ""
    said = Said(codes=[code], status=status, text=message, right=right)
    known = any(code in cause.codes for cause in ANSWERS)
    return verdict_for(ANSWERS, said, {"code": code if known else f"HTTP {status}"})


def verdict_for(table: Sequence[Cause], said: Said, words: Mapping[str, str]) -> Verdict:
    """The verdict of the first row that fits; the table's last row fits everything."""
    found = explain(table, said, words)
    status = found.cause.verdict if isinstance(found.cause, KeyCause) else "unverified"
    return Verdict(status, reason=found.reason, hint=found.hint, link=found.cause.link or None)
