# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a playbook of ours is started, on a fleet with a target for each vault."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from torture.world import World

_CHECKOUT = Path(__file__).resolve().parents[2]
_INVENTORY = _CHECKOUT / "tests" / "leak" / "inventory.yml"
_PROGRAMS = Path(sys.executable).parent
# The new key of each target.
OTHER_KEYS = (
    "--extra-vars",
    "authorize_api_key={{ lookup('ansible.builtin.file',"
    " sandbox['keys'][inventory_hostname ~ '-production']) }}",
)


def command(
    playbook: str, options: Sequence[str], programs: Path = _PROGRAMS
) -> Sequence[str | Path]:
    """programs: where those of the ansible-core to use are."""
    # Its first line may name an interpreter by a path that is too long.
    ansible = [programs / "python", programs / "ansible-playbook"]
    given = ("--inventory", _INVENTORY, "--extra-vars", "authorize_hosts=fleet")
    return [*ansible, f"maia.stripe_query.{playbook}", *given, *options]


def environment(world: World) -> dict[str, str]:
    # The inventory has wrong credentials too, which ansible-core 2.18 reads though none are used.
    canaries = world.directory().with_suffix(".canaries")
    canaries.write_text('{"wrong": "none"}', "utf-8")
    return {
        **os.environ,
        "ANSIBLE_HOME": str(world.directory()),
        "ANSIBLE_NOCOLOR": "true",
        "LEAK_CANARIES": str(canaries),
        "LEAK_STATE": os.environ["SANDBOX_STATE"],
    }
