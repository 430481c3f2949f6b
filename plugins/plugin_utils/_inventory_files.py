# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory as files: hosts in a group for each vault, and what they share in group_vars. Pure.

Names that others gave in Maia are data: a text that Ansible could take for a template is marked.
https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_advanced_syntax.html#unsafe-or-raw-strings
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import yaml

from ..module_utils._flow.vaults import VAULTS
from ._inventory_data import is_plain

Variables = Mapping[str, Any]

HOSTS = "hosts.yml"
_SHARED = "group_vars/all.yml"
_GROUPS = {vault: f"vault_{vault}" for vault in VAULTS}
# All that an inventory may have.
NAMES = (HOSTS, _SHARED, *(f"group_vars/{group}.yml" for group in _GROUPS.values()))
# How a file begins that may be replaced by a later one.
INVENTORY_HEAD = "---\n# Written by the playbook maia.stripe_query.discover."
_HEAD = f"""{INVENTORY_HEAD} It is yours now: change it as you like.
# The playbook replaces it if discover_replace is true, but never without the first of these lines.
"""
_ALL = """
# Without a key a run leaves all values as they are, and there is nothing to verify. Give each host
# its key, by authorize_api_key_file or another way, and a run sees that the vault holds that one.
host_has_key: >-
  {{ [authorize_api_key_file | default(none), authorize_api_key_env | default(none),
      authorize_api_key | default(none)] | select | length > 0 }}
authorize_update_value: "{{ omit if host_has_key | bool else 'never' }}"
authorize_verify: "{{ omit if host_has_key | bool else 'never' }}"
"""
_CREDENTIALS = """
# Credentials are never written here. They come from the environment, or from variables of your own.
"""


class _Dumper(yaml.SafeDumper):
    """Texts that could be templates are marked, and lists are indented as in Ansible's own."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    if is_plain(text):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text)
    return dumper.represent_scalar("!unsafe", text, style='"')


_Dumper.add_representer(str, _text)


def inventory_files(hosts: Mapping[str, Variables]) -> dict[str, str]:
    """By path below the inventory's directory. hosts: each with its variables; there may be none.

    An earlier inventory in the same place is replaced by them, if those of NAMES that are not among
    them are removed.
    """
    groups: dict[str, dict[str, Variables]] = defaultdict(dict)
    for name, variables in hosts.items():
        groups[_GROUPS[variables["authorize_vault"]]][name] = variables
    common = _shared(hosts)
    files = {_SHARED: _HEAD + _CREDENTIALS + _dump(common) + _ALL}
    children: dict[str, Any] = {}
    for group, members in sorted(groups.items()):
        rest = {host: _without(held, common) for host, held in members.items()}
        own = _shared(rest)
        if own:
            files[f"group_vars/{group}.yml"] = _HEAD + _dump(own)
        children[group] = {"hosts": {host: _without(held, own) for host, held in rest.items()}}
    files[HOSTS] = _HEAD + _dump({"all": {"children": children}})
    return files


def _shared(hosts: Mapping[str, Variables]) -> dict[str, Any]:
    """What all of them have alike, of that which is no name of an object."""
    first, *others = hosts.values() or [{}]
    return {
        name: value
        for name, value in first.items()
        if name not in _OWN and all(name in each and each[name] == value for each in others)
    }


_OWN = frozenset(
    {
        *("authorize_project", "authorize_environment"),
        *("authorize_secret_name", "authorize_label", "authorize_definition_name"),
    }
)


def _without(variables: Variables, shared: Variables) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if name not in shared}


def _dump(data: Mapping[str, Any]) -> str:
    if not data:
        return ""
    text: str = yaml.dump(
        dict(data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110, indent=2
    )
    return text
