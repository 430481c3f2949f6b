# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moments are compared as moments, however they are written."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.metadata.fields import (
    moment_text,
    parse_moment,
    to_moment,
)

NOON = "2027-06-30T12:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "2027-06-30T12:00:00Z",
        "2027-06-30T12:00:00+00:00",
        "2027-06-30T14:00:00+02:00",
        "2027-06-30 12:00:00",
        "2027-06-30T12:00",
        "20270630T120000Z",
        "2027-06-30T12:00:00.900Z",
        "1814356800",
        " 2027-06-30T12:00:00Z ",
    ],
)
def test_one_moment_has_one_text(text: str) -> None:
    assert parse_moment(text) == NOON


def test_a_date_is_its_midnight_in_utc() -> None:
    assert parse_moment("2027-06-30") == "2027-06-30T00:00:00+00:00"


@pytest.mark.parametrize("text", ["", "  "])
def test_empty_stays_empty(text: str) -> None:
    assert parse_moment(text) == ""
    assert to_moment("") is None
    assert moment_text(None) == ""


@pytest.mark.parametrize("text", ["soon", "2027-13-01", "-1", "9" * 30, "1e9", "2027-06-30T25:00"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_moment(text)


def test_there_and_back() -> None:
    east = timezone(timedelta(hours=9))
    moment = datetime(2027, 6, 30, 21, 0, 0, 999, tzinfo=east)
    assert moment_text(moment) == NOON
    assert moment_text(to_moment(NOON)) == NOON
