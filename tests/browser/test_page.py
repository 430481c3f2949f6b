# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report in a browser: filters, sorting, all widths, light, dark and paper, accessibility."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Open
from browser.fleet import fleet

FORTY = fleet(40)
SHOWN = "article:visible"
PHONE, TABLET, DESK = ({"width": width, "height": 900} for width in (360, 768, 1440))


def choose(page: Page, field: str, value: str) -> None:
    page.locator(f"[name={field}]").select_option(value)


def projects(page: Page) -> list[str]:
    return page.locator("tbody tr:visible th").all_inner_texts()


def count(page: Page, selector: str) -> int:
    return page.locator(selector).count()


def test_all_targets_are_shown(show: Open) -> None:
    page = show(40)
    assert count(page, SHOWN) == 40
    assert page.locator("output").inner_text() == ""


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("tag", "failed", [r for r in FORTY if r.get("failed")]),
        ("tag", "unchanged", [r for r in FORTY if r.get("changed") is False]),
        ("tag", "drift", [r for r in FORTY if r.get("drift")]),
        ("vault", "azure", [r for r in FORTY if r.get("vault") == "azure"]),
        ("mode", "live", [r for r in FORTY if r.get("api_key", {}).get("mode") == "live"]),
    ],
)
def test_filter_by_choice(
    show: Open, field: str, value: str, wanted: list[dict[str, object]]
) -> None:
    page = show(40)
    choose(page, field, value)
    assert 0 < count(page, SHOWN) == len(wanted) < 40
    assert page.locator("output").inner_text() == f"{len(wanted)} of 40"
    # The page begins with what failed, so the names are in another order than here.
    assert sorted(projects(page)) == sorted({str(result["project"]) for result in wanted})


def test_filter_by_text(show: Open) -> None:
    page = show(40)
    # Any case, all words, anywhere: in the project's name and in the details.
    page.locator("[name=text]").fill("SHOP forecast test")
    assert projects(page) == ["Shop Forecast"]
    page.locator("[name=text]").fill("0077")
    ends = [r for r in FORTY if r.get("api_key", {}).get("masked", "").endswith("0077")]
    assert 1 < count(page, SHOWN) == len(ends)


def test_filters_add_up_and_reset_takes_them_back(show: Open) -> None:
    page = show(40)
    at_first = projects(page)
    page.locator("[name=text]").fill("billing")
    choose(page, "tag", "changed")
    choose(page, "sort", "age")
    both = [r for r in FORTY if r.get("changed") and str(r["project"]).startswith("Billing")]
    assert 0 < count(page, SHOWN) == len(both)
    page.get_by_role("button", name="Reset").click()
    # The page shows them only after the event, which the click does not wait for.
    expect(page.locator(SHOWN)).to_have_count(40)
    assert projects(page) == at_first


def test_a_filter_that_nothing_passes_says_so(show: Open) -> None:
    page = show(40)
    assert not page.locator("#nothing").is_visible()
    page.locator("[name=text]").fill("no such thing")
    assert count(page, SHOWN) == 0
    assert page.locator("#nothing").is_visible()


def test_sort(show: Open) -> None:
    page = show(40)
    names = sorted({str(result["project"]) for result in FORTY})
    failures = {
        name: sum(bool(r.get("failed")) for r in FORTY if r["project"] == name) for name in names
    }
    # A key that was just stored is new, and one of unknown age counts as new.
    oldest = {
        name: min(
            [
                r["value_since"]
                for r in FORTY
                if r["project"] == name and r.get("secret_changes") == [] and r["value_since"]
            ],
            default="today",
        )
        for name in names
    }
    at_first = projects(page)
    sorted_by_failures = [failures[name] for name in at_first]
    assert sorted_by_failures == sorted(sorted_by_failures, reverse=True)
    assert sorted_by_failures[0] > sorted_by_failures[-1]
    choose(page, "sort", "name")
    assert projects(page) == names
    choose(page, "sort", "failures")
    assert projects(page) == at_first
    choose(page, "sort", "age")
    by_age = [oldest[name][:10] for name in projects(page)]
    assert by_age == sorted(by_age)
    choose(page, "sort", "name")
    assert projects(page) == names


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["360", "768", "1440"])
def test_nothing_stands_in_the_way_of_anybody(show: Open, size: object, scheme: str) -> None:
    page = show(40, viewport=size, color_scheme=scheme)
    for details in page.locator("details").all()[:3] + page.locator(".failed details").all():
        details.evaluate("details => { details.open = true }")
    page.locator(".legend summary").click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["360", "768", "1440"])
def test_nothing_is_cut_off(show: Open, size: dict[str, int]) -> None:
    page = show(40, viewport=size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_card_for_each_target_on_a_phone(show: Open) -> None:
    page = show(40, viewport=PHONE)
    lefts = page.locator("article").evaluate_all(
        "articles => articles.map(article => article.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1
    assert page.locator(".environment").first.is_visible()


def test_it_can_be_operated_by_keyboard(show: Open) -> None:
    page = show(3)
    page.locator("[name=text]").focus()
    for _press in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    assert count(page, "article details[open]") == 1


def test_paper_is_light_and_tells_the_reasons_and_the_legend(show: Open) -> None:
    page = show(40, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(27, 36, 48)"
    assert not page.locator("form").is_visible()
    assert page.locator(".legend dd").first.is_visible()
    cut = (
        "reasons => reasons.filter(reason => reason.scrollHeight > reason.clientHeight + 1).length"
    )
    assert page.locator(".reason").evaluate_all(cut) == 0


def test_without_the_script_it_is_a_plain_table(
    browser: Browser, report: Callable[[int], Path]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report(40).as_uri())
    assert count(page, SHOWN) == 40
    assert not page.locator("form").is_visible()
    context.close()


def test_the_policy_stops_what_the_page_did_not_bring(
    browser: Browser, report: Callable[[int], Path]
) -> None:
    page = browser.new_page()
    page.goto(report(3).as_uri())
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<b onclick=\"hurt = 1\">x</b>');"
        "document.body.lastChild.click();"
        "const script = document.createElement('script');"
        "script.text = 'hurt = 1';"
        "document.body.append(script)"
    )
    assert page.evaluate("window.hurt") is None
    page.close()
