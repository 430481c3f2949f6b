# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many targets are put at risk at a time, in the terms of Ansible's serial. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .._core.errors import ConfigurationError

_SIZE = re.compile(r"([1-9][0-9]*)(%?)")


# The variables of the playbooks for options of authorize_targets.
_VARIABLES = {
    "waves": "authorize_serial",
    "max_fail_percentage": "authorize_max_fail_percentage",
    "threads": "authorize_threads",
    "progress": "authorize_progress",
    "canary": "rotate_canary",
}


def option(name: str) -> str:
    """What errors call an option: with the variable by which a playbook has it."""
    return f"Option {name} ({_VARIABLES[name]})"


def wave_sizes(waves: Sequence[str], targets: int) -> tuple[int, ...]:
    """The sizes of the waves of so many targets; () if there are to be none.

    waves: numbers, or percentages of all targets, of which each is one at least. The last one is
    that of all waves after it. Raises ConfigurationError.
    https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_strategies.html#setting-the-batch-size-with-serial
    """
    given = [_size(text.strip(), targets) for text in waves]
    sizes: list[int] = []
    while given and (left := targets - sum(sizes)) > 0:
        sizes.append(min(left, given[min(len(sizes), len(given) - 1)]))
    return tuple(sizes)


def _size(text: str, targets: int) -> int:
    found = _SIZE.fullmatch(text)
    number = int(found[1]) if found else 0
    if found is None or (found[2] and number > 100):
        raise ConfigurationError(
            option("waves"),
            f"'{text}' is neither a number of targets nor a percentage of them",
            "give such as 1, 10%, 100%",
        )
    return max(1, targets * number // 100) if found[2] else number
