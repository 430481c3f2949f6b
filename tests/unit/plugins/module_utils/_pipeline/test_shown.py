# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is a name and may be shown, and what may be a key."""

from __future__ import annotations

import random
import string

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import PLACEHOLDER
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.shown import shown
from unit.keys import make_key


@pytest.mark.parametrize(
    "name",
    [
        *("old", "a", "EU", "v2", "stripe_production", "stripe-prod-2024-11-28", "STRIPE_LIVE_KEY"),
        *(
            "stripeProductionEU2024",
            "MyCompanyStripeKeyForProductionEnvironment",
            "API Key",
            "OAuth",
        ),
        *("stripe_(old)", "2024-stripe-key", "stripe_acct_1032", "internationaliz", "OAuth"),
    ],
)
def test_a_name_is_shown(name: str) -> None:
    assert shown(name) == name


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_nothing(nothing: str | None) -> None:
    assert shown(nothing) == nothing


@pytest.mark.parametrize(
    ("alphabet", "length"),
    [
        (string.ascii_letters + string.digits, 24),
        (string.ascii_letters + string.digits, 99),
        (string.ascii_letters, 48),
        (string.ascii_lowercase, 16),
        (string.ascii_uppercase + "234567", 32),
        (string.digits + "abcdef", 32),
        (string.digits + "abcdef-", 36),
        (string.ascii_letters + string.digits + "-_", 43),
        (string.ascii_letters + string.digits + "+/", 40),
    ],
)
def test_what_is_random_is_not_shown(alphabet: str, length: int) -> None:
    """Not a proof: of 300, none. The same ones each time."""
    source = random.Random(f"{alphabet} {length}")
    for _number in range(300):
        assert shown("".join(source.choices(alphabet, k=length))) == PLACEHOLDER


def test_what_has_a_keys_form_is_not_shown_even_if_made_of_words() -> None:
    kind, mode, _text = make_key().split("_")
    assert shown("_".join((kind, mode, "abcdefghij"))) == PLACEHOLDER


@pytest.mark.parametrize("text", ["old\nname", "name\t", "na\u0308me", "p@ssword", "a" * 16])
def test_what_maia_would_not_take_or_no_word_is_is_not_shown(text: str) -> None:
    assert shown(text) == PLACEHOLDER
