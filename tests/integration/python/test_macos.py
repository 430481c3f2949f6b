# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What macOS does to a worker that asks for the system's proxies, simulated.

Each Python begins with a urllib as macOS has it, whose framework ends every process that was forked
and asks it. https://github.com/python/cpython/blob/main/Lib/urllib/request.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from integration.python.twice import IN_PROCESS, MODULES, Twice, play_of
from sandbox.client import SandboxClient

pytestmark = pytest.mark.long

_MACOS = """
import json, os, sys, types, urllib.request

_began = os.getpid()


def _asked(answer):
    def ask():
        if os.getpid() != _began:
            os.abort()
        return answer

    return ask


_framework = types.ModuleType("_scproxy")
_framework._get_proxies = _asked(json.loads(os.environ["SYSTEM_PROXIES"]))
_framework._get_proxy_settings = _asked({"exclude_simple": True, "exceptions": ["127.0.0.1"]})
sys.modules["_scproxy"] = _framework
_real = sys.platform
sys.platform = "darwin"
del sys.modules["urllib.request"]
import urllib.request

sys.platform = _real
"""
_PROXY = "http://127.0.0.1:9"


@pytest.mark.parametrize("proxies", [{}, {"http": _PROXY, "https": _PROXY}])
def test_no_worker_asks_for_the_systems_proxies(
    services: SandboxClient, tmp_path: Path, proxies: dict[str, str]
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(_MACOS, "utf-8")
    twice = Twice(services, tmp_path)
    tasks: list[dict[str, Any]] = []
    for module in MODULES:
        tasks += [*twice.before(module), {**twice.task(module, module), "ignore_errors": True}]
    came = twice.run(
        [play_of(tasks)],
        IN_PROCESS["in process"],
        MODULES,
        PYTHONPATH=os.pathsep.join([str(site), os.environ["PYTHONPATH"]]),
        SYSTEM_PROXIES=json.dumps(proxies),
    )
    # With a proxy in the settings a module may ask for it: it is a new process.
    assert bool(came.in_process) != bool(proxies)
    for module in MODULES:
        assert not came.results[module]["failed"], (module, came.results[module])
