# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook may write for its user, and where. Named pipes stand for all that is no file."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.filter.output_file import output_file
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from ansible_collections.maia.stripe_query.plugins.plugin_utils import _cancelled
from ansible_collections.maia.stripe_query.plugins.plugin_utils._audit import Rules, audit
from ansible_collections.maia.stripe_query.plugins.plugin_utils._discovery import PLAN, discovery
from ansible_collections.maia.stripe_query.plugins.plugin_utils._inventory_files import (
    NAMES,
    inventory_files,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._output_files import check_report
from unit.keys import make_key

TIME = "2026-03-31T12:00:00Z"
RESULTS = {"shop-test": {"changed": True}}
FILES = ("authorize_report", "authorize_report_json", "audit_junit", "audit_json")
every_file = pytest.mark.parametrize("name", FILES)


def check(playbook: str = "audit", /, **variables: object) -> None:
    check_report({"__stripe_query_playbook": playbook, **variables}, lambda value: value)


def refusal(playbook: str = "audit", /, **variables: object) -> str:
    with pytest.raises(ConfigurationError) as caught:
        check(playbook, **variables)
    return str(caught.value)


def ours(name: str) -> str:
    """As it is written."""
    about = {"title": "Keys", "time": TIME, "check_mode": False, "max_age_days": 0}
    audited = audit(RESULTS, Rules(time=TIME))
    return {
        "authorize_report": lambda: _cancelled._page(RESULTS, about),
        "authorize_report_json": lambda: _cancelled._json(RESULTS, about),
        "audit_junit": lambda: str(audited["junit"]),
        "audit_json": lambda: json.dumps(audited["json"], indent=4, sort_keys=True) + "\n",
    }[name]()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory with one of everything, which is the current one."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("to-pipe").symlink_to("pipe")
    Path("circle").symlink_to("circle")
    Path("directory").mkdir()
    Path("empty").touch()
    Path("inventory.yml").write_text("all: {hosts: {shop: }}\n")
    Path("data.json").write_text('{"results": [], "findings": []}')
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        yield tmp_path


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("pipe", "pipe is a named pipe, and not a file"),
        ("to-pipe", "/pipe is a named pipe, and not a file"),
        ("socket", "socket is a socket, and not a file"),
        ("directory", "directory is a directory, and not a file"),
        ("circle", "circle cannot be looked at"),
        ("x" * 300, "cannot be looked at"),
        ("inventory.yml", "inventory.yml holds something else than an earlier file"),
        ("data.json", "data.json holds something else than an earlier file"),
        ("inventory.yml/report", "inventory.yml is no directory"),
        ("one/two/report", "there is no directory"),
        ("", "it is empty"),
        (" ", "it is empty"),
        ("a\0b", "it is no path"),
        (True, "it is no path"),
        ("true", "'true' is no path; give a path, or ./true if it is one"),
        ("Off", "'Off' is no path"),
        (["report"], "it is no path"),
    ],
    ids=lambda value: str(value)[:20],
)
@every_file
def test_what_may_not_be_written_is_refused(
    place: Path, name: str, path: object, says: str
) -> None:
    before = {each.name for each in place.iterdir()}
    told = refusal(**{name: path})
    assert told.startswith(f"Variable {name}: ")
    assert says in told
    assert {each.name for each in place.iterdir()} == before


@pytest.mark.parametrize("path", ["new", "new/new", "directory/new", "empty", "directory/../new"])
@every_file
@pytest.mark.usefixtures("place")
def test_what_is_missing_or_empty_may_be_written(name: str, path: str) -> None:
    check(**{name: path})


@pytest.mark.parametrize("held", FILES)
@every_file
def test_only_an_earlier_file_of_the_same_kind_is_replaced(
    tmp_path: Path, name: str, held: str
) -> None:
    path = tmp_path / "report"
    path.write_text(ours(held), "utf-8")
    if name == held:
        check(**{name: str(path)})
    else:
        assert "would be replaced" in refusal(**{name: str(path)})


def test_a_link_of_proc_is_followed_to_what_has_no_path(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    gone = (tmp_path / "gone").open("w")
    (tmp_path / "gone").unlink()
    try:
        for number in (writes, gone.fileno()):
            assert "Variable authorize_report: " in refusal(
                authorize_report=f"/proc/self/fd/{number}"
            )
    finally:
        gone.close()
        os.close(reads)
        os.close(writes)


@pytest.mark.parametrize("name", [*FILES, "discover_directory"])
def test_a_key_in_a_path_is_refused_and_not_shown(name: str) -> None:
    key = make_key()
    told = refusal(
        "discover" if name == "discover_directory" else "audit", **{name: f"reports/{key}"}
    )
    assert "looks like a Stripe API key" in told
    assert key not in told
    shown = output_file(f"reports/{key}", name)
    assert shown == {"path": "", "refusal": told}


def test_two_variables_name_two_files(tmp_path: Path) -> None:
    path, link = tmp_path / "new", tmp_path / "link"
    link.symlink_to("new")
    assert "authorize_report names the same file" in refusal(
        authorize_report=str(path), audit_json=str(link)
    )


def test_the_home_directory_is_where_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert output_file("~/report.html", "authorize_report") == {
        "path": str(tmp_path / "report.html"),
        "refusal": "",
    }


@pytest.mark.usefixtures("place")
def test_only_what_the_playbook_writes_is_checked() -> None:
    check("prove", audit_junit="pipe", discover_directory="pipe")
    check("authorize", authorize_report=None)
    assert refusal("prove", authorize_report="pipe")


def test_what_cannot_be_evaluated_is_refused() -> None:
    def undefined(_value: Any) -> None:
        raise ValueError("'place' is undefined")

    with pytest.raises(ConfigurationError) as caught:
        check_report({"authorize_report": "{{ place }}/r.html"}, undefined)
    assert "authorize_report: it cannot be evaluated: 'place' is undefined" in str(caught.value)


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ("pipe", "pipe is a named pipe, and not a directory"),
        ("empty", "empty is a file, and not a directory"),
        ("one/two", "there is no directory"),
        ("", "it is empty"),
    ],
)
@pytest.mark.usefixtures("place")
def test_an_inventory_s_directory_is_checked(held: str, says: str) -> None:
    told = refusal("discover", discover_directory=held, discover_replace=True)
    assert told.startswith("Variable discover_directory: ")
    assert says in told


