# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names from Maia are data in inventory and plays, with each version of ansible-core."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.python.maia_world import MaiaWorld, maia_world
from leak.run import Core
from sandbox.maia.store import HYBRID

# Names that others gave; the last two are a template only when put together.
PROJECT = "Shop {"
ENVIRONMENTS = (
    "{{ lookup('pipe', 'touch MARK') }}",
    "x{% if lookup('pipe', 'touch MARK') %}{% endif %}",
    "{ lookup('pipe', 'touch MARK') }}",
    "% if lookup('pipe', 'touch MARK') %}{% endif %}",
)
CONSTRUCTED = {
    "compose": {
        "composed": "maia_project ~ maia_environment",
        "nested": "{'list': [maia_environment], 'agent': maia_agent.name}",
        "brace": "'{' ~ maia_environment",
    },
    "keyed_groups": [
        {"key": "maia_environment", "prefix": "env"},
        {"key": "maia_project ~ maia_environment", "separator": "", "parent_group": "{{ 'p' }}"},
        {"key": "maia_agent", "prefix": "agent"},
    ],
    "groups": {"hybrid": "maia_vault != 'maia'"},
    "strict": True,
}
PLAY = """
- hosts: maia_projects
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact:
        kept: "{{ authorize_project ~ '/' ~ authorize_environment }}"
    - ansible.builtin.debug:
        msg:
          - "{{ inventory_hostname }} {{ inventory_hostname_short }} {{ ansible_play_hosts }}"
          - "{{ group_names }} {{ groups }}"
          - "{{ maia_project }} {{ maia_environment }} {{ maia_agent }} {{ kept }}"
          - "{{ composed }} {{ nested }} {{ brace }}"
          - "{{ hostvars[inventory_hostname] | to_json }}"
    - ansible.builtin.debug:
        msg: "{{ item }}"
      loop: "{{ groups | dict2items }}"
      when: authorize_environment is string and inventory_hostname in groups['maia_projects']
    - ansible.builtin.debug:
        var: secret_name
      vars:
        secret_name: "{{ inventory_hostname }}-{{ authorize_environment }}"
"""


class Fleet:
    """Projects and environments whose names would make a file if they were run."""

    def __init__(self, world: MaiaWorld, core: Core, home: Path) -> None:
        self.world, self.core, self.home = world, core, home
        self.mark = home / "mark"
        project = world.service.add_project(PROJECT, deployment=HYBRID)
        for name in ENVIRONMENTS:
            text = name.replace("MARK", str(self.mark))
            agent = world.service.add_agent(text, "aws", "fargate")
            world.service.add_environment(project, text, agent)

    def run(self, program: str, *arguments: str, **config: Any) -> tuple[int, str, str]:
        source = self.home / "fleet.maia_projects.yml"
        plugin = {"plugin": "maia.stripe_query.maia_projects", "projects": [PROJECT], **config}
        source.write_text(yaml.safe_dump(plugin))
        given = ("-i", str(source), *arguments)
        programs = self.core.programs
        done = self.world.ansible(program, *given, home=self.home, programs=programs)
        assert not self.mark.exists(), done.stdout + done.stderr
        return done.returncode, done.stdout, " ".join(done.stderr.split())


@pytest.fixture
def fleet(core: Core, tmp_path: Path) -> Iterator[Fleet]:
    with maia_world() as world:
        yield Fleet(world, core, tmp_path)


@pytest.mark.parametrize(
    "hostname", ["maia_environment", "maia_project_id ~ '/' ~ maia_environment"]
)
def test_a_name_that_looks_like_a_template_makes_no_host(fleet: Fleet, hostname: str) -> None:
    code, _shown, errors = fleet.run("ansible-inventory", "--list", hostname=hostname)
    assert code != 0
    assert "Ansible would take it for a template" in errors


def test_names_are_data_in_inventory_and_plays(fleet: Fleet) -> None:
    cache = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(fleet.home / "cache"),
    }
    play = fleet.home / "play.yml"
    play.write_text(PLAY)
    for _again in range(2):
        code, shown, errors = fleet.run("ansible-playbook", str(play), **CONSTRUCTED, **cache)
        assert code == 0, shown + errors
        for name in ENVIRONMENTS:
            assert json.dumps(name.replace("MARK", str(fleet.mark)))[1:-1] in shown


def test_what_cannot_be_a_template_is_listed_as_plain_text(fleet: Fleet) -> None:
    code, shown, errors = fleet.run("ansible-inventory", "--list", **CONSTRUCTED)
    assert code == 0, errors
    for variables in json.loads(shown)["_meta"]["hostvars"].values():
        assert variables["ansible_connection"] == "local"
        assert variables["authorize_vault"] == variables["maia_vault"] == "aws"
        assert isinstance(variables["maia_project_id"], str)
        assert variables["maia_environment"].keys() == {"__ansible_unsafe"}
