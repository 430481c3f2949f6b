# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Stripe API keys look like. The one statement of it: to take a key, to mask it, to refuse it.

Kinds and prefixes: https://docs.stripe.com/keys and the Stripe CLI's pkg/validators/validate.go.
"""

from __future__ import annotations

import re

KINDS = {
    "pk": "publishable",
    "sk": "secret",
    "rk": "restricted",
    "rkcs": "claimable_sandbox",
    "ek": "ephemeral",
    "oak": "cli_access_token",
}
MODES = ("live", "test")

_PREFIXED = rf"(?:{'|'.join(KINDS)})_(?:{'|'.join(MODES)}|prod)"
_ORGANIZATION = rf"sk_org(?:_(?:{'|'.join(MODES)}))?"
# A webhook's secret is no key, but as secret as one.
_PREFIX = rf"(?:{_PREFIXED}|{_ORGANIZATION}|whsec)"
_START = r"(?<![A-Za-z0-9])"

# For masking: so few characters that parts of a key are masked, too.
MASKED = re.compile(rf"{_START}{_PREFIX}_[A-Za-z0-9]{{8,}}")
# For refusing: names such as sk_test_shop stay possible. The shortest keys that Stripe is known to
# have issued have 24 characters after the prefix; scanners look for 20 or more. Without a mode, as
# in keys of Stripe's first years, more is asked for.
RECOGNIZED = re.compile(
    rf"{_START}(?:(?i:{_PREFIX})_[A-Za-z0-9]{{20,}}|(?:pk|sk|rk)_[A-Za-z0-9]{{24,}})"
    # With a letter before it, as in "old" and a key. Names such as risk_test_europe stay possible.
    rf"|(?<=[A-Za-z0-9])(?i:{_PREFIXED})_(?=[A-Za-z]*[0-9])[A-Za-z0-9]{{24,}}"
)
# A text of ASCII with fewer characters holds none to recognize, in whatever encoding.
FEWEST = 26
# For taking one: the prefix as shown to people, and the secret part.
KEY = re.compile(
    rf"(?P<prefix>(?P<kind>{'|'.join(KINDS)})_(?P<mode>{'|'.join(MODES)})|{_ORGANIZATION})"
    r"_(?P<secret>[A-Za-z0-9]+)"
)
# The same with something before it that is no part of a key, which RECOGNIZED takes for a name. Its
# last character is enough: to look for all of it takes seconds in a long text.
GLUED = re.compile(rf"[A-Za-z0-9](?i:{_PREFIX})_[A-Za-z0-9]{{8,}}")
# What GLUED would take apart: rkcs_live_ has no rubbish before it.
WHOLE = re.compile(rf"(?i:{_PREFIX})_[A-Za-z0-9]+")
