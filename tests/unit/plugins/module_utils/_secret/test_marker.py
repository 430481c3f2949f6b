# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our marker in a free text."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.marker import (
    OWNER,
    MarkedText,
)

FINGERPRINT = Fingerprint.of("x", resource="here", salt=new_salt())
SINCE = datetime(2026, 3, 31, 12, 0, 1, tzinfo=UTC)
FREE_TEXTS = st.text().filter(lambda text: f"[{OWNER}" not in text)


@given(FREE_TEXTS, st.sampled_from([None, FINGERPRINT]), st.sampled_from([None, SINCE]))
def test_a_marked_text_can_be_read_back(
    text: str, fingerprint: Fingerprint | None, since: datetime | None
) -> None:
    marked = MarkedText(text, True, fingerprint, 4, since)
    assert MarkedText.parse(str(marked)) == marked


def test_release_1_0_0_knows_a_text_with_a_moment_for_ours() -> None:
    """Its fingerprint counts as none there, so that the value is written again."""
    former = re.compile(
        r"(?P<text>.*?) ?\[maia\.stripe_query"
        r"(?: (?P<fingerprint>v1:[^\] ]*))?(?: value_version=(?P<value_version>\d{1,19}))?\]",
        re.DOTALL,
    )
    for fingerprint in (None, FINGERPRINT):
        assert former.fullmatch(str(MarkedText("Shop", True, fingerprint, 4, SINCE)))


@given(FREE_TEXTS)
def test_a_text_without_marker_stays_as_it_is_and_is_not_ours(text: str) -> None:
    marked = MarkedText.parse(text)
    assert marked == MarkedText(text, ours=False)
    assert str(marked) == text


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        pytest.param(None, MarkedText("", ours=False), id="no text at all"),
        pytest.param("", MarkedText("", ours=False), id="an empty text"),
        pytest.param(f"[{OWNER}]", MarkedText(""), id="the marker alone"),
        pytest.param(f"Shop [{OWNER}]", MarkedText("Shop"), id="no fingerprint yet"),
        pytest.param(
            f"Shop [{OWNER} {FINGERPRINT}]", MarkedText("Shop", True, FINGERPRINT), id="complete"
        ),
        pytest.param(f"A\nB [{OWNER}]", MarkedText("A\nB"), id="several lines"),
        pytest.param(f"Shop [{OWNER} v1:broken]", MarkedText("Shop"), id="a broken fingerprint"),
        pytest.param(f"Shop [{OWNER} v1:@soon]", MarkedText("Shop"), id="no moment"),
        pytest.param(f"Shop[{OWNER}]", MarkedText("Shop"), id="no space before it"),
        pytest.param(
            f"[{OWNER}] Shop", MarkedText(f"[{OWNER}] Shop", ours=False), id="not at the end"
        ),
        pytest.param(
            f"[{OWNER}.other]", MarkedText(f"[{OWNER}.other]", ours=False), id="a longer name"
        ),
    ],
)
def test_the_marker_is_found_only_at_the_end(stored: str | None, expected: MarkedText) -> None:
    assert MarkedText.parse(stored) == expected


def test_a_text_that_is_not_ours_gets_no_marker() -> None:
    assert str(MarkedText("Shop", ours=False, fingerprint=FINGERPRINT)) == "Shop"
