# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key-shaped texts for tests, made at run time: no file may hold anything like a key."""

from __future__ import annotations

import secrets
import string

from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import (
    StripeKey,
    parse_key,
)

_ALPHABET = string.ascii_letters + string.digits


def random_text(length: int = 24) -> str:
    return "".join(secrets.choice(_ALPHABET) for _index in range(length))


def make_key(kind: str = "rk", mode: str = "live", length: int = 32) -> str:
    """Like one of Stripe's: kind, mode and random letters and digits."""
    return "_".join((kind, mode, random_text(length)))


def new_key(kind: str = "rk", mode: str = "live") -> StripeKey:
    return parse_key(make_key(kind, mode))
