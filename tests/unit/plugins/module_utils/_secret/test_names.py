# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The warning about names that look like ARNs."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._secret.options import (
    arn_suffix_warning,
)


@pytest.mark.parametrize("name", ["stripe-abcdef", "shop/stripe-A1b2C3", "x-000000"])
def test_a_hyphen_and_six_characters_at_the_end_are_warned_of(name: str) -> None:
    warning = arn_suffix_warning(name)
    assert warning is not None
    assert f"'{name}'" in warning


@pytest.mark.parametrize(
    "name", ["stripe", "stripe-abcde", "stripe-abcdefg", "stripe_abcdef", "abcdef-", "a-b_cdef1"]
)
def test_other_names_are_fine(name: str) -> None:
    assert arn_suffix_warning(name) is None
