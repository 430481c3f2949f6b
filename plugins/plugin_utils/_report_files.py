# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what a playbook writes for its user can be written, before anything else is done."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._core.errors import ConfigurationError
from ._discovery import PLAN
from ._inventory_files import NAMES
from ._output_files import check_directory, check_file, resolved
from ._targets import evaluated

FILES = ("authorize_report", "authorize_report_json")
DIRECTORY = "discover_directory"
# By the playbook. The others' variables may stand in an inventory for all of them.
_MORE_FILES = {"audit": ("audit_junit", "audit_json")}
# As chmod has it.
_MODE = re.compile(r"0?[0-7]{3,4}|[ugoa]*[-+=][ugorwxXst]*(,[ugoa]*[-+=][ugorwxXst]*)*")


def check_report(variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> None:
    """Raises ConfigurationError. evaluate: what a variable's text is as a template."""

    def value(name: str) -> Any:
        return evaluated(name, variables[name], evaluate) if name in variables else None

    playbook = str(variables.get("__stripe_query_playbook"))
    names = (*FILES, *_MORE_FILES.get(playbook, ()))
    paths = {name: path for name in names if (path := value(name)) is not None}
    files: dict[Path, str] = {}
    for name, path in paths.items():
        if (other := files.setdefault(check_file(name, path), name)) != name:
            raise ConfigurationError(
                f"Variable {name}", f"{other} names the same file", "give another path"
            )
    if playbook == "discover" and (directory := value(DIRECTORY)) is not None:
        check_inventory(directory, replace=value("discover_replace"))
    if any(name in paths for name in FILES):
        _check_options(value("report_mode"), value("report_max_age_days"))


def _check_options(mode: Any, days: Any) -> None:
    if mode is not None and not _MODE.fullmatch(str(mode)):
        raise ConfigurationError("Variable report_mode", "it is no mode of a file", 'give "0600"')
    if days is not None and not str(days).isdecimal():
        raise ConfigurationError(
            "Variable report_max_age_days", "it is no number of days", "give such as 90"
        )


def check_inventory(directory: object, *, replace: object) -> None:
    """Raises ConfigurationError if the playbook discover may not write its files there."""
    there = check_directory(DIRECTORY, directory, (*NAMES, PLAN))
    if there and not boolean(replace, strict=False):
        raise ConfigurationError(
            f"Variable {DIRECTORY}",
            f"there is {' and '.join(there)} in {resolved(DIRECTORY, directory)} already",
            "give another directory, or set discover_replace to true",
        )
