# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection recognizes as secret by its looks, wherever it stands.

Here and nowhere else the core, which knows no vendor, learns what a vendor's keys look like: the
Redactor masks them, and misplaced.py refuses them in options that are for something else.
"""

from __future__ import annotations

from ._stripe.recognize import holds_key
from ._stripe.shape import MASKED

MASKED_SHAPE = MASKED
KEY_NAME = "Stripe API key"

__all__ = ["KEY_NAME", "MASKED_SHAPE", "holds_key"]
