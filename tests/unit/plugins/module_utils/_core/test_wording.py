# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which known name is taken for the one that was meant."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.wording import nearest

ENVIRONMENTS = ("test", "production")
VARIABLES = ("audit_fail", "audit_ignore", "audit_junit")


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("tset", ENVIRONMENTS, "test"),
        ("prodution", ENVIRONMENTS, "production"),
        ("PRODUCTION", ENVIRONMENTS, "production"),
        ("prod", ENVIRONMENTS, "production"),
        ("awz", ("aws", "azure"), "aws"),
        ("audit_ignroe", VARIABLES, "audit_ignore"),
        ("nonexist", ENVIRONMENTS, None),
        ("qa", ENVIRONMENTS, None),
        # Their prefix is all that they have in common.
        ("audit_since", VARIABLES, None),
        # Either could be meant.
        ("prod", ("production_eu", "production_us"), None),
        ("", ENVIRONMENTS, None),
    ],
)
def test_only_a_similar_name_is_suggested(
    name: str, known: tuple[str, ...], meant: str | None
) -> None:
    expected = "check it" if meant is None else f"perhaps {meant} is meant"
    assert nearest(name, known, "check it") == expected


def test_without_one_the_first_known_names_are_told() -> None:
    assert nearest("x", ("d", "c", "b", "a")) == "there are a, b, c and 1 more"
