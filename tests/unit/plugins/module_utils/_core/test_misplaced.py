# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a key may stand, and how the place of another one is named."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.misplaced import (
    check_misplaced,
)
from unit.keys import make_key, random_text

KEY = make_key()
UNKNOWN = random_text(40)
PART = ArgumentSpec(
    options={"api_key": {}, "tags": {"type": "dict"}}, for_keys=frozenset({"api_key"})
)
SPEC = ArgumentSpec(
    options={"api_key": {}, "text": {}, "family": {}, "families": {}, "later": {}},
    parts={"family": PART, "families": PART, "later": PART},
    for_keys=frozenset({"api_key"}),
    checked_apart=frozenset({"later"}),
)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"api_key": KEY, "text": None},
        {"api_key": [KEY]},
        {"family": {"api_key": KEY}},
        {"families": [{"api_key": KEY}]},
        {"later": [{"tags": {"a": KEY}}]},
        {"text": "rk_live_shop", "api_key": KEY},
        {"text": 5, "family": {"tags": {1: True, "a": 2.5}}},
        # So short that it may stand elsewhere by chance.
        {"api_key": "stripe", "text": "stripe/shop"},
    ],
)
def test_a_key_may_be_where_keys_belong(params: dict[str, Any]) -> None:
    check_misplaced(SPEC, params)


@pytest.mark.parametrize(
    ("params", "subject"),
    [
        ({"text": KEY}, "Option text"),
        ({"text": f"\n {KEY}\t"}, "Option text"),
        ({"text": ["a", ("b", {"c": KEY})]}, "Option text.c"),
        ({"text": {"a": {KEY: 1}}}, "Option text.a"),
        ({"family": {"tags": {"a.b": KEY}}}, "Option family.tags.a.b"),
        ({"families": [{}, {"tags": {KEY: "x"}}]}, "Option families.tags"),
        ({"family": {"api_kye": KEY}}, "Option family.api_kye"),
        ({"family": {KEY: 1}}, "Option family"),
        ({"family": KEY}, "Option family"),
        ({"families": [KEY]}, "Option families"),
        ({KEY: 1}, "An option's name"),
        # Of no kind that can be recognized, but it is the one that was given as the key.
        ({"api_key": UNKNOWN, "text": f"a {UNKNOWN}"}, "Option text"),
        ({"family": {"api_key": UNKNOWN + "\n"}, "text": UNKNOWN}, "Option text"),
    ],
)
def test_anywhere_else_it_is_refused_by_the_place_and_not_shown(
    params: dict[str, Any], subject: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_misplaced(SPEC, params)
    assert refused.value.subject == subject
    assert KEY not in str(refused.value)
    assert UNKNOWN not in str(refused.value)
    assert refused.value.hint == "take the key out; only api_key takes one"


def test_where_no_option_takes_a_key_the_error_says_so() -> None:
    with pytest.raises(ConfigurationError, match="no option here takes one"):
        check_misplaced(ArgumentSpec(options={"text": {}}), {"text": KEY})
    whole = ArgumentSpec(options={"x": {}, "family": {}}, parts={"family": PART})
    with pytest.raises(ConfigurationError, match="only api_key takes one"):
        check_misplaced(whole, {"x": KEY})
