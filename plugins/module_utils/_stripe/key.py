# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stripe API keys: what a key says about itself, without asking Stripe.

What is no key is refused, with what was probably meant. Stripe documents neither length nor
character set, so that a key of an unknown kind can be allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .._core.errors import ConfigurationError
from .not_a_key import COPY_AGAIN, Meaning, other_than_key
from .shape import KEY, KINDS, MODES

SUBJECT = "Stripe API key"

# Enough for every key that Stripe ever issued (the shortest had 32 characters), and long
# enough that a fingerprint of it cannot be guessed.
MIN_LENGTH = 20
# Of what comes after the prefix: 24 in old keys and 99 in new ones, which Stripe does not document;
# scanners look for 20 to 247.
_LENGTHS = range(20, 256)

ORGANIZATION_WARNING = (
    "The Stripe API key is an organization key (sk_org...). Stripe refuses it without the"
    " Stripe-Context and Stripe-Version headers, which Stripe Query is not known to send."
)
UNUSUAL_WARNING = (
    "The Stripe API key is of no kind that Stripe Query can use (rk_live_..., rk_test_...,"
    " sk_live_..., sk_test_...); it is stored as given."
)
_USABLE = ("restricted", "secret", "publishable")

# Of the characters that are secret, no more than one in this many is shown.
_SHOWN_OF = 5
_SHOWN = 4


@dataclass(frozen=True)
class StripeKey:
    """A key that passed parse_key().

    kind: publishable, secret, restricted, organization, claimable_sandbox, ephemeral,
          cli_access_token or unknown.
    mode: live, test or unknown.
    prefix: what says that, such as rk_live; empty for an unknown kind.
    """

    value: str = field(repr=False)
    kind: str
    mode: str
    prefix: str = ""

    @property
    def masked(self) -> str:
        """The prefix and the last four characters, fewer of a short key.

        What lies between starts with the account.
        """
        secret = self.value.removeprefix(f"{self.prefix}_")
        end = secret[-min(_SHOWN, len(secret) // _SHOWN_OF) :]
        return f"{self.prefix}_...{end}" if self.prefix else f"...{end}"

    def describe(self) -> dict[str, str]:
        """What results show of the key."""
        return {"kind": self.kind, "mode": self.mode, "masked": self.masked}

    def warning(self) -> str | None:
        """A fixed text about a key that Stripe Query probably cannot use, or None."""
        if self.kind == "organization":
            return ORGANIZATION_WARNING
        return None if self.kind in _USABLE else UNUSUAL_WARNING


def parse_key(text: str, *, allow_unknown: bool = False) -> StripeKey:
    """The key in `text`, without the white space around it that browsers add when copying.

    allow_unknown: take a key of a kind or a length that is not known as well.
    Raises ConfigurationError for a value that cannot be a Stripe API key.
    """
    value = text.strip()
    problem = _problem(value)
    known = KEY.fullmatch(value)
    if not problem and not known and not allow_unknown:
        problem = (
            "it is of no kind of key that Stripe is known to issue",
            f"{COPY_AGAIN}, or set allow_unknown_key to true if it is a new kind",
        )
    if not problem and known and not allow_unknown:
        problem = _unusual_length(known["prefix"], len(known["secret"]))
    if problem:
        raise ConfigurationError(SUBJECT, *problem)
    if not known:
        return StripeKey(value, "unknown", "unknown")
    prefix = known["prefix"]
    mode = next((mode for mode in MODES if prefix.endswith(f"_{mode}")), "unknown")
    return StripeKey(value, KINDS.get(known["kind"], "organization"), mode, prefix)


def _unusual_length(prefix: str, length: int) -> Meaning | None:
    """A double click or a narrow column gives a part of a key, a script several in one."""
    if length in _LENGTHS:
        return None
    looks = "cut off" if length < _LENGTHS.start else "to have something behind it"
    return (
        f"it looks {looks}: {length} characters come after {prefix}_, where keys have"
        f" {_LENGTHS.start} to {_LENGTHS.stop - 1}",
        f"{COPY_AGAIN}, or set allow_unknown_key to true if it is the whole key",
    )


def _problem(value: str) -> Meaning | None:
    """Why the value cannot be a key, and what to do; None if it can be one."""
    if not value:
        return "it is empty", "give the key, or check the variable or lookup that should hold it"
    if other := other_than_key(value):
        return other
    if len(value) < MIN_LENGTH:
        return f"it is shorter than {MIN_LENGTH} characters", COPY_AGAIN
    return None
