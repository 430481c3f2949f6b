# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings of an earlier audit, which CI would show as those of one that is refused or dies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from ._audit import Rules, audit
from ._cancelled import write
from ._output_files import check_file

_UNFINISHED = "It began at {} and did not end; see its output."
# As the role report writes them, for who is not the owner.
_MODE = 0o644


def mark_unfinished(variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> None:
    """Let an audit that begins replace them by an error, which its own findings replace.

    What is wrong with a file is refused later. evaluate: what a variable's text is as a template.
    """
    if variables.get("__stripe_query_playbook") != "audit":
        return
    time = datetime.now(UTC).isoformat(timespec="seconds")
    broken = {"audit": {"failed": True, "msg": _UNFINISHED.format(time)}}
    found = audit(broken, Rules(time=time))
    texts = {
        "audit_junit": str(found["junit"]),
        "audit_json": json.dumps(found["json"], indent=4, sort_keys=True) + "\n",
    }
    for name, text in texts.items():
        with suppress(Exception):  # a template of the user's, or a file that is none of ours
            file = check_file(name, evaluate(variables[name]))
            if file.exists() and file.stat().st_size:
                write(file, text, _MODE)
