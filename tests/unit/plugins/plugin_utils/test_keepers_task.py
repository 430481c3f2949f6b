# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who says that a host is to go, and of which hosts all is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.maia.stripe_query.plugins.action import authorize_targets
from ansible_collections.maia.stripe_query.plugins.action.authorize_targets import ActionModule
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from unit.faces import stand_ins
from unit.in_play import task_in_play
from unit.keeping import (
    GOES,
    OTHER,
    PURGES,
    SHARED,
    inventory,
    refusals,
)


@pytest.mark.parametrize("vault", ["awss", ["aws"], 7])
def test_what_goes_may_be_wrong_as_well(tmp_path: Path, vault: Any) -> None:
    hosts = inventory(goes={**SHARED, **GOES, "authorize_vault": vault}, stays=SHARED)
    found = refusals(task_in_play(tmp_path, hosts), hosts=["goes", "stays"])
    assert "they share" in found["goes"]
    assert not found["stays"]


@pytest.mark.parametrize("how", [{"action": "revoke"}, {"defaults": GOES}])
def test_targets_that_the_task_names_are_compared_with_all_hosts(
    tmp_path: Path, how: dict[str, Any]
) -> None:
    place = task_in_play(tmp_path, inventory(stays=SHARED, goes=SHARED))
    named = [{**SHARED, "name": "somebody"}, {**OTHER, "name": "else"}]
    found = refusals(place, targets=named, **how)
    assert "they share" in found["somebody"]
    assert not found["else"]


def test_where_the_task_names_its_targets_the_hosts_of_the_play_need_be_none(
    tmp_path: Path,
) -> None:
    place = task_in_play(tmp_path, inventory(localhost={}))
    for takes in (GOES, {"authorize_definition": PURGES}):
        assert refusals(place, targets=[{**SHARED, **takes, "name": "goes"}]) == {"goes": ""}


@pytest.mark.parametrize(
    ("how", "refused"),
    [
        pytest.param({"task_vars": GOES}, True, id="the task, which may leave one out"),
        pytest.param({"play_vars": GOES}, False, id="the play"),
    ],
)
def test_who_says_that_a_host_is_to_go(tmp_path: Path, how: dict[str, Any], refused: bool) -> None:
    hosts = inventory(one=SHARED, two=SHARED, other=OTHER)
    found = refusals(task_in_play(tmp_path, hosts, **how), hosts=["one", "two", "other"])
    assert {name: bool(why) for name, why in found.items()} == {
        "one": refused,
        "two": refused,
        "other": False,
    }
    assert not refused or "only variables of a task, an include or a role say" in found["one"]


@pytest.mark.parametrize("how", [{"hosts": ["one"]}, {"pattern": "one"}, {}])
def test_an_option_of_the_task_is_about_its_targets(tmp_path: Path, how: dict[str, Any]) -> None:
    place = task_in_play(tmp_path, inventory(one=SHARED, two=SHARED), **how)
    assert "they share" in refusals(place, hosts=["one"], defaults=GOES)["one"]


def test_where_a_limit_leaves_a_host_out_the_task_does_not_say_that_it_goes(
    tmp_path: Path,
) -> None:
    hosts = inventory(one=SHARED, two=SHARED)
    place = task_in_play(tmp_path, hosts, task_vars=GOES, hosts=["one"])
    assert "they share" in refusals(place, hosts=["one"])["one"]


# As a file of variables that another password encrypts.
def test_a_host_that_cannot_be_read_may_keep_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = task_in_play(tmp_path, inventory(goes={**SHARED, **GOES}, stays=SHARED), hosts=["goes"])
    manager = place[0].get_variable_manager()
    really = manager.get_vars

    def get_vars(host: Any = None, **more: Any) -> Any:
        if host is not None and host.name == "stays":
            raise AnsibleError("Decryption failed")
        return really(host=host, **more)

    monkeypatch.setattr(manager, "get_vars", get_vars)
    refusal = refusals(place, hosts=["goes"])["goes"]
    assert refusal.startswith("Host 'stays': it cannot be decided whether it keeps what is to be")
    assert "no Ansible Vault password that was given decrypts it" in refusal


def with_a_missing_source(
    place: tuple[Any, dict[str, Any]], tmp_path: Path
) -> tuple[Any, dict[str, Any]]:
    inventory = place[1]["hostvars"]._inventory
    inventory._sources.append(str(tmp_path / "nosuch.yml"))
    inventory.refresh_inventory()
    return place


@pytest.mark.parametrize(
    "args",
    [
        {"hosts": ["goes", "stays"]},
        {"hosts": ["goes", "stays"], "collisions_only": True},
        {"targets": [{**SHARED, **GOES, "name": "goes"}, {**OTHER, "name": "stays"}]},
        {"targets": [{**SHARED, "name": "goes"}], "action": "revoke"},
        {"targets": [{**SHARED, "name": "goes", "authorize_definition": PURGES}]},
    ],
)
def test_a_host_that_is_not_there_since_its_file_was_not_read_may_keep_anything(
    tmp_path: Path, args: dict[str, Any]
) -> None:
    place = task_in_play(tmp_path, inventory(goes={**SHARED, **GOES}, stays=OTHER))
    assert not any(refusals(place, **args).values())
    found = refusals(with_a_missing_source(place, tmp_path), **args)
    assert found.pop("goes") == (
        f"Inventory source {tmp_path / 'nosuch.yml'}: it could not be read, as the warning above"
        " says, so that hosts may be missing, and one of these may keep what is to be removed;"
        " mend it, or run without it."
    )
    assert not any(found.values())


@pytest.mark.parametrize(
    "args",
    [{"action": "rotate"}, {"action": "audit"}, {"action": "discover"}, {"audit": True}],
    ids=str,
)
def test_nor_is_anything_said_of_all_hosts(tmp_path: Path, args: dict[str, Any]) -> None:
    place = with_a_missing_source(task_in_play(tmp_path, inventory(one=SHARED)), tmp_path)
    with pytest.raises(ConfigurationError, match=r"nosuch\.yml: it could not be read"):
        refusals(place, hosts=["one"], **args)
    assert not any(refusals(place, targets=[{**SHARED, "name": "x"}], **args).values())


@pytest.mark.parametrize("action", ["authorize", "prove", "rollback", "adopt", "preflight"])
def test_what_is_done_for_each_host_by_itself_goes_on(tmp_path: Path, action: str) -> None:
    place = with_a_missing_source(task_in_play(tmp_path, inventory(one=SHARED)), tmp_path)
    assert not any(refusals(place, hosts=["one"], action=action).values())


@pytest.mark.parametrize("args", [{}, {"collisions_only": True}, {"per_host": True}])
@pytest.mark.parametrize(
    ("state", "refused"), [("absent", True), ("{{ x }}", True), ("present", False)]
)
def test_an_extra_variable_deletes_nothing_for_all(
    monkeypatch: pytest.MonkeyPatch, state: str, refused: bool, args: dict[str, Any]
) -> None:
    monkeypatch.setattr(
        authorize_targets, "load_extra_vars", lambda _loader: {"authorize_state": state}
    )
    action = ActionModule(**stand_ins(args))
    if not refused:
        action._refuse({})
        return
    with pytest.raises(ConfigurationError, match="use the playbook revoke"):
        action._refuse({})
