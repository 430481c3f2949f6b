# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of wrong key gets its own answer, from the sandbox's Stripe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    ConflictError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.operation import (
    OPERATION,
    UNVERIFIED_WARNING,
)
from sandbox.server import LoopbackServer
from sandbox.service import Fault, Journal
from sandbox.stripe import StripeService
from unit.fakes import FakeRuntime
from unit.keys import make_key

LIVE = "shop-analytics-production"


class Stripe:
    """A running Stripe, and the module asking it."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.service = StripeService(self.journal)
        self.server = LoopbackServer(self.service.app)
        self.runtime = FakeRuntime()

    def check(self, key: str, **options: Any) -> Outcome:
        given = {"api_key": key, "verify": True, "api_url": self.server.url, **options}
        validated = validator(OPERATION.spec).validate(given)
        assert not validated.error_messages
        outcome = OPERATION.execute(validated.validated_parameters, self.runtime)
        assert not outcome.changed
        assert key not in repr(outcome)
        return outcome

    def refuse(self, key: str, kind: type[CollectionError], **options: Any) -> str:
        with pytest.raises(kind) as refusal:
            self.check(key, **options)
        text = str(refusal.value)
        assert key not in text
        return text


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    running = Stripe()
    running.server.start()
    yield running
    running.server.stop()


def test_a_good_key_is_valid_and_its_account_is_named(stripe: Stripe) -> None:
    values = stripe.check(stripe.service.keys[LIVE], expected_mode="live").values
    assert values["verification"] == {
        "status": "valid",
        "reason": None,
        "account": stripe.service.account_of(LIVE),
    }
    assert not stripe.runtime.warnings


def test_permissions_are_tried_one_by_one(stripe: Stripe) -> None:
    key = stripe.service.add_key("few", "rk", "live", {"charge_read", "customer_read"})
    wanted = ["balance", "charges", "customers", "invoices"]
    assert stripe.check(key, permissions=wanted).values["permissions"] == {
        "balance": "missing",
        "charges": "granted",
        "customers": "granted",
        "invoices": "missing",
    }
    assert stripe.runtime.warnings == [
        "The Stripe API key lacks the permission to read balance, invoices."
    ]


def test_a_permission_that_cannot_be_tried_is_unknown(stripe: Stripe) -> None:
    stripe.journal.order(Fault("stripe", "GetCharges", 500, times=9))
    values = stripe.check(stripe.service.keys[LIVE], permissions=["charges", "events"]).values
    assert values["permissions"] == {"charges": "unknown", "events": "granted"}


def test_an_unknown_key(stripe: Stripe) -> None:
    text = stripe.refuse(make_key(), AuthenticationError)
    assert "Stripe does not know it" in text


def test_a_publishable_key(stripe: Stripe) -> None:
    key = stripe.service.add_key("public", "pk", "live", set())
    assert "publishable key" in stripe.refuse(key, AuthenticationError)
    assert "publishable key" in stripe.refuse(key, ConfigurationError, publishable_key="reject")


def test_a_live_key_where_a_test_key_is_expected(stripe: Stripe) -> None:
    text = stripe.refuse(stripe.service.keys[LIVE], ConflictError, expected_mode="test")
    assert "it is a live key where a test key is expected" in text
    assert not stripe.journal.counts()["requests"], "the prefix alone was enough"


def test_a_key_of_another_account(stripe: Stripe) -> None:
    mine, other = (
        stripe.service.account_of(LIVE),
        stripe.service.account_of("billing-insights-test"),
    )
    key = stripe.service.keys[LIVE]
    assert stripe.check(key, expected_account=mine).values["verification"]
    text = stripe.refuse(key, ConflictError, expected_account=other)
    assert f"it belongs to account {mine}, not to {other}" in text


def test_a_key_that_may_not_be_used_from_here(stripe: Stripe) -> None:
    key = stripe.service.add_key("blocked", "rk", "live", set(), status="blocked")
    verification = stripe.check(key).values["verification"]
    assert isinstance(verification, dict)
    assert verification["status"] == "unverified"
    assert stripe.runtime.warnings == [UNVERIFIED_WARNING]
    assert "access policy" in stripe.refuse(key, TransientError, on_unverified="fail")


def test_an_organization_key_wants_a_context(stripe: Stripe) -> None:
    key = stripe.service.add_key("org", "sk_org", "live", set())
    assert "set stripe_context" in stripe.refuse(key, AuthenticationError)


def test_stripe_is_down() -> None:
    stripe = Stripe()
    stripe.server.start()
    stripe.server.stop()
    values = stripe.check(make_key()).values
    assert isinstance(values["verification"], dict)
    assert "could not be reached" in values["verification"]["reason"]


@pytest.mark.parametrize("url", ["https://api.stripe.com.example.com", "http://api.stripe.com"])
def test_the_key_is_sent_nowhere_else(stripe: Stripe, url: str) -> None:
    assert "Stripe API" in stripe.refuse(make_key(), ConfigurationError, api_url=url)


def test_another_port_of_stripes_host_is_said_to_be_the_fault(stripe: Stripe) -> None:
    url = "https://api.stripe.com:9901"
    text = stripe.refuse(make_key(), ConfigurationError, api_url=url)
    assert f"the key is not sent to '{url}', of which the port or the path" in text


@pytest.mark.parametrize(
    "options", [{"expected_account": "shop"}, {"expected_account": "acct_1234", "verify": False}]
)
def test_options_that_make_no_sense(stripe: Stripe, options: dict[str, Any]) -> None:
    stripe.refuse(make_key(), ConfigurationError, **options)


@pytest.mark.parametrize("context", ["acct_1234\r\nX-Other: 1", "acct_1234\n", " acct_1234", "ä"])
def test_a_context_with_a_line_end_is_an_error_of_its_option(stripe: Stripe, context: str) -> None:
    text = stripe.refuse(stripe.service.keys[LIVE], ConfigurationError, stripe_context=context)
    assert "Option stripe_context" in text
    assert not stripe.journal.counts()["requests"]


def test_without_verify_nobody_is_asked(stripe: Stripe) -> None:
    values = stripe.check(stripe.service.keys[LIVE], verify=False, permissions=["charges"]).values
    assert values["verification"] == {"status": "not_asked", "reason": None, "account": None}
    assert values["permissions"] == {}
    assert not stripe.journal.counts()["requests"]
