# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which extra variables a run may have, as the administrator of its environment says.

Extra variables come before all others, so that whoever may give any of them decides where keys and
credentials go (endpoints, accounts, grants), and with Ansible's own ones (ansible_connection,
ansible_python_interpreter) which programs run. What could be forbidden has no end; so what may be
given is named. They cannot change the environment of ansible-playbook, which in AWX comes from
credential types, the settings and the image.
https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html#variable-precedence-where-should-i-put-a-variable
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.utils.vars import load_extra_vars

from ..module_utils._core.errors import ConfigurationError

# Names, with commas or spaces between them. Empty: none at all.
ALLOWED = "MAIA_STRIPE_QUERY_EXTRA_VARS"
# <name>=<value>, likewise: those that have to be given, with just this value.
PINNED = "MAIA_STRIPE_QUERY_PINNED"

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# Ansible's own and, with two underscores, what is private to playbooks; no list may name these.
_NEVER = ("ansible_", "_")
# AWX adds these to every job: who launched it, from which template and so on. Nothing reads them.
_AWX_OWN = ("awx_", "tower_")


def refuse_extra_variables() -> None:
    """Raise AnsibleError if this run has extra variables that its environment does not allow."""
    if not os.environ.keys() & {ALLOWED, PINNED}:
        return
    try:
        check_extra_variables(os.environ, load_extra_vars(DataLoader()))
    except ConfigurationError as error:
        raise AnsibleError(str(error)) from None


def check_extra_variables(environment: Mapping[str, str], given: Mapping[str, object]) -> None:
    """Raise ConfigurationError, which quotes no value: it may be a secret."""
    pinned = _pinned(environment.get(PINNED, ""))
    for name, value in pinned.items():
        if name not in given or str(given[name]) != value:
            raise ConfigurationError(
                f"Extra variable {name}",
                f"{PINNED} says what it has to be, and it is something else or not given",
                "leave it to the administrator's settings",
            )
    if ALLOWED not in environment:
        return
    allowed = {*_names(environment[ALLOWED]), *pinned}
    for name in given:
        if name not in allowed and not str(name).startswith(_AWX_OWN):
            raise ConfigurationError(
                f"Extra variable {str(name)[:64]!r}",
                f"{ALLOWED} does not name it, so it may not be given",
                "leave it out, or have the administrator of this environment add its name there",
            )


def _names(text: str) -> list[str]:
    names = text.replace(",", " ").split()
    for name in names:
        _check_name(name, ALLOWED)
    return names


def _pinned(text: str) -> dict[str, str]:
    pinned = {}
    for entry in text.replace(",", " ").split():
        name, equals, value = entry.partition("=")
        _check_name(name, PINNED)
        if not equals or not value or name in pinned:
            raise ConfigurationError(
                f"Environment variable {PINNED}",
                f"'{name}' is not there once and with a value",
                "write <variable>=<value>, with spaces between several",
            )
        pinned[name] = value
    return pinned


def _check_name(name: str, where: str) -> None:
    if not _NAME.fullmatch(name) or name.startswith(_NEVER):
        raise ConfigurationError(
            f"Environment variable {where}",
            f"{name[:64]!r} is not the name of a variable that may be an extra variable",
            "name variables of playbooks and roles, with spaces between them; those that begin with"
            " ansible_ or an underscore are never allowed",
        )
