# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit that is refused leaves no findings of an earlier one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader

from ansible_collections.maia.stripe_query.plugins.lookup.play_hosts import LookupModule
from ansible_collections.maia.stripe_query.plugins.plugin_utils._audit import Rules, audit
from ansible_collections.maia.stripe_query.plugins.plugin_utils._output_files import check_report
from unit.keys import make_key

EARLIER = audit({"shop": {"changed": False}}, Rules(time="2026-03-31T12:00:00Z"))
TEXTS = {"audit_junit": str(EARLIER["junit"]), "audit_json": json.dumps(EARLIER["json"])}
LISTING: dict[str, Any] = {"listhosts": True}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """By their variables."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    return {name: str(tmp_path / name) for name in TEXTS}


def begin(files: dict[str, str], playbook: str = "audit", **variables: Any) -> None:
    held = {"groups": {"all": ["shop"]}, "__stripe_query_playbook": playbook, **files, **variables}
    LookupModule(loader=DataLoader()).run([], held)


def read(files: dict[str, str]) -> dict[str, str]:
    return {name: Path(path).read_text() for name, path in files.items()}


def test_it_leaves_an_error_that_its_own_findings_replace(files: dict[str, str]) -> None:
    with pytest.raises(AnsibleError):
        begin(files, audit_ignore=make_key())
    left = read(files)
    assert 'failures="0" errors="1"' in left["audit_junit"]
    assert "did not end; see its output" in left["audit_junit"]
    [finding] = json.loads(left["audit_json"])["findings"]
    assert (finding["kind"], finding["target"]) == ("failed", "audit")
    check_report({"__stripe_query_playbook": "audit", **files}, lambda value: value)


def test_one_that_begins_does_so_too(files: dict[str, str]) -> None:
    begin(files)
    assert all("did not end" in text for text in read(files).values())


@pytest.mark.parametrize("text", ["", "mine"])
def test_other_files_are_left_alone(files: dict[str, str], text: str) -> None:
    for path in files.values():
        Path(path).write_text(text)
    begin(files)
    assert set(read(files).values()) == {text}


def test_nothing_is_made_where_nothing_was(tmp_path: Path) -> None:
    begin({"audit_junit": str(tmp_path / "new.xml")})
    assert list(tmp_path.iterdir()) == []


def test_other_playbooks_leave_them_alone(files: dict[str, str]) -> None:
    begin(files, "prove")
    assert read(files) == TEXTS


def test_so_does_a_list_of_the_hosts(
    files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible.context.CLIARGS", LISTING)
    begin(files)
    assert read(files) == TEXTS
