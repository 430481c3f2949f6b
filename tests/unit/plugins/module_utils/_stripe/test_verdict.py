# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Stripe's answers say about a key: the decision table."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.verdict import judge
from unit.keys import random_text

ACCOUNT = f"acct_{'1A' * 8}"
LACKS = (
    f"The provided key does not have the required permissions for this endpoint on account"
    f" '{ACCOUNT}'. Having the 'rak_balance_read' permission would allow this request to continue."
)


def error(code: str = "", message: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "type": "invalid_request_error"}}


@pytest.mark.parametrize(
    ("status", "body", "verdict", "permitted", "account", "live"),
    [
        pytest.param(401, error(), "invalid", None, None, None, id="unknown key"),
        pytest.param(401, None, "invalid", None, None, None, id="unknown key, no JSON"),
        pytest.param(401, error("api_key_expired"), "expired", None, None, None, id="expired"),
        pytest.param(
            403, error("secret_key_required"), "publishable", None, None, None, id="publishable"
        ),
        pytest.param(
            401,
            error("secret_key_required"),
            "publishable",
            None,
            None,
            None,
            id="publishable, as in 2016",
        ),
        pytest.param(403, error("", LACKS), "valid", False, ACCOUNT, None, id="lacks a right"),
        pytest.param(
            403, error("", "Not from here."), "unverified", None, None, None, id="access policy"
        ),
        pytest.param(400, error(), "needs_context", None, None, None, id="organization key"),
        pytest.param(429, error("rate_limit"), "unverified", None, None, None, id="busy"),
        pytest.param(500, None, "unverified", None, None, None, id="failing"),
        pytest.param(302, None, "unverified", None, None, None, id="a redirect"),
        pytest.param(403, {"error": "text"}, "unverified", None, None, None, id="odd JSON"),
        pytest.param(403, ["odd"], "unverified", None, None, None, id="odder JSON"),
    ],
)
def test_verdicts(
    status: int,
    body: Any,
    verdict: str,
    permitted: bool | None,
    account: str | None,
    live: bool | None,
) -> None:
    found = judge(status, body, "balance")
    assert (found.status, found.permitted, found.account, found.live) == (
        verdict,
        permitted,
        account,
        live,
    )
    assert bool(found.reason) == bool(found.hint) == (verdict != "valid")


BALANCE = {"object": "balance", "livemode": True}
IDENTITY = {"object": "account", "id": ACCOUNT}


def test_good_answers() -> None:
    assert judge(200, BALANCE, "balance").live is True
    assert judge(200, IDENTITY, "account").account == ACCOUNT
    found = judge(200, {"object": "list", "data": []}, "list")
    assert (found.status, found.permitted, found.live) == ("valid", True, None)


@pytest.mark.parametrize("kind", ["balance", "account", "list"])
@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"status": "ok"},
        {"livemode": True},
        {"object": "balance"},
        {"object": "balance", "livemode": "true"},
        {"object": "account"},
        {"object": "account", "id": "ch_123456"},
        {"object": "list"},
        {"object": ["list"], "data": []},
        {"error": {}},
    ],
)
def test_an_answer_that_is_not_stripes_proves_nothing(kind: str, body: Any) -> None:
    found = judge(200, body, kind)
    assert (found.status, found.permitted, found.live) == ("unverified", None, None)
    assert "the answer is not Stripe's" in found.reason


def test_stripes_words_are_never_passed_on() -> None:
    for status in (400, 401, 403, 429, 500):
        quoted = random_text()
        assert quoted not in repr(judge(status, error("some_code", f"Invalid: {quoted}"), "list"))
