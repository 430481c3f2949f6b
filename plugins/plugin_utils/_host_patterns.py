# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of hosts, in which a typo is an error.

Ansible leaves out what a pattern names and the inventory does not have, even from what is to be
excluded, and takes an empty pattern for all hosts.
https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible.inventory.manager import InventoryManager, split_host_pattern

from ..module_utils._core.errors import ConfigurationError

# What makes a part add to others or take away from them; and a regular expression.
_SET_OPERATORS, _OPERATORS = "!&", "!&~"
# With one of these a part is no name.
_NO_NAME = frozenset("*?[~")


def parts_of(pattern: Any, subject: str) -> list[str]:
    """What a pattern, a text or a list of texts, consists of. subject: what holds it.

    Raises ConfigurationError for what is no pattern, or has a part without a name.
    """
    texts = pattern if isinstance(pattern, list) else [pattern]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ConfigurationError(
            subject,
            "it is no pattern of hosts",
            "give a text like all or canaries, or a list of such texts",
        )
    parts = [part.strip() for text in texts for part in _split(text)]
    if not all(part.lstrip(_OPERATORS).strip() for part in parts):
        raise ConfigurationError(
            subject,
            "it is empty, or has an empty part, which would be all hosts",
            "give a pattern like all or canaries",
        )
    return parts


def limit_parts(limit: str, subject: str) -> list[str]:
    """The same of --limit, whose parts may be files with a pattern in each line."""
    found: list[str] = []
    for part in parts_of(limit, subject):
        if part.startswith("@"):
            lines = Path(part[1:]).read_text(encoding="utf-8").splitlines()
            found += [line.strip() for line in lines if line.strip()]
        else:
            found.append(part)
    return found


def check_parts(inventory: InventoryManager, parts: list[str], subject: str) -> None:
    """Raise ConfigurationError if one of these parts names or matches nothing in the inventory.

    A group without hosts is there, and matches nothing.
    """
    known = {*inventory.groups, *inventory.hosts, "localhost"}
    for part in parts:
        name = part.lstrip(_SET_OPERATORS)
        if name in known:
            continue
        if not _NO_NAME & set(name):
            named = "a host or group" if in_awx() else f"'{name}'"
            raise ConfigurationError(
                subject,
                f"it names {named} that the inventory does not have",
                "correct it, or the inventory",
            )
        if not inventory.get_hosts([name]):
            shown = "a part of it" if in_awx() else f"its part '{part}'"
            raise ConfigurationError(
                subject, f"{shown} matches no host", "correct it, or the inventory"
            )


def in_awx() -> bool:
    """AWX puts this into a job's environment, where whoever launches it cannot.

    Who answers a survey there could have an error show what only the job may see.
    """
    return "JOB_ID" in os.environ


def is_unanswered(value: object) -> bool:
    """Whether it is what AWX gives for a question of a survey that is left out: an empty text."""
    return value == "" and in_awx()


def _split(text: str) -> list[str]:
    # Ansible leaves empty parts out here, and takes it for all hosts if no other is left.
    return text.split(",") if "," in text else split_host_pattern(text) or [""]
