# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as tests have it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.client import SandboxClient
from sandbox.state import State


@contextmanager
def in_own_process(directory: Path) -> Iterator[State]:
    """A running sandbox.

    In the tests' process Python crashed now and then, in the servers' threads, while version 5 of
    Snowflake's connector, which has threads of its own, was logging in.
    """
    command = [sys.executable, "-m", "sandbox", "--state-dir", str(directory), "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError("The sandbox did not start.")
        try:
            yield State.load(directory)
        finally:
            process.terminate()


def emptied(state: State) -> Iterator[SandboxClient]:
    """A client of it, with nothing stored and no orders to fail, now and afterwards."""
    client = SandboxClient(state)
    client.clear()
    client.reset()
    yield client
    client.clear()
