# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies of the system's settings, which macOS has, are asked for before Ansible forks.

Where no variable names a proxy, Python asks a framework of macOS. That ends a process that was
forked and has started no program since, as Ansible's workers are.
https://docs.ansible.com/ansible/latest/reference_appendices/faq.html#running-on-macos-as-a-control-node
"""

from __future__ import annotations

import multiprocessing
import os
from urllib import request

# What Ansible's parent was told, which loads this before it forks; None if it was not asked.
_found: dict[str, str] | None = None


def ask_for_system_proxies() -> None:
    """For what loads a plugin of ours: a worker has to be told by the process that forked it."""
    global _found
    if _found is None and _settings_count() and multiprocessing.parent_process() is None:
        _found = request.getproxies()


def reason_for_a_new_process() -> str | None:
    """Why this one must not make requests; if None, it does not ask the system any more."""
    if not _settings_count():
        return None
    if _found is None:
        return "the system's proxies were not asked for before the worker was forked"
    if _found:
        return "the system's settings name a proxy"
    os.environ["no_proxy"] = "*"  # so that libraries need not ask
    return None


def _settings_count() -> bool:
    """Whether Python asks the system: not on Linux, and not where a variable says it all."""
    asks: bool = request.getproxies is not request.getproxies_environment
    return asks and not request.getproxies_environment()
