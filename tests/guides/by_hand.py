# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An estate that somebody made by hand, for the guide about it: python -m guides.by_hand"""

from __future__ import annotations

import os

from integration.python.estates import Estate, labelled
from sandbox.client import SandboxClient


def main() -> None:
    services = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    # As the guide's inventory has them; all else comes from the environment.
    estate = Estate(
        {
            "authorize_maia": {"region": "eu1"},
            "authorize_aws": {"region": "eu-west-1"},
            "authorize_azure": {"vault_name": "demo-vault"},
        }
    )
    shop, billing = "Shop Analytics", "Billing Insights"
    key = services.key("shop-analytics-production")
    estate.aws("prod/payments", labelled(stripe=key, paypal="other"))
    estate.definition(shop, "payments", "prod/payments", "stripe")
    estate.aws("test/stripe", services.key("shop-analytics-test"))
    estate.override(shop, "payments", "test", "test/stripe")
    estate.aws("prod/openai", "no key of Stripe")
    estate.definition(shop, "openai", "prod/openai")
    estate.azure("billing-stripe", services.key("billing-insights-production"))
    estate.definition(billing, "stripe_billing", "billing-stripe")
    estate.definition(billing, "stripe_old", "billing-stripe-old")


if __name__ == "__main__":
    main()
