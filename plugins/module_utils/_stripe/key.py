# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stripe API keys: what a key says about itself, without asking Stripe.

Kinds and prefixes: https://docs.stripe.com/keys. Stripe documents neither length nor character
set, so an unusual shape is only a warning; what cannot possibly work is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .._core.errors import ConfigurationError

SUBJECT = "Stripe API key"

# Enough for every key that Stripe ever issued (the shortest had 32 characters), and long
# enough that a fingerprint of it cannot be guessed.
MIN_LENGTH = 20

_KINDS = {
    "pk": "publishable",
    "sk": "secret",
    "rk": "restricted",
    "rkcs": "claimable_sandbox",
    "ek": "ephemeral",
    "oak": "cli_access_token",
}
_MODES = ("live", "test")
_USUAL_SHAPE = re.compile(r"(?:pk|sk|rk)_(?:test|live)_[A-Za-z0-9]{10,255}")

_NOT_A_KEY = {
    "whsec_": (
        "this is a webhook signing secret, not an API key",
        "give the restricted key from Developers > API keys in Stripe's dashboard",
    ),
    "mk_": (
        "this is the id of a managed key, not the key itself",
        "give the key's value as Stripe's dashboard shows it",
    ),
    "acct_": (
        "this is an account id, not an API key",
        "give the restricted key from Developers > API keys in Stripe's dashboard",
    ),
}

PUBLISHABLE_WARNING = (
    "The Stripe API key is a publishable key (pk_...). Stripe lets such a key read nothing, so"
    " Stripe Query will fail with secret_key_required although the vendor's guide asks for it;"
    " store a restricted key (rk_...) with read permissions instead."
)
ORGANIZATION_WARNING = (
    "The Stripe API key is an organization key (sk_org...). Stripe refuses it without the"
    " Stripe-Context and Stripe-Version headers, which Stripe Query is not known to send."
)
UNUSUAL_WARNING = (
    "The Stripe API key does not look like any kind of key that Stripe Query can use"
    " (rk_live_..., rk_test_..., sk_live_..., sk_test_...); it is stored as given."
)


@dataclass(frozen=True)
class StripeKey:
    """A key that passed parse_key().

    kind: publishable, secret, restricted, organization, claimable_sandbox, ephemeral,
          cli_access_token or unknown.
    mode: live, test or unknown.
    """

    value: str = field(repr=False)
    kind: str
    mode: str

    @property
    def masked(self) -> str:
        """The prefix and the last four characters; what lies between starts with the account."""
        prefix = "_".join(self.value.split("_")[:-1])[:8]
        return f"{prefix}_...{self.value[-4:]}" if prefix else f"...{self.value[-4:]}"

    def describe(self) -> dict[str, str]:
        """What results show of the key."""
        return {"kind": self.kind, "mode": self.mode, "masked": self.masked}

    def warning(self) -> str | None:
        """A fixed text about a key that Stripe Query probably cannot use, or None."""
        if self.kind == "organization":
            return ORGANIZATION_WARNING
        if self.kind == "publishable" or _USUAL_SHAPE.fullmatch(self.value):
            return None
        return UNUSUAL_WARNING


def parse_key(text: str) -> StripeKey:
    """The key in `text`, without the white space around it that browsers add when copying.

    Raises ConfigurationError for a value that cannot be a Stripe API key.
    """
    value = text.strip()
    if problem := _problem(value):
        reason, cure = problem
        raise ConfigurationError(SUBJECT, reason, cure)
    if value.startswith("sk_org"):
        mode = next((mode for mode in _MODES if f"_{mode}_" in value), "unknown")
        return StripeKey(value, "organization", mode)
    prefix, rest = value.split("_", 1) if "_" in value else ("", value)
    mode = next((mode for mode in _MODES if rest.startswith(f"{mode}_")), "unknown")
    return StripeKey(value, _KINDS.get(prefix, "unknown"), mode)


def resembles_key(text: str) -> bool:
    """Whether the text begins as keys do, and so may be one that was given in the wrong place."""
    prefix, rest = text.partition("_")[::2]
    return prefix in _KINDS and rest.startswith((*_MODES, "org")) and len(text) >= MIN_LENGTH


def _problem(value: str) -> tuple[str, str] | None:
    """Why the value cannot be a key, and what to do; None if it can be one."""
    copy_again = "copy it again from Stripe's dashboard"
    if not value:
        return "it is empty", "give the key, or check the variable or lookup that should hold it"
    for start, problem in _NOT_A_KEY.items():
        if value.startswith(start):
            return problem
    if "*" in value or "..." in value or "…" in value:
        return "it looks redacted", "give the full key; Stripe shows a live key only once"
    if any(character.isspace() for character in value):
        return "it contains white space", copy_again
    if not (value.isascii() and value.isprintable()):
        return "it contains control or non-ASCII characters", copy_again
    if len(value) < MIN_LENGTH:
        return f"it is shorter than {MIN_LENGTH} characters", copy_again
    return None


def publishable_key_warning(key: StripeKey, policy: str) -> str | None:
    """The warning to show for a publishable key under the policy warn, reject or allow.

    Raises ConfigurationError under `reject`.
    """
    if key.kind != "publishable" or policy == "allow":
        return None
    if policy == "reject":
        raise ConfigurationError(
            SUBJECT,
            "it is a publishable key, which cannot read anything from Stripe",
            "give a restricted key (rk_...) or set publishable_key to warn or allow",
        )
    return PUBLISHABLE_WARNING
