# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task for many targets tells of them when its run is cancelled, and their report.

The role report cannot write it any more: Ansible starts no further task.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from ..module_utils._core.errors import ConfigurationError
from ._ends_with_ansible import tell
from ._output_files import FILES, check_file
from ._report import report
from ._table import table

_ROLE = Path(__file__).resolve().parents[2] / "roles" / "report"
_TITLE = "Stripe Query authorization"
Evaluate = Callable[[Any], Any]


def tell_of_targets(
    targets: Mapping[str, Mapping[str, Any]],
    *,
    check_mode: bool,
    variables: Mapping[str, Any],
    evaluate: Evaluate,
) -> None:
    """Tell what was done, then write the reports that the play's variables ask for."""
    lines = table(targets, check_mode=check_mode) if targets else []
    tell("\n".join(["", "The run was cancelled. What it did until then:", *lines, ""]))
    for path in _written(targets, check_mode, variables, evaluate):
        tell(f"Report: {path}\n")


def _written(
    targets: Mapping[str, Mapping[str, Any]],
    check_mode: bool,
    variables: Mapping[str, Any],
    evaluate: Evaluate,
) -> Iterator[str]:
    """The paths of what could be written; that something could not is told."""

    def value(name: str, default: Any) -> Any:
        return evaluate(variables[name]) if variables.get(name) is not None else default

    for name, render in zip(FILES, (_page, _json), strict=True):
        try:
            path = value(name, "")
            if not path:
                continue
            asked = {
                "title": f"{value('report_title', _TITLE)} (cancelled)",
                "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "check_mode": check_mode,
                "max_age_days": int(value("report_max_age_days", 0)),
            }
            where = check_file(name, str(path))
            mode = int(str(value("report_mode", "0600")), 8)
            write(where, render(targets, asked), mode)
        except ConfigurationError as error:
            tell(f"{name}: not written ({error.reason}).\n")
        except Exception as error:  # a template of the user's, or a disk that is full
            tell(f"{name}: not written ({type(error).__name__}).\n")
        else:
            yield str(where)


def _page(targets: Mapping[str, Mapping[str, Any]], asked: Mapping[str, Any]) -> str:
    """As Ansible's template makes it. All text in it is HTML already."""
    templates = Environment(
        loader=FileSystemLoader(_ROLE / "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["maia.stripe_query.report"] = report
    return templates.get_template("report.html.j2").render(
        __report={"results": targets, "time": asked["time"]},
        report_title=asked["title"],
        report_check_mode=asked["check_mode"],
        report_max_age_days=asked["max_age_days"],
    )


def _json(targets: Mapping[str, Mapping[str, Any]], asked: Mapping[str, Any]) -> str:
    return json.dumps(report(targets, **asked)["json"], indent=4, sort_keys=True) + "\n"


def write(path: Path, text: str, mode: int) -> None:
    """Whole or not at all: an earlier report stays until this one is complete."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.touch(0o600)
    new.write_text(text, "utf-8")
    new.chmod(mode)
    new.replace(path)
