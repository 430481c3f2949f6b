# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Stripe Query's data sources need: the call to read each, and the permission for it.

https://docs.stripe.com/keys/restricted-api-keys; permission names are those of Stripe's 403
answers. Stripe has no call that lists a key's permissions, so each is tried.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """path: of a list call that reads it; name: as Stripe calls it in errors."""

    path: str
    name: str


BALANCE_PATH = "/v1/balance"
ACCOUNT_PATH = "/v1/account"

PERMISSIONS = {
    "balance": Permission(BALANCE_PATH, "balance_read"),
    "balance_transactions": Permission(
        "/v1/balance_transactions", "balance_transaction_source_read"
    ),
    "charges": Permission("/v1/charges", "charge_read"),
    "coupons": Permission("/v1/coupons", "coupon_read"),
    "customers": Permission("/v1/customers", "customer_read"),
    "disputes": Permission("/v1/disputes", "dispute_read"),
    "events": Permission("/v1/events", "event_read"),
    "invoices": Permission("/v1/invoices", "invoice_read"),
    "payment_intents": Permission("/v1/payment_intents", "payment_intent_read"),
    "payouts": Permission("/v1/payouts", "payout_read"),
    "plans": Permission("/v1/plans", "plan_read"),
    "prices": Permission("/v1/prices", "plan_read"),
    "products": Permission("/v1/products", "product_read"),
    "subscriptions": Permission("/v1/subscriptions", "subscription_read"),
    "transfers": Permission("/v1/transfers", "transfer_read"),
}
