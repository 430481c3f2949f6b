# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A callback for tests: writes nothing but the tasks' results, as one JSON object.

Each has the seconds that its task took.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: results_as_json
type: stdout
short_description: The results as one JSON object
description: For tests.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "results_as_json"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._results: dict[str, Any] = {}
        self._began: dict[str, float] = {}

    def v2_runner_on_start(self, _host: Any, task: Any) -> None:
        self._began[task.get_name()] = time.monotonic()

    def v2_runner_on_ok(self, result: Any, *, failed: bool = False, **_more: Any) -> None:
        shown = json.loads(self._dump_results(result._result))
        # Some versions of Ansible take it out of the result.
        name = result._task.get_name()
        seconds = time.monotonic() - self._began[name]
        self._results[name] = {**shown, "failed": failed, "seconds": round(seconds, 3)}

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: ARG002
        self.v2_runner_on_ok(result, failed=True)

    v2_runner_on_unreachable = v2_runner_on_failed

    def v2_playbook_on_stats(self, _stats: Any) -> None:
        json.dump(self._results, sys.stdout)
