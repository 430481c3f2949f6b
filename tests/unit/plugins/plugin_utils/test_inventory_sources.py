# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory sources that Ansible could not read, or not all of: it only warns."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.maia.stripe_query.plugins.plugin_utils import _inventory_sources
from ansible_collections.maia.stripe_query.plugins.plugin_utils._inventory_sources import (
    incomplete_source,
)
from unit.keys import random_text

GOOD = "all:\n  hosts:\n    one: {a: 1}\n"
BROKEN = "all:\n  hosts:\n    two:\n      a: 1\n     b: 2\n"
MISSPELT = "all:\n  host:\n    two: {a: 1}\n"


def why(*sources: Path | str, password: str | None = None, foreign: Sequence[str] = ()) -> str:
    """What is said of the first source that is not complete; an empty text if all are."""
    loader = DataLoader()
    if password:
        secrets: list[Any] = [("default", VaultSecret(password.encode()))]
        loader.set_vault_secrets(secrets)
    inventory = InventoryManager(loader, [str(source) for source in sources])
    return str(incomplete_source(inventory, loader, lambda host: host not in foreign) or "")


def written(folder: Path, **texts: str) -> Path:
    """A directory with these files, of which a double underscore begins the extension."""
    for name, text in texts.items():
        path = folder.joinpath(*name.replace("__", ".").split("_in_")[::-1])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_what_could_not_be_read_at_all_is_named(tmp_path: Path) -> None:
    written(tmp_path, a__yml=GOOD, b__yml=BROKEN, c__yml_in_more=GOOD, d__yml_in_more=BROKEN)
    unread = "it could not be read, as the warning above says, so that hosts may be missing; mend"
    for sources, path in (
        ([tmp_path], tmp_path / "b.yml"),
        ([tmp_path / "a.yml", tmp_path / "b.yml"], tmp_path / "b.yml"),
        ([tmp_path / "more"], tmp_path / "more" / "d.yml"),
        ([tmp_path / "a.yml", tmp_path / "nosuch.yml"], tmp_path / "nosuch.yml"),
        (["one,two", tmp_path / "nosuch"], tmp_path / "nosuch"),
    ):
        told = why(*sources)
        assert told.startswith(f"Inventory source {path}: {unread}")


