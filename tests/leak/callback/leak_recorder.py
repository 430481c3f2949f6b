# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A callback for the leak harness: prepares each scenario, and records its raw result.

It runs in Ansible's main process, so that it prepares before the task's worker is forked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.plugins.callback import CallbackBase

from sandbox.client import SandboxClient
from sandbox.service import Fault

DOCUMENTATION = """
name: leak_recorder
type: aggregate
short_description: prepares and records what the leak harness plays
description: For tests only.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc, unused-ignore]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "leak_recorder"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sandbox = SandboxClient.from_state(os.environ["LEAK_STATE"])
        self._layer = Path(os.environ["LEAK_LAYER_FILE"])
        self._events = Path(os.environ["LEAK_EVENTS_FILE"])
        self._verdicts = Path(os.environ["LEAK_VERDICTS_FILE"])

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        del is_conditional
        scenario = task.vars.get("leak_scenario") or {}
        self._layer.write_text("")  # first, since what crashes is used here, too
        # Nothing looked up before may save a scenario from asking.
        shutil.rmtree(
            Path(vars(constants)["DEFAULT_LOCAL_TMP"]) / "maia_stripe_query", ignore_errors=True
        )
        self._sandbox.clear()
        if scenario.get("fault"):
            self._sandbox.order(Fault(**scenario["fault"]))
        self._layer.write_text(scenario.get("layer") or "")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._note("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        del ignore_errors
        self._note("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._note("failed", result)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._write(self._events, {"item": result._result})

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._write(self._events, {"item": result._result})

    def _note(self, outcome: str, result: Any) -> None:
        task = result._task
        # As it came from the worker: nothing that Ansible does before showing it is done yet.
        event = {"task": task.name, "outcome": outcome, "result": result._result}
        self._write(self._events, event)
        scenario = task.vars.get("leak_scenario")
        if scenario:
            problem = _problem(scenario, outcome, str(result._result.get("msg", "")))
            self._write(self._verdicts, {"task": task.name, "problem": problem})

    def _write(self, file: Path, data: object) -> None:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(data, default=str) + "\n")


def _problem(scenario: dict[str, Any], outcome: str, message: str) -> str:
    """Why this is not what was expected; empty if it is."""
    if scenario["expect"] not in (outcome, "any"):
        return f"{outcome}, not {scenario['expect']}: {message[:300]}"
    if outcome == "failed" and not re.search(scenario["says"] or "", message):
        return f"does not say {scenario['says']!r}: {message[:300]}"
    return ""
