# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws hosts with random variables of the role: right ones, and each kind of wrong one."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.role_options import MAIN

VAULTS = {
    "aws": "Shop Analytics",
    "azure": "Billing Insights",
    "snowflake": "Finance Warehouse",
    "maia": "Marketing Reports",
}
ENVIRONMENTS = ("test", "production")

# Ways of leaving a variable out: null is as good as nothing.
LEFT_OUT = (None, "{{ omit }}")
UNDEFINED = "{{ lanes_is_not_defined }}"
_WRONG: Mapping[str, Sequence[Any]] = {
    "str": (["one", "two"], {"one": 1}, ""),
    "path": (["one", "two"], ""),
    "bool": ("perhaps", [True]),
    "list": ({"one": 1}, "nonsense"),
    "dict": ("nonsense", ["one"], {"nonsense": True}),
}
# What may be given in a right case, beside what is needed.
_RIGHT: Mapping[str, Sequence[Any]] = {
    "authorize_vault": ("auto",),
    "authorize_definition_name": ("{{ 'stripe_' ~ inventory_hostname | replace('-', '_') }}",),
    "authorize_label": ("api_key", "stripe", "{{ 'templated' }}"),
    "authorize_verify": ("never", "local", "stripe"),
    "authorize_expected_mode": ("test", "live"),
    "authorize_permissions": (["charges"], "{{ ['charges', 'customers'] }}"),
    "authorize_stripe": ({"expected_mode": "live"}, {"expected_account": "acct_lanes"}),
    "authorize_update_value": ("on_change", "always", "never"),
    "authorize_prove_values": (False,),
    "authorize_prove": (True, False, "{{ true }}"),
    "authorize_on_foreign": ("fail", "adopt"),
    "authorize_on_unknown": ("write", "keep", "fail"),
    "authorize_aws": (
        {"description": "of a lane"},
        {"format": "plaintext"},
        {"tags": {"team": "data"}},
        {"update_value": "never"},
    ),
    "authorize_azure": ({"tags": {"team": "data"}}, {"update_value": "always"}),
    "authorize_snowflake": ({"comment": "of a lane"}, {"update_value": "never"}),
    "authorize_definition": ({"description": "of a lane"}, {"on_foreign": "adopt"}),
    "authorize_state": ("present", "absent"),
}


def connections() -> dict[str, Any]:
    """What each case needs to reach the sandbox; all else is in the environment."""
    return {
        "authorize_maia": {"region": "eu1"},
        "authorize_aws": {"region": "eu-west-1"},
        "authorize_azure": {"vault_name": "demo-vault"},
        "authorize_snowflake": {},
    }


_PLACE = ("authorize_project", "authorize_environment", "authorize_secret_name")


def draw(count: int, seed: int, keys: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Variables by host. keys: names of the sandbox's keys, with the files that hold them."""
    chance = random.Random(seed)
    hosts = {f"lane-{number:03}": _host(number, chance, keys) for number in range(count)}
    for name, left_out in zip(hosts, _PLACE, strict=False):  # whatever is drawn
        hosts[name].pop(left_out, None)
        hosts[name].pop("authorize_definition_name", None)  # its default needs the environment
    return hosts


def changed(
    hosts: Mapping[str, Mapping[str, Any]], seed: int, keys: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The same hosts a day later: some as they were, some with other variables."""
    chance = random.Random(seed + 1)
    later: dict[str, dict[str, Any]] = {}
    for number, (name, variables) in enumerate(hosts.items()):
        if chance.random() < 0.4:
            later[name] = dict(variables)
            continue
        later[name] = {
            **_host(number, chance, keys),
            # The same place, or nothing would be found again.
            **{place: variables[place] for place in _PLACE if place in variables},
        }
        if chance.random() < 0.3:
            later[name]["authorize_state"] = "absent"
    return later


def _host(number: int, chance: random.Random, keys: Mapping[str, str]) -> dict[str, Any]:
    vault = chance.choice(list(VAULTS))
    variables: dict[str, Any] = {
        "authorize_project": VAULTS[vault],
        "authorize_environment": chance.choice(ENVIRONMENTS),
        "authorize_secret_name": f"lane-{number}" if vault == "azure" else f"lane_{number}",
        "authorize_definition_name": f"stripe_lane_{number}",
        "authorize_vault": vault,
        "authorize_api_key_file": chance.choice(list(keys.values())),
        **connections(),
    }
    for name in chance.sample(list(_RIGHT), chance.randint(0, 3)):
        _give(variables, name, chance.choice(_RIGHT[name]))
    if chance.random() < 0.5:
        name = chance.choice(list(MAIN))
        wrong = [*LEFT_OUT, UNDEFINED, *_WRONG.get(MAIN[name]["type"], ())]
        variables[name] = chance.choice(wrong)
    if chance.random() < 0.1:
        variables.pop(chance.choice(list(variables)))
    return variables


def _give(variables: dict[str, Any], name: str, value: Any) -> None:
    held = variables.get(name)
    both = isinstance(held, dict) and isinstance(value, dict)
    variables[name] = {**held, **value} if both and held is not None else value
