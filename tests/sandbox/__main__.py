# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m sandbox --state-dir DIR [--quiet] [-- command ...]"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import FrameType

from sandbox.sandbox import SERVICES, Sandbox

# A variable of the user's real accounts must not mix with those of the sandbox.
_VENDOR_PREFIXES = ("AWS_", "AZURE_", "SNOWFLAKE_", "MAIA_", "STRIPE_")
_OUR_PREFIX = "MAIA_STRIPE_QUERY_"  # the collection's own switches


def main() -> int:
    options = _options()
    made = Sandbox(options.state_dir, options.services)
    with _termination() as terminated, made as sandbox:
        if options.command:
            return _run(options.command, sandbox, terminated)
        if not options.quiet:
            for line in (sandbox.directory / "environment").read_text("utf-8").splitlines():
                print(line)
        print("ready", flush=True)
        terminated.wait()
    return 0


def _run(command: list[str], sandbox: Sandbox, terminated: threading.Event) -> int:
    """Run the command inside the sandbox; its exit status is ours, as a shell would give it."""
    inherited = {
        name: text
        for name, text in os.environ.items()
        if name.startswith(_OUR_PREFIX) or not name.startswith(_VENDOR_PREFIXES)
    }
    process = subprocess.Popen(command, env=inherited | sandbox.environment)
    while True:
        try:
            status = process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            if terminated.is_set():
                process.terminate()
        else:
            return status if status >= 0 else 128 - status


@contextlib.contextmanager
def _termination() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, instead of tearing down half of a start or stop."""
    event = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        event.set()

    signals = (signal.SIGINT, signal.SIGTERM)
    previous = {number: signal.signal(number, note) for number in signals}
    try:
        yield event
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Local stand-ins for AWS, Azure, Snowflake, Maia and Stripe.",
    )
    parser.add_argument("--state-dir", required=True, help="a new or empty directory")
    parser.add_argument("--quiet", action="store_true", help="do not print the export lines")
    parser.add_argument(
        "--services",
        type=lambda text: tuple(text.split(",")),
        default=tuple(SERVICES),
        help="comma-separated; all of them by default",
    )
    parser.add_argument("command", nargs="*", help="run this inside the sandbox, then stop")
    options = parser.parse_args()
    unknown = set(options.services) - set(SERVICES)
    if unknown:
        parser.error(f"no such service: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