def test_a_directory_that_has_nothing_may_be_one_that_is_not_mounted(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    written(tmp_path, a__yml=GOOD)
    assert why(tmp_path / "a.yml", empty).startswith(f"Inventory source {empty}: it could not be")


@pytest.mark.parametrize(
    ("text", "complete"), [("# None\n---\n", True), ("---  # none\n\n", True), ("--- x\n", False)]
)
def test_a_document_without_anything_has_no_hosts(
    tmp_path: Path, text: str, complete: bool
) -> None:
    written(tmp_path, a__yml=GOOD, b__yml=text)
    assert bool(why(tmp_path)) is not complete


def test_a_plugin_that_is_not_there_has_read_nothing(tmp_path: Path) -> None:
    written(tmp_path, a__yml=GOOD, b__yml="plugin: no.such.plugin\n")
    assert "b.yml: it could not be read" in why(tmp_path)


def test_what_ansible_reads_or_leaves_alone_is_complete(tmp_path: Path) -> None:
    folder = written(
        *(tmp_path / "inventory",),
        a__yml=GOOD,
        b__yml="plugin: constructed\nstrict: false\n",
        hosts='[web]\nthree x="a: b"\n\n[web:vars]\ny=1\n',
        listed="four x=1\n",
        tabs__json='{"all": {"children": {\n\t"web": {"hosts": {"x": {"text": "a\\tb"}}}}}}',
        all__yml_in_group_vars="host: {a: 1}\n",
        one__yml_in_host_vars="a: [\n",  # for whoever reads variables
        b__cfg=BROKEN,
        c__bak=BROKEN,
        __hidden=BROKEN,
    )
    (folder / "host_vars" / "one.yml").write_text("b: 1\n")
    script = folder / "script"
    script.write_text('#!/bin/sh\necho \'{"web": {"hosts": ["five"]}}\'\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    assert why(folder, "six,seven", f"{folder}/../inventory/a.yml") == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MISSPELT, "its group 'all' has the key 'host', which Ansible ignores"),
        ("all:\n  children:\n    web:\n      two:\n", "its group 'web' has the key 'two', which"),
        ('four x="{a: b}"\n', "its group 'four x=\"{a' is no mapping, and Ansible ignores it"),
        ("all: {hosts: {a: }}\nweb: [two]\n", "its group 'web' is no mapping, and Ansible"),
        (
            "all:\n  hosts: {a: }\n  hosts: {b: }\n",
            "it has the key 'hosts' again in line 3, and Ansible takes the last, so that hosts may",
        ),
        ("web:\n  hosts: {a: }\nweb:\n  hosts: {b: }\n", "it has the key 'web' again in line 3"),
        (
            "all: {children: {web: {hosts: {a: }}, web: {hosts: {b: }}}}",
            "it has the key 'web' again",
        ),
        ("all:\n  hosts:\n    a: {x: 1}\n    a: {x: 2}\n", "it has the key 'a' again in line 4"),
        ("all: {hosts: {a: {x: [{b: 1, b: 2}]}}}", "it has the key 'b' again in line 1"),
        (
            "all: {vars: {v: &v {host: {a: }}}}\nweb: {<<: [*v]}\n",
            "its group 'web' has the key 'host', which",
        ),
        ("x: &x {host: {a: }}\nall: {<<: *x}\n", "its group 'x' has the key 'host', which"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_ansible_left_out_of_a_yaml_inventory_is_named(
    tmp_path: Path, text: str, says: str
) -> None:
    written(tmp_path, a__yml=GOOD, b__yml=text)
    assert why(tmp_path / "a.yml", tmp_path / "b.yml").startswith(
        f"Inventory source {tmp_path / 'b.yml'}: {says}"
    )


@pytest.mark.parametrize("folder", ["host_vars", "group_vars"])
@pytest.mark.parametrize("file", ["web", "web.yml", "web/more.yaml", "web.json"])
@pytest.mark.filterwarnings("ignore")
def test_what_a_file_of_variables_says_twice_is_named(
    tmp_path: Path, folder: str, file: str
) -> None:
    """Of a host or a group of this inventory, which both may be called the same."""
    written(tmp_path, a__yml="all: {children: {web: {hosts: {web: }}}}")
    path = tmp_path / folder / file
    path.parent.mkdir(parents=True)
    path.write_text('{"x": 1, "y": {"z": 1, "z": 2}}')
    (path.parent / "others.yml").write_text("x: 1\nx: 2\n" if path.parent.name != "web" else "")
    told = (
        f"Variables file {path}: it has the key 'z' again in line 1, and Ansible takes the last, so"
        " that hosts may not have what they should; remove one of them."
    )
    assert why(tmp_path / "a.yml") == told
    assert why(tmp_path) == told
    # Servers of somebody else's.
    assert not why(tmp_path, foreign=["web"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a]\none x=1\none x=2\n", "it has another value for the variable 'x' of one in line 3"),
        ("one x=1 # y\n[a]\none x='2'\n", "'x' of one in line 3, and Ansible takes the last"),
        ("one x=1 x=2\n", "'x' of one in line 1"),
        ("[a]\none\n[a:vars]\nx = 1\n; x = 3\nx=2\n", "'x' of [a:vars] in line 6"),
        ("[a]\none x=1\n[b]\none x=1 y='a b'\n[b:vars]\nx=2\n[a:vars]\nx=3\n", ""),
        ("[a]\none\ntwo\n[b:children]\na\n", ""),
    ],
)
def test_so_it_is_with_the_lines_of_a_host(tmp_path: Path, text: str, says: str) -> None:
    told = why(written(tmp_path, hosts=text))
    assert says in told
    assert bool(told) is bool(says)


def test_so_it_is_with_what_a_plugin_composes(tmp_path: Path) -> None:
    twice = "plugin: constructed\nstrict: false\ncompose:\n  x: \"'a'\"\n  x: \"'b'\"\n"
    written(tmp_path, a__yml=GOOD, b__yml=twice)
    assert "b.yml: it has the key 'x' again in line 5" in why(tmp_path)


def test_a_host_that_is_called_like_a_variable_is_one(tmp_path: Path) -> None:
    written(tmp_path, hosts="[shop]\nshop-test\nauthorize_secret_name=stripe/shop\n")
    assert "it has a host of the name 'authorize_secret_name=stripe/shop', as of a line" in why(
        tmp_path
    )


@pytest.mark.parametrize(
    "text",
    [
        "all:\n  hosts: one\n  children: web\n",
        '{"_meta": {"hostvars": {"one": {}}}, "web": {"hosts": {"one": {}}}}',
        "all:\nweb:\n  hosts:\n  vars:\n",
        "all: {hosts: {one: {host: 1, hosts: 2, children: {a: 1}}}, vars: {host: {x: 1}}}",
        "web: &web {hosts: {one: }}\nmore: {<<: *web, hosts: {two: }}\n",
        "a: &a {hosts: {x: }}\nb: &b {<<: *a, hosts: {y: }}\nc: {<<: [*b, *a], hosts: }\nd: *b\n",
        "a: {children: &a {m: }}\nb: {children: {<<: *a, m: {hosts: {x: }}}}\n",
        "all: {hosts: {one: {secret: !vault abc, other: !unsafe '{{ x }}'}}}",
    ],
)
def test_what_a_group_may_have_is_complete(tmp_path: Path, text: str) -> None:
    assert why(written(tmp_path, b__yml=text)) == ""


def test_what_is_no_file_is_not_read_once_more(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yml"
    os.mkfifo(pipe)
    assert _inventory_sources._left_out(str(pipe), DataLoader()) is None


@pytest.mark.parametrize(("text", "says"), [(GOOD, ""), (MISSPELT, "has the key 'host'")])
def test_so_it_is_in_an_encrypted_file(tmp_path: Path, text: str, says: str) -> None:
    password = random_text(20)
    vault = VaultLib([("default", VaultSecret(password.encode()))])
    (tmp_path / "local-tmp").mkdir()
    (tmp_path / "b.yml").write_bytes(vault.encrypt(text))
    told = why(tmp_path / "b.yml", password=password)
    assert says in told
    assert bool(told) is bool(says)
    assert "it could not be read" in why(tmp_path / "b.yml")


def test_a_file_of_variables_that_cannot_be_decrypted_is_for_who_needs_it(tmp_path: Path) -> None:
    vault = VaultLib([("default", VaultSecret(random_text(20).encode()))])
    written(tmp_path, a__yml=GOOD)
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_bytes(vault.encrypt("x: 1\nx: 2\n"))
    assert why(tmp_path / "a.yml") == ""


def test_ansible_s_own_default_need_not_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = tmp_path / "hosts"
    monkeypatch.setattr(_inventory_sources, "_DEFAULT", str(default))
    assert why(default) == ""
    written(tmp_path, a__yml=GOOD)
    assert "hosts: it could not be read" in why(default, tmp_path / "a.yml")


def test_ansible_s_default_is_the_one_that_is_known() -> None:
    rules = constants.config.get_configuration_definitions()["DEFAULT_HOST_LIST"]
    assert rules["default"] == [_inventory_sources._DEFAULT]