@pytest.mark.parametrize("name", [*NAMES, PLAN])
def test_an_inventory_replaces_files_only_if_told_to(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(found_there(name))
    given = {"discover_directory": str(tmp_path)}
    assert f"there is {name} in {tmp_path} already" in refusal("discover", **given)
    assert "already" in refusal("discover", **given, discover_replace="no")
    check("discover", **given, discover_replace="yes")
    file.write_text("")
    check("discover", **given, discover_replace=True)
    file.unlink()
    os.mkfifo(file)
    assert "is a named pipe" in refusal("discover", **given, discover_replace=True)


@pytest.mark.parametrize("leads", [True, False])
def test_a_link_in_place_of_one_of_its_files_is_not_replaced(tmp_path: Path, leads: bool) -> None:
    file = tmp_path / NAMES[0]
    file.symlink_to(tmp_path / "other.yml")
    if leads:
        (tmp_path / "other.yml").write_text("")
    for replace in (True, False):
        told = refusal("discover", discover_directory=str(tmp_path), discover_replace=replace)
        assert f"{file} is a link, which would be replaced" in told


def found_there(name: str) -> str:
    """As it is written for a host of each vault, and for an environment without any."""
    hosts = {vault: {"authorize_vault": vault, f"authorize_{vault}": {}} for vault in VAULTS}
    empty = dict.fromkeys(("hosts", "definitions", "secrets_of_ours", "components", "not_seen"), ())
    plan = discovery({"shop": {"project": "Shop", "environment": "test", "vault": "aws", **empty}})
    return str({**plan["files"], **inventory_files(hosts)}[name])


@pytest.mark.parametrize("name", [*NAMES, PLAN])
def test_nor_any_that_others_wrote(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("all: {hosts: {shop: }}\n")
    told = refusal("discover", discover_directory=str(tmp_path), discover_replace=True)
    assert f"{file} holds something else than an earlier file of this kind" in told
    assert output_file(str(tmp_path), "discover_directory", replace=True)["refusal"] == told


@pytest.mark.parametrize("replace", ["yess", "", 2, []])
def test_whether_to_replace_is_checked_where_there_is_nothing_yet(
    tmp_path: Path, replace: object
) -> None:
    told = refusal("discover", discover_directory=str(tmp_path), discover_replace=replace)
    assert "discover_replace: it is neither true nor false" in told


def test_what_is_none_of_an_inventory_s_files_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "ansible.cfg").write_text("[defaults]\n")
    check("discover", discover_directory=str(tmp_path))


@pytest.mark.parametrize(
    ("mode", "days", "says"),
    [
        ("private", 0, "report_mode: it is no mode"),
        *(
            (mode, 0, f"report_mode: '{mode}' has a special bit, or lets others than the owner")
            for mode in (
                *("4777", "04755", "2755", "1644", "0666", "660", "0602", "00777", 420),
                *("u+s", "+t", "o+w", "a=rw", "+w", "ug=rw", "go=u", "u=rw,g=rw"),
            )
        ),
        ("0600", "soon", "report_max_age_days: it is no number"),
    ],
)
def test_how_a_report_is_written_is_checked_with_it(mode: object, days: object, says: str) -> None:
    how = {"report_mode": mode, "report_max_age_days": days}
    check(**how)
    assert says in refusal(authorize_report="report.html", **how)


@pytest.mark.parametrize(
    "mode",
    [None, "0600", "600", "0644", "00640", "755", "0400", "u=rw,go=r", "go-w", "u+w,o-rwx", "a+r"],
)
def test_a_report_may_be_read_by_others(tmp_path: Path, mode: str | None) -> None:
    path = str(tmp_path / "report.html")
    check(authorize_report=path, report_mode=mode)
    assert output_file(path, "report_path", mode=mode)["refusal"] == ""


def test_a_role_of_its_own_refuses_a_mode_as_well(tmp_path: Path) -> None:
    told = output_file(str(tmp_path / "report.html"), "report_path", mode="4777")
    assert told["refusal"].startswith("Variable report_mode: '4777' has a special bit")
