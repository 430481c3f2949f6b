# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser, and the page as it shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.chromium import chromium
from browser.fleet import fleet
from browser.page import write_page

# Opens the report on so many targets; further arguments are those of a Playwright page.
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The report on an imaginary run on so many targets, written once."""

    @cache
    def written(size: int) -> Path:
        directory = tmp_path_factory.mktemp(f"report-{size}")
        return write_page(directory, fleet(size), report_max_age_days=90)

    return written


@pytest.fixture
def show(browser: Browser, report: Callable[[int], Path]) -> Iterator[Open]:
    """Nothing that the page does may be refused by its own policy or be an error."""
    complaints: list[str] = []
    pages: list[Page] = []

    def shown(size: int, **options: object) -> Page:
        page: Page = browser.new_page(**options)  # type: ignore[arg-type]
        pages.append(page)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(report(size).as_uri())
        return page

    yield shown
    for page in pages:
        page.close()
    assert complaints == []
