# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker whose controller is killed ends with its modules, whatever its threads are doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unit.clock import PATIENCE

_CONTROLLER = """
import multiprocessing, os, subprocess, sys, threading, time
from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import Deadline
from ansible_collections.maia.stripe_query.plugins.plugin_utils._ends_with_ansible import (
    end, ends_with_ansible, tell)

def write():
    while True:
        os.write(1, b".")
        time.sleep(0.01)

def work():
    limit = Deadline(600) if "tells" in sys.argv else None
    with ends_with_ansible(limit):
        module = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        threading.Thread(target=write, daemon=True).start()
        os.write(1, f"{os.getpid()} {module.pid}\\n".encode())
        while limit is None or limit.left():
            time.sleep(0.05)
        tell(limit.ended_because())
        end()

worker = multiprocessing.get_context("fork").Process(target=work)
worker.start()
worker.join()
"""


@pytest.mark.parametrize("tells", [False, True], ids=["at once", "tells what it did"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_with_its_controller(
    tmp_path: Path, number: signal.Signals, *, tells: bool
) -> None:
    """SIGKILL comes to the controller, and the others to the worker, as Ansible passes them on."""
    written, said = tmp_path / "written", tmp_path / "said"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", _CONTROLLER, *(["tells"] if tells else [])]
    with written.open("wb") as file, said.open("wb") as errors:
        controller = subprocess.Popen(command, stdout=file, stderr=errors, env=environment)
    end = time.monotonic() + PATIENCE
    while b"\n" not in written.read_bytes() and time.monotonic() < end:
        time.sleep(0.05)
    started = written.read_bytes().split(b"\n")[0].strip(b".").split()
    worker, module = map(int, started)
    os.kill(controller.pid if number == signal.SIGKILL else worker, number)
    controller.wait()
    while (_runs(worker) or _runs(module)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _runs(worker)
    assert not _runs(module)
    assert said.read_text("utf-8") == ("the run was cancelled" if tells else "")


def _runs(pid: int) -> bool:
    """Nobody may be there to take note of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
