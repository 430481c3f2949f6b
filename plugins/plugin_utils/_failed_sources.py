# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory sources of ours that failed in this run, so that hosts may be missing.

Ansible only warns of such a source, and plays with the hosts of others. It reads inventories in the
process that it forks its workers from, so that what is noted here is known to the tasks.
"""

from __future__ import annotations

from ..module_utils._core.errors import ConfigurationError

_FAILED: list[str] = []


def note_failed_source(path: str) -> None:
    _FAILED.append(path)


def refuse_failed_sources() -> None:
    """Raise ConfigurationError if one failed: nothing is to be done for a part of the hosts."""
    if _FAILED:
        raise ConfigurationError(
            f"Inventory source {_FAILED[0]}",
            "it could not be read, as the warning above says, so that hosts may be missing",
            "mend it, or run without it",
        )
