# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long 2,000 targets take. Printed and not required, since that depends on the machine."""

from __future__ import annotations

import pytest

from browser.conftest import Open

SIZE = 2000

# Milliseconds until a change of a field is handled and the page is laid out again.
ACT = """([name, value]) => {
  const field = document.querySelector(`[name=${name}]`);
  const begun = performance.now();
  field.value = value;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  document.body.offsetHeight;
  return performance.now() - begun;
}"""
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def test_speed(show: Open, capsys: pytest.CaptureFixture[str]) -> None:
    page = show(SIZE)
    figures = {"shown": page.evaluate(LOADED)}
    for what, name, value in (
        ("filtered by text", "text", "shop"),
        ("all shown again", "text", ""),
        ("filtered by state", "tag", "failed"),
        ("all shown again, too", "tag", ""),
        ("sorted by failures", "sort", "failures"),
        ("sorted by age", "sort", "age"),
    ):
        figures[what] = page.evaluate(ACT, [name, value])
    assert page.locator("article").count() == SIZE
    with capsys.disabled():
        print(f"\n{SIZE:,} targets, milliseconds:")
        for what, milliseconds in figures.items():
            print(f"  {milliseconds:6.0f}  {what}")
