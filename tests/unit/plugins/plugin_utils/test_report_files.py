# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report that could not be written is refused before anything else is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._report_files import check_report


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"authorize_report": "/dev/null/r.html"}, "authorize_report: /dev/null is no directory;"),
        ({"authorize_report_json": "."}, "authorize_report_json: it is a directory;"),
        ({"authorize_report": "r.html", "report_mode": "private"}, "report_mode: it is no mode"),
        ({"authorize_report": "r.html", "report_max_age_days": "soon"}, "report_max_age_days: it"),
    ],
)
def test_what_cannot_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=f"^Variable {says}"):
        check_report(variables, lambda text: text)


@pytest.mark.parametrize(
    "variables",
    [
        {"authorize_report": "new/below/r.html", "report_mode": "u=rw,g=r"},
        {"authorize_report_json": "r.json", "report_mode": "0640", "report_max_age_days": "90"},
        # Of no report that is asked for.
        {"report_mode": "private", "report_max_age_days": "soon"},
    ],
)
def test_what_can_be_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    check_report(variables, lambda text: text)
