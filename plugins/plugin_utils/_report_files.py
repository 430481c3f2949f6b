# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a report can be written, which is found out before anything else is."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible import errors

from ..module_utils._core.errors import ConfigurationError

FILES = ("authorize_report", "authorize_report_json")
# As chmod has it.
_MODE = re.compile(r"0?[0-7]{3,4}|[ugoa]*[-+=][ugorwxXst]*(,[ugoa]*[-+=][ugorwxXst]*)*")


def check_report(variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> None:
    """Raises ConfigurationError. evaluate: what a variable's text is as a template."""

    def value(name: str) -> Any:
        try:
            return evaluate(variables[name]) if name in variables else None
        except errors.AnsibleError:
            return None  # told by the task that needs it

    paths = {name: path for name in FILES if (path := value(name))}
    for name, path in paths.items():
        _check_path(name, str(path))
    if not paths:
        return
    mode, days = value("report_mode"), value("report_max_age_days")
    if mode is not None and not _MODE.fullmatch(str(mode)):
        raise ConfigurationError("Variable report_mode", "it is no mode of a file", 'give "0600"')
    if days is not None and not str(days).isdecimal():
        raise ConfigurationError(
            "Variable report_max_age_days", "it is no number of days", "give such as 90"
        )


def _check_path(name: str, path: str) -> None:
    file = Path(os.path.realpath(path))
    there = next((parent for parent in file.parents if parent.exists()), file)
    if file.is_dir():
        why = "it is a directory"
    elif not there.is_dir():
        why = f"{there} is no directory"
    elif not os.access(there, os.W_OK | os.X_OK):
        why = f"nothing can be written in {there}"
    else:
        return
    raise ConfigurationError(
        f"Variable {name}", why, "give the path of a file in a directory of yours"
    )
