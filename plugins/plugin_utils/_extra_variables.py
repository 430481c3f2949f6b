# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which extra variables a run may have, as the administrator of its environment says.

Extra variables override all others. A user who can set any of them decides where keys and
credentials go (endpoints, accounts, grants), and with Ansible's own ones (ansible_connection,
ansible_python_interpreter) which programs run. What could be forbidden has no end; so what may be
given is named. They cannot change the environment of ansible-playbook, which in AWX comes from
credential types, the settings and the image.
https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html#variable-precedence-where-should-i-put-a-variable
"""

from __future__ import annotations

import json
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
# A variable that begins like this has one of them, whose value may hold anything. So each
# credential type can pin what it gives, such as the path of a key's file.
PINNED_ONE = f"{PINNED}_"

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# Ansible's own and, with two underscores, what is private to playbooks; no list may name these.
_NEVER = ("ansible_", "_")
# AWX adds these to every job: who launched it, from which template and so on. A launcher can set
# them too, and overrides AWX's values. AWX has no other names with these prefixes.
# https://github.com/ansible/awx/blob/24.6.1/awx/main/models/unified_jobs.py and jobs.py
AWX_OWN = re.compile(
    r"(awx|tower)_(job_(id|launch_type|scm_branch|template_id|template_name)"
    r"|workflow_job_(id|name|launch_type)|(parent_job_)?schedule_(id|name)"
    r"|user_(id|name|email|first_name|last_name)|inventory_(id|name)|project_(revision|scm_branch))"
)

# All that makes Ansible take a text for a template. The last one, at a text's start, names other
# delimiters, which hide a template from a search for braces.
TEMPLATES = ("{{", "{%", "{#", "#jinja2:")


def refuse_extra_variables() -> None:
    """Raise AnsibleError if this run has extra variables that its environment does not allow."""
    if ALLOWED not in os.environ and not [name for name in os.environ if name.startswith(PINNED)]:
        return
    try:
        check_extra_variables(os.environ, load_extra_vars(DataLoader()))
    except ConfigurationError as error:
        raise AnsibleError(str(error)) from None


def refuse_absent_for_all(given: Mapping[str, object]) -> None:
    """Raise ConfigurationError for a deletion that no host asks for by itself.

    A template may come out as one.
    """
    if given.get("authorize_state") not in (None, "present"):
        raise ConfigurationError(
            "Extra variable authorize_state",
            "unless it is present, it would delete the secret and the definition of every host",
            "use the playbook revoke, or set it in the inventory, for the hosts that are to go",
        )


def check_extra_variables(environment: Mapping[str, str], given: Mapping[str, object]) -> None:
    """Raise ConfigurationError, which quotes no value: it may be a secret."""
    pinned = _pinned(environment)
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
    for name, held in given.items():
        if name not in allowed and not AWX_OWN.fullmatch(str(name)):
            raise ConfigurationError(
                f"Extra variable {str(name)[:64]!r}",
                f"{ALLOWED} does not name it, so it may not be given",
                "leave it out, or have the administrator of this environment add its name there",
            )
        _refuse_template(name, held)


def _refuse_template(name: str, value: object) -> None:
    """Who may answer a question could otherwise read the job's environment by the answer."""
    texts = json.dumps(value, default=str)
    if any(mark in texts for mark in TEMPLATES):
        raise ConfigurationError(
            f"Extra variable {name!r}",
            "it holds a template, which could read all that the job has",
            "give plain text, or set the variable in the inventory",
        )


def _names(text: str) -> list[str]:
    names = text.replace(",", " ").split()
    for name in names:
        _check_name(name, ALLOWED)
    return names


def _pinned(environment: Mapping[str, str]) -> dict[str, str]:
    entries = [(PINNED, entry) for entry in environment.get(PINNED, "").replace(",", " ").split()]
    entries += [(name, text) for name, text in environment.items() if name.startswith(PINNED_ONE)]
    pinned: dict[str, str] = {}
    for where, entry in entries:
        name, equals, value = entry.partition("=")
        _check_name(name, where)
        if not equals or not value or name in pinned:
            raise ConfigurationError(
                f"Environment variable {where}",
                f"'{name}' is not there once and with a value",
                f"write <variable>=<value>, in {PINNED} with spaces between several",
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
