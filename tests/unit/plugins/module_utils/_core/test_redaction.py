# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masking what may have got into a text."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._core import (
    redaction as redaction_module,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import PLACEHOLDER
from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import (
    Redactor,
    encoded_forms,
)
from unit.fakes import forbidden
from unit.keys import make_key, random_text

AWKWARD = f"p+s/s w\"o'r\\d&\u00e9{random_text(8)}"


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    for secret in secrets:
        made.protect(secret)
    return made


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(AWKWARD, id="as it is"),
        pytest.param(json.dumps({"k": AWKWARD}), id="in JSON"),
        pytest.param(quote(AWKWARD, safe=""), id="in a path"),
        pytest.param(urlencode({"k": AWKWARD}), id="in a form"),
        pytest.param(quote_plus(AWKWARD), id="in a query"),
        pytest.param(repr(AWKWARD), id="as Python shows it"),
        pytest.param(repr({"k": [AWKWARD]}), id="in a Python dict"),
        pytest.param(
            "SET X = '" + AWKWARD.replace("\\", "\\\\").replace("'", "''") + "'", id="SQL"
        ),
        pytest.param(base64.b64encode(AWKWARD.encode()).decode(), id="in Base64"),
        pytest.param(base64.b64encode(f"{AWKWARD}:".encode()).decode(), id="Basic authentication"),
        pytest.param(AWKWARD.encode().hex(), id="in hexadecimal"),
    ],
)
def test_every_usual_encoding_is_masked(text: str) -> None:
    masked = redactor(AWKWARD).mask(f"before {text} after")
    assert PLACEHOLDER in masked
    assert AWKWARD[-8:] not in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=6))
def test_each_form_of_any_secret_is_masked_completely(secret: str) -> None:
    made = redactor(secret)
    for form in encoded_forms(secret):
        assert made.mask(form) == PLACEHOLDER


@pytest.mark.parametrize("kind", ["sk", "rk", "pk", "ek", "rkcs", "oak", "sk_org"])
@pytest.mark.parametrize("mode", ["live", "test"])
def test_what_looks_like_a_stripe_key_is_masked_unasked(kind: str, mode: str) -> None:
    key = make_key(kind, mode)
    assert Redactor().mask(f"Invalid: '{key}'.") == f"Invalid: '{PLACEHOLDER}'."


def test_webhook_secrets_are_masked_unasked() -> None:
    assert Redactor().mask("whsec_" + random_text()) == PLACEHOLDER


@pytest.mark.parametrize(
    "text",
    [
        "a risk_live_assessment",
        "rk_live_...4242",
        "task_test_results",
        "sk_live_",
        "Shop",
        "",
        "maia.stripe_query v1:s.0123456789abcdef",
        "stripe/shop/production",
    ],
)
def test_innocent_text_is_untouched(text: str) -> None:
    assert redactor(random_text()).mask(text) == text


def test_short_values_are_not_masked_everywhere() -> None:
    assert redactor("", "a", "12345").mask("a 12345 b") == "a 12345 b"


def test_a_secret_inside_another_leaves_nothing_behind() -> None:
    inner = random_text()
    outer = f"{inner}{random_text()}"
    assert redactor(inner, outer).mask(f"<{outer}> <{inner}>") == f"<{PLACEHOLDER}> <{PLACEHOLDER}>"


def test_secrets_side_by_side_are_masked_one_by_one() -> None:
    many = [random_text() for _number in range(3)]
    text = redactor(*many).mask(f"{many[0]}{many[1]} x{many[2]}x {many[0]}")
    assert text == f"{PLACEHOLDER}{PLACEHOLDER} x{PLACEHOLDER}x {PLACEHOLDER}"


def test_nested_data_and_keys_are_masked_and_the_rest_kept() -> None:
    secret = random_text()
    data = {
        f"x{secret}": [secret, (secret, 1), {"deep": f"a {secret} b"}],
        "number": 7,
        "none": None,
        "flag": True,
    }
    assert redactor(secret).mask_data(data) == {
        f"x{PLACEHOLDER}": [PLACEHOLDER, [PLACEHOLDER, 1], {"deep": f"a {PLACEHOLDER} b"}],
        "number": 7,
        "none": None,
        "flag": True,
    }


def test_equal_strings_of_data_are_masked_wherever_they_stand() -> None:
    secret = random_text(20)
    masked = redactor(secret).mask_data([secret, {secret: [secret, "safe"], "safe": (secret, 1)}])
    hidden = PLACEHOLDER
    assert masked == [hidden, {hidden: [hidden, "safe"], "safe": [hidden, 1]}]


def test_a_secret_that_is_met_later_is_masked_in_the_next_data() -> None:
    secret = random_text(20)
    made = Redactor()
    assert made.mask_data([secret]) == [secret]
    made.protect(secret)
    assert made.mask_data([secret]) == [PLACEHOLDER]


def test_a_secret_that_is_known_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = random_text(20)
    made = redactor(secret)
    monkeypatch.setattr(redaction_module, "encoded_forms", forbidden)
    made.protect(secret)
    assert made.mask(secret) == PLACEHOLDER


@pytest.mark.parametrize("kept", [16, 17, 24, 39])
@pytest.mark.parametrize("form", range(len(list(encoded_forms("x")))))
def test_the_beginning_of_a_secret_is_masked_where_a_text_was_cut(form: int, kept: int) -> None:
    secret = random_text(40)
    cut = list(encoded_forms(secret))[form][:kept]
    assert redactor(secret).mask(f"it said '{cut}'; do it") == f"it said '{PLACEHOLDER}'; do it"
    assert redactor(secret).mask(f"it said {cut}") == f"it said {PLACEHOLDER}"


def test_of_two_secrets_that_begin_alike_the_longer_part_is_masked() -> None:
    begin, one, other = random_text(16), random_text(20), random_text(20)
    made = redactor(begin + one, begin + other)
    assert made.mask(f"<{begin}{other[:-3]}>") == f"<{PLACEHOLDER}>"


def test_a_beginning_of_few_characters_is_left_alone() -> None:
    secret = random_text(40)
    assert redactor(secret).mask(secret[:15]) == secret[:15]
