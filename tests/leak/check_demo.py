# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the demo as loudly as Ansible can, on both execution paths, and looks for its secrets.

Runs inside the sandbox: python -m sandbox --state-dir DIR -- python -m leak.check_demo. Every
secret of the sandbox is a canary: all Stripe keys and all credentials.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from leak.search import forms, found_in
from sandbox.client import SandboxClient

# What -vvv says on each path, and how the switch is set for it.
PATHS = {"runs in process": "true", "runs as a module": "false"}
OUTPUT = "output.txt"
_SECRET_OPTIONS = ("secret_key", "client_secret", "password", "api_key")


def main() -> int:
    sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    scratch = Path(os.environ["SANDBOX_STATE"]).parent.with_name("leak-runs")
    shutil.rmtree(scratch, ignore_errors=True)
    _prove_that_it_finds(next(iter(_secrets(sandbox).values())))
    leaks: list[str] = []
    files = 0
    secrets = _secrets(sandbox)
    for path, switch in PATHS.items():
        sandbox.reset()
        where = scratch / switch
        _run_demo(where, switch)
        secrets |= _secrets(sandbox)  # the run rotated one key
        if path not in (where / OUTPUT).read_text("utf-8"):
            raise SystemExit(f"No task of the demo {path}.")
        for file, text in _texts(where):
            files += 1
            leaks += [f"{path}: {found} in {file}" for found in found_in(text, secrets)]
    print(
        f"Leak check: {len(secrets)} secrets, {len(forms(next(iter(secrets.values()))))} forms of"
        f" each, {len(PATHS)} execution paths, {files} files searched, {len(leaks)} leaks."
    )
    for leak in leaks:
        print(leak, file=sys.stderr)
    shutil.rmtree(scratch)
    return 1 if leaks else 0


def _secrets(sandbox: SandboxClient) -> dict[str, str]:
    """Every secret that the sandbox knows now, by a name that says what it is."""
    # A rotated key gets a new name, so that the old one is still looked for.
    keys = {
        f"key {name} ...{sandbox.key(name)[-4:]}": sandbox.key(name) for name in sandbox.state.keys
    }
    credentials = {
        f"{service} {identity} {option}": text
        for service, state in sandbox.state.services.items()
        for identity, options in state.identities.items()
        for option, text in options.items()
        if option in _SECRET_OPTIONS
    }
    return keys | credentials


def _run_demo(where: Path, switch: str) -> None:
    """The demo at -vvv with everything that writes files writing them below `where`."""
    where.mkdir(parents=True, mode=0o700)
    environment = {
        **os.environ,
        "HOME": str(where),
        "TMPDIR": str(where),
        "ANSIBLE_HOME": str(where / "ansible"),
        "ANSIBLE_LOG_PATH": str(where / "ansible.log"),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(where / "facts"),
        "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit",
        "JUNIT_OUTPUT_DIR": str(where / "junit"),
        "ANSIBLE_DISPLAY_TRACEBACK": "always",
        "MAIA_STRIPE_QUERY_IN_PROCESS": switch,
    }
    with (where / OUTPUT).open("w", encoding="utf-8") as output:
        status = subprocess.run(
            [sys.executable, "-m", "demo.demo", "-vvv", "--diff"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if status != 0:
        print((where / OUTPUT).read_text("utf-8")[-4000:], file=sys.stderr)
        raise SystemExit(f"The demo failed with MAIA_STRIPE_QUERY_IN_PROCESS={switch}.")


def _texts(directory: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield path.relative_to(directory), path.read_text("utf-8", errors="replace")


def _prove_that_it_finds(secret: str) -> None:
    """A search that finds nothing proves nothing unless it can find."""
    for form, text in forms(secret).items():
        if not found_in(f"before {text} after", {"canary": secret}):
            raise SystemExit(f"The leak check does not find a secret as {form}.")
    if found_in("nothing to see", {"canary": secret}):
        raise SystemExit("The leak check finds a secret where there is none.")


if __name__ == "__main__":
    sys.exit(main())
