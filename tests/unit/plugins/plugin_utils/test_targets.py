# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts as targets, with an inventory of Ansible's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ansible_collections.maia.stripe_query.plugins.action.authorize_targets import ActionModule
from ansible_collections.maia.stripe_query.plugins.plugin_utils._targets import targets_of
from unit.faces import stand_ins
from unit.keys import random_text

INVENTORY = {
    "all": {
        "vars": {
            "authorize_project": "Shop",
            "authorize_environment": "{{ inventory_hostname | upper }}",
            "authorize_maia": {"region": "{{ region }}"},
            "region": "eu1",
            "authorize_hosts": "no variable of the role",
        },
        "hosts": {
            "test": None,
            "broken": {"authorize_api_key": "{{ nowhere }}"},
            "other": {"authorize_project": "Billing", "authorize_permissions": ["charges"]},
            "bare": {"authorize_maia": None, "authorize_project": "{{ omit }}"},
        },
    }
}
COMMON = {"authorize_project": "Shop", "authorize_maia": {"region": "eu1"}}


@pytest.fixture
def hostvars(tmp_path: Path) -> Any:
    source = tmp_path / "inventory.yml"
    source.write_text(yaml.safe_dump(INVENTORY))
    loader = DataLoader()
    inventory = InventoryManager(loader, [str(source)])
    return HostVars(inventory, VariableManager(loader, inventory), loader)


def test_a_target_has_the_variables_of_its_host_that_the_role_knows(hostvars: Any) -> None:
    assert targets_of(["test", "other"], hostvars) == [
        {"name": "test", "authorize_environment": "TEST", **COMMON},
        {
            "name": "other",
            "authorize_environment": "OTHER",
            **COMMON,
            "authorize_project": "Billing",
            "authorize_permissions": ["charges"],
        },
    ]


def test_what_cannot_be_evaluated_is_the_failure_of_one_target(hostvars: Any) -> None:
    broken, nobody, fine = targets_of(["broken", "nobody", "test"], hostvars)
    assert broken.keys() == nobody.keys() == {"name", "refusal"}
    assert broken["refusal"] == (
        "The variable authorize_api_key cannot be evaluated: 'nowhere' is undefined."
    )
    assert nobody == {"name": "nobody", "refusal": "The inventory has no such host."}
    assert fine["authorize_project"] == "Shop"


def test_the_plugin_puts_targets_in_the_place_of_hosts(hostvars: Any) -> None:
    action = ActionModule(**stand_ins({"hosts": ["test"], "threads": 3}))
    assert action._arguments({"hostvars": hostvars}) == {
        "targets": targets_of(["test"], hostvars),
        "threads": 3,
    }


@pytest.mark.parametrize("args", [{"hosts": "test"}, {"hosts": ["test"], "targets": []}, {}])
def test_what_cannot_be_right_is_left_to_validation(args: dict[str, Any], hostvars: Any) -> None:
    assert ActionModule(**stand_ins(args))._arguments({"hostvars": hostvars}) == args


def test_null_and_omit_leave_a_variable_out(hostvars: Any) -> None:
    assert targets_of(["bare"], hostvars) == [{"name": "bare", "authorize_environment": "BARE"}]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("{{'client_secret': '{}'}}: 'region' is undefined", ": 'region' is undefined"),
        ("the lookup failed on {}", " (AnsibleError)"),
    ],
)
def test_why_a_variable_cannot_be_evaluated_is_told_without_its_text(said: str, why: str) -> None:
    """Up to ansible-core 2.18 the error quotes all of a variable, with the secrets in it."""

    class Broken(dict[str, Any]):
        def __getitem__(self, _name: str) -> Any:
            raise AnsibleError(said.format(random_text()))

    [target] = targets_of(["it"], {"it": Broken(authorize_maia=1)})
    assert target["refusal"] == f"The variable authorize_maia cannot be evaluated{why}."
