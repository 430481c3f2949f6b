# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role report is about where a play does not say it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from tools.workspace import CHECKOUT

ROLE = CHECKOUT / "roles" / "report"
FAILED = {"shop": {"changed": False, "failed": True, "msg": "no key"}}
PLACE = {"authorize_project": "Shop", "authorize_environment": "test"}
DONE = {"changed": True}
LEFT = [{"target": "shop", "project": "Shop", "environment": "test", **DONE}]


@pytest.mark.parametrize(
    ("variables", "results"),
    [
        ({"authorize_rollout": {"failed": True, "targets": FAILED}}, FAILED),
        ({"authorize_rollout": {"skipped": True}}, LEFT),
        ({}, LEFT),
    ],
)
def test_it_is_what_came_of_the_play_s_targets(variables: dict[str, Any], results: object) -> None:
    loader = DataLoader()
    held: dict[str, Any] = {}
    for part in ("defaults/main.yml", "vars/main.yml"):
        held |= loader.load_from_file(str(ROLE / part), trusted_as_template=True)
    play = {
        "ansible_play_hosts_all": ["shop"],
        "ansible_check_mode": False,
        "hostvars": {"shop": {**PLACE, "authorize_result": DONE}},
    }
    templar = Templar(loader=loader, variables={**held, **play, **variables})
    assert templar.template(held["report_results"]) == results
