# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Stripe says of a key, and what it means.

Words: code, Stripe's or HTTP's. The right of a call is "stripe_context" where that is set.

https://docs.stripe.com/api/errors
https://docs.stripe.com/error-codes
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from .._core.causes import Cause
from .._core.errors import AuthenticationError, TransientError
from .._core.network import NETWORK, UNANSWERED

_KEYS = "https://docs.stripe.com/keys"
_CONTEXT = "https://docs.stripe.com/keys/organization-api-keys"
_ERRORS = "https://docs.stripe.com/api/errors"


@dataclass(frozen=True, kw_only=True)
class KeyCause(Cause):
    """verdict: on the key, see Verdict.status."""

    verdict: str = "unverified"


_refused = partial(KeyCause, kind=AuthenticationError)
_unclear = partial(KeyCause, kind=TransientError)

NO_ANSWER = (*NETWORK, UNANSWERED)

ANSWERS = (
    _refused(
        verdict="publishable",
        codes=("secret_key_required",),
        reason="it is a publishable key, which can read nothing ({code})",
        hint="give a restricted key (rk_...) with read permissions",
        link="https://docs.stripe.com/keys/restricted-api-keys",
    ),
    _refused(
        verdict="expired",
        codes=("api_key_expired",),
        reason="it has expired or was rolled ({code})",
        hint="give the key that replaced it",
        link=_KEYS,
    ),
    _unclear(
        statuses=(401,),
        text=r"did not provide an API key|No API key",
        reason="Stripe got no key ({code})",
        hint="check any proxy on the way, which must not remove headers",
        link=_ERRORS,
    ),
    _refused(
        verdict="invalid",
        statuses=(401,),
        reason="Stripe does not know it ({code})",
        hint="copy the key again, and check that it was not deleted",
        link=_KEYS,
    ),
    _refused(
        verdict="wrong_context",
        codes=("account_invalid",),
        rights=("stripe_context",),
        reason="it may not be used for the account that stripe_context names ({code})",
        hint="correct stripe_context, or leave it out if the key is not an organization's",
        link=_CONTEXT,
    ),
    _unclear(
        statuses=(403, 404),
        rights=("stripe_context",),
        reason="Stripe does not let it be used for the account that stripe_context names, or not"
        " from this machine ({code})",
        hint="check stripe_context; if it is right, verify from an address that the key's access"
        " policy allows",
        link=_CONTEXT,
    ),
    _unclear(
        statuses=(403,),
        reason="Stripe does not let this machine use it ({code}), as by an access policy",
        hint="verify from an address that the key's access policy allows",
        link=_KEYS,
    ),
    _refused(
        verdict="needs_context",
        statuses=(400,),
        reason="Stripe wants to know for which account ({code})",
        hint="set stripe_context to the account's id, as organization keys need it",
        link=_CONTEXT,
    ),
    _unclear(
        statuses=(429,),
        reason="Stripe is busy ({code})",
        hint="run again later",
        link="https://docs.stripe.com/rate-limits",
    ),
    _unclear(
        statuses=(300, 301, 302, 303, 304, 307, 308, 404, 407),
        reason="what answered is not Stripe ({code})",
        hint="check any proxy on the way, and whether the network has a sign-in page",
        link=_ERRORS,
    ),
    _unclear(
        reason="Stripe answered {code}",
        hint="run again later",
        link="https://status.stripe.com",
    ),
)
