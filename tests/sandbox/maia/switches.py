# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test may change about the emulated API while it runs."""

from __future__ import annotations

from sandbox.maia.variants import VARIANTS, Variant


class Switches:
    token_seconds: float = 1800
    """Lifetime of the tokens issued from now on."""

    requests_per_minute: float | None = None
    """The account's budget; None: no limit."""

    retry_after_as_date: bool = False
    """Whether Retry-After is an HTTP date instead of seconds; the vendor does not say."""

    allowed_ips: set[str] | None = None
    """The account's IP allow list; None: everybody may call."""

    variant: Variant = VARIANTS["documented"]
    """How it answers where the documentation leaves that open."""
