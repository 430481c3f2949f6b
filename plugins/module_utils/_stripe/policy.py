# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do with kinds of keys that can be stored but should not be."""

from __future__ import annotations

from collections.abc import Mapping

from .._core.errors import ConfigurationError
from .key import SUBJECT, StripeKey

# A warning comes with every run, so it says how to silence it.
PUBLISHABLE_WARNING = (
    "The Stripe API key is a publishable key (pk_...). Stripe lets such a key read nothing, so"
    " Stripe Query will fail with secret_key_required although the vendor's guide asks for it;"
    " store a restricted key (rk_...), or silence this with on_publishable_key=allow."
)
SECRET_WARNING = (
    "The Stripe API key is unrestricted (sk_...). Store a restricted key (rk_...), or silence this"
    " with on_secret_key=allow."
)


# For each kind the warning, and the refusal; the option on_<kind>_key says what to do.
_KINDS = {
    "publishable": (
        PUBLISHABLE_WARNING,
        (
            "it is a publishable key, which cannot read anything from Stripe",
            "give a restricted key (rk_...) or set on_publishable_key to warn or allow",
        ),
    ),
    "secret": (
        SECRET_WARNING,
        (
            "it is an unrestricted key (sk_...), which has full access to the account",
            "give a restricted key (rk_...) or set on_secret_key to warn or allow",
        ),
    ),
}

# Whatever follows, as in an organization's key or in one of an unknown kind, and in any case.
_PREFIXES = {"pk_": "publishable", "sk_": "secret"}


def kind_with_policy(key: StripeKey) -> str | None:
    """Which option is about the key; None if there is none."""
    return _PREFIXES.get(key.value[:3].lower())


def warning_of_kind(kind: str | None, policies: Mapping[str, str]) -> str | None:
    """The warning to show for a key of this kind, see kind_with_policy(), or None.

    policies: warn, reject or allow, for each kind of key that has such a choice.
    Raises ConfigurationError under `reject`.
    """
    if kind is None or policies[kind] == "allow":
        return None
    warning, refusal = _KINDS[kind]
    if policies[kind] == "reject":
        raise ConfigurationError(SUBJECT, *refusal)
    return warning
