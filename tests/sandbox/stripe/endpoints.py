# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints that can be read, with the permission that a restricted key needs for each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    path: str
    operation: str
    permission: str


BALANCE = Endpoint("/v1/balance", "GetBalance", "balance_read")
ACCOUNT = Endpoint("/v1/account", "GetAccount", "accounts_kyc_basic_read")

LISTS = (
    Endpoint(
        "/v1/balance_transactions", "GetBalanceTransactions", "balance_transaction_source_read"
    ),
    Endpoint("/v1/charges", "GetCharges", "charge_read"),
    Endpoint("/v1/coupons", "GetCoupons", "coupon_read"),
    Endpoint("/v1/customers", "GetCustomers", "customer_read"),
    Endpoint("/v1/disputes", "GetDisputes", "dispute_read"),
    Endpoint("/v1/events", "GetEvents", "event_read"),
    Endpoint("/v1/invoices", "GetInvoices", "invoice_read"),
    Endpoint("/v1/payment_intents", "GetPaymentIntents", "payment_intent_read"),
    Endpoint("/v1/payouts", "GetPayouts", "payout_read"),
    Endpoint("/v1/plans", "GetPlans", "plan_read"),
    Endpoint("/v1/prices", "GetPrices", "plan_read"),
    Endpoint("/v1/products", "GetProducts", "product_read"),
    Endpoint("/v1/subscriptions", "GetSubscriptions", "subscription_read"),
    Endpoint("/v1/transfers", "GetTransfers", "transfer_read"),
)

# What a restricted key for loading data has: every list and the balance, not the account.
READ_PERMISSIONS = frozenset({BALANCE.permission, *(e.permission for e in LISTS)})
