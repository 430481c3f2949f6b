# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be encoded is refused before anything is done with it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import Redactor
from ansible_collections.maia.stripe_query.plugins.module_utils._core.text import check_texts

HALF = "a\udc00b"


@pytest.mark.parametrize(
    "value", [HALF, [HALF], {"a": HALF}, {HALF: "a"}, {"a": [{"b": ("c", HALF)}]}]
)
def test_half_of_a_pair_is_refused_at_any_depth(value: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_texts({"fine": "text", "tags": value})
    refusal = "Option tags: it holds half of a surrogate pair, which is no character"
    assert str(refused.value) == f"{refusal}; give text in Unicode."


@pytest.mark.parametrize("value", ["", "\0\n", "🔑", "\u202e", None, 7, True, ["a"], {"a": None}])
def test_all_else_is_not(value: Any) -> None:
    check_texts({"tags": value})


def test_it_is_masked_all_the_same() -> None:
    redactor, secret = Redactor(), f"secret{HALF}secret"
    redactor.protect(secret)
    assert secret not in redactor.mask(f"before {secret} after")
