# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for secret names that hold whatever the vault."""

from __future__ import annotations

import re

# AWS adds a hyphen and six characters to a secret's ARN, so such a name can be mistaken for
# another secret's ARN; Maia repeats the advice for definitions.
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_LIKE_ARN_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")


def arn_suffix_warning(name: str) -> str | None:
    """A warning for a name that ends in a hyphen and six characters, or None."""
    if _LIKE_ARN_SUFFIX.search(name) is None:
        return None
    return (
        f"The name '{name}' ends in a hyphen and six characters, like the suffix of an AWS"
        " secret's ARN; AWS and Maia advise against such names because look-ups by partial ARN"
        " can find the wrong secret."
    )
