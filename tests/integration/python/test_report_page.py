# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page, written by ansible-playbook: well-formed, and all data in it is just text."""

from __future__ import annotations

import json
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.plugin_utils import _cancelled
from browser.page import write_page
from integration.python import nowhere

NASTY = (
    """</script></style><script>alert("1")</script><img src=x onerror='alert(2)'>"""
    " &amp; {{ 7 * 7 }} Ünï"
)
VOID = {"input", "meta", "rect"}


class Page(HTMLParser):
    """Counts elements, checks that they are closed, and collects what a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("script", "style"):
            self.text += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def nasty_result() -> dict[str, Any]:
    texts = ("target", "project", "environment", "vault", "msg", "secret_name", "definition_name")
    more = ("fingerprint", "verified_by", "verdict", "unread_because", "created", "last_changed")
    return {
        **dict.fromkeys((*texts, *more), NASTY),
        "failed": True,
        "api_key": {"kind": NASTY, "mode": NASTY, "masked": NASTY},
        "verification": {"status": NASTY, "reason": NASTY},
        "permissions": {NASTY: NASTY},
        "drift": [NASTY],
        "proof": [{"link": NASTY, "verdict": NASTY, "reason": NASTY}],
        "secret_changes": [NASTY],
        "definition_changes": [NASTY],
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = [nasty_result(), {**nasty_result(), "target": "other"}]
    return write_page(tmp_path_factory.mktemp("report"), results, report_title=NASTY)


def test_data_is_text_and_nothing_else(written: Path) -> None:
    page = Page(written.read_text())
    assert len(page.attributes("script")) == len(page.attributes("style")) == 1
    assert not page.attributes("img")
    assert not [
        name for _tag, attributes in page.elements for name in attributes if name[:2] == "on"
    ]
    assert page.text.count(NASTY) > 30
    assert page.attributes("tr")[1]["data-name"] == NASTY


def test_the_page_needs_and_allows_nothing_from_outside(written: Path) -> None:
    page = Page(written.read_text())
    policy = next(a for a in page.attributes("meta") if "http-equiv" in a)["content"] or ""
    (style,), (script,) = page.attributes("style"), page.attributes("script")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert f"style-src 'nonce-{style['nonce']}'" in policy
    assert f"script-src 'nonce-{script['nonce']}'" in policy
    outside = {"src", "href", "style", "action", "background", "data", "srcset"}
    assert not [name for _tag, attributes in page.elements for name in outside & set(attributes)]
    assert not re.search(r"url\(|@import|https?:", written.read_text())


def test_json_equals_the_input(written: Path) -> None:
    told = json.loads(written.with_name("report.json").read_text())
    assert told["results"] == json.loads(written.with_name("results.json").read_text())


def test_a_cancelled_run_writes_the_same_without_ansible(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(_cancelled, "tell", said.append)
    results = json.loads(written.with_name("results.json").read_text())
    page, data = tmp_path / "new" / "page.html", tmp_path / "page.json"
    broken = {"authorize_report": str(page / "below a file"), "authorize_report_json": str(data)}
    for variables in ({"authorize_report": str(page), "report_mode": "0640"}, broken):
        _cancelled.tell_of_targets(
            {NASTY: results[0], "other": results[1]},
            check_mode=False,
            variables={"report_title": NASTY, **variables},
            evaluate=lambda text: text,
        )
    assert page.stat().st_mode & 0o777 == 0o640
    assert data.stat().st_mode & 0o777 == 0o600
    assert f"Report: {page}\n" in said
    assert any(text.startswith("authorize_report: not written (") for text in said)
    expected = json.loads(written.with_name("report.json").read_text())
    moment = json.loads(data.read_text())["time"]
    told = {**expected, "title": f"{NASTY} (cancelled)", "time": moment}
    assert json.loads(data.read_text()) == told
    elements = [tag for tag, _attributes in Page(page.read_text()).elements]
    assert elements == [tag for tag, _attributes in Page(written.read_text()).elements]
    assert Page(page.read_text()).text.count(NASTY) > 30


def test_only_the_owner_reads_the_files(written: Path) -> None:
    for path in (written, written.with_name("report.json")):
        assert path.stat().st_mode & 0o777 == 0o600


def test_only_what_did_fail_is_coloured_so(written: Path, tmp_path: Path) -> None:
    def alarms(page: Path) -> int:
        divs = Page(page.read_text(encoding="utf-8")).attributes("div")
        return [each.get("class") for each in divs].count("failed")

    all_is_well = {"shop-test": {"target": "shop-test", "changed": False, "failed": False}}
    page = tmp_path / "page.html"
    # As a cancelled run does it, which writes the same.
    _cancelled.tell_of_targets(
        all_is_well,
        check_mode=False,
        variables={"authorize_report": str(page)},
        evaluate=lambda text: text,
    )
    assert alarms(page) == 0
    assert alarms(written) == 1


def play_outcome(directory: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The end of a playbook whose targets are all well."""
    outcome = {
        "shop-test": {"changed": True},
        "shop-production": {"changed": False},
    }
    role = {"name": "maia.stripe_query.report", "tasks_from": "outcome"}
    book = directory / "book.yml"
    play = {
        "hosts": "all",
        "gather_facts": False,
        "connection": "local",
        "vars": {
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "authorize_rollout": {"targets": outcome},
            "report_results": "{{ authorize_rollout.targets }}",
            **variables,
        },
        "tasks": [{"ansible.builtin.import_role": role}],
    }
    book.write_text(yaml.safe_dump([play]))
    hosts = nowhere.write_inventory(
        directory / "inventory.yml", {"shops": {"hosts": dict.fromkeys(outcome)}}
    )
    return nowhere.play(str(book), hosts)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "{page} is a named pipe, and not a file"),
        # Of which the checks know nothing.
        (
            {"authorize_report": "{page}.new", "report_mode": "bad"},
            "{page}.new could not be written (",
        ),
    ],
    ids=["refused", "failed"],
)
def test_a_report_that_cannot_be_written_hides_nothing_else(
    tmp_path: Path, more: dict[str, str], says: str
) -> None:
    page, data = tmp_path / "page", tmp_path / "data.json"
    os.mkfifo(page)
    given = {"authorize_report": "{page}", "authorize_report_json": str(data), **more}
    done = play_outcome(tmp_path, **{name: text.format(page=page) for name, text in given.items()})
    assert done.returncode == 2, done.stdout
    told = " ".join(done.stdout.split())
    assert f"Variable authorize_report: {says.format(page=page)}" in told
    assert "1 changed, 1 unchanged, 0 failed" in told
    # And the other file is written if it can be.
    assert data.exists() or "report_mode" in more
    assert (f"Report: {data}" in told) is ("report_mode" not in more)
    assert f"Report: {page}" not in told
    assert page.is_fifo()
