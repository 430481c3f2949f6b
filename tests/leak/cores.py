# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions of ansible-core to test with, each in a virtual environment made on demand."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version as installed_version
from pathlib import Path

from leak.run import Core

_CHECKOUT = Path(__file__).resolve().parents[2]
_BUILD = _CHECKOUT / ".build" / "cores"
# Version -> what to install, and the Pythons that its controller runs on, best first.
# https://docs.ansible.com/ansible/latest/reference_appendices/release_and_maintenance.html
CORES = {
    "2.18": ("ansible-core==2.18.*", ("3.12", "3.13", "3.11")),
    "2.19": ("ansible-core==2.19.*", ("3.12", "3.13", "3.11")),
    "2.20": ("ansible-core==2.20.*", ("3.13", "3.12", "3.14")),
    "2.21": ("ansible-core==2.21.*", ("3.13", "3.12", "3.14")),
    "2.22": ("ansible-core==2.22.0rc1", ("3.13", "3.14")),
}
# More directories to look for Pythons in, for instance those of a version manager.
_SEARCHED = "TEST_PYTHONS"


def this_core() -> Core:
    """The one of the environment that runs this."""
    return Core(installed_version("ansible-core"), Path(sys.executable).parent)


def installed_core(version: str) -> Core | None:
    """That version, installed if need be; None if there is no Python for it."""
    package, wanted = CORES[version]
    where = _BUILD / version
    programs = where / "bin"
    ready = where / ".ready"
    if not ready.exists():
        python = next(_pythons(wanted), None)
        if python is None:
            return None
        print(f"  setting up {package} with {python}", flush=True)
        uv = str(Path(sys.executable).with_name("uv"))
        requirements = str(_CHECKOUT / "meta" / "ee-requirements.txt")
        for command in (
            [uv, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", python],
            [uv, "pip", "install", "--quiet", "--prerelease", "allow", "--python"],
        ):
            install = "pip" in command
            end = (
                [str(programs / "python"), package, "-r", requirements] if install else [str(where)]
            )
            subprocess.run([*command, *end], env=_outside_of_the_sandbox(), check=True)
        ready.touch()
    shown = subprocess.run(
        [programs / "python", "-c", "import ansible.release as r; print(r.__version__)"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.strip()
    return Core(shown, programs)


def _outside_of_the_sandbox() -> dict[str, str]:
    """The environment without the sandbox's proxy, which knows the way to its services alone."""
    return {name: text for name, text in os.environ.items() if not name.upper().endswith("_PROXY")}


def without_spaces(core: Core, directory: Path) -> Core:
    """The same by paths below this directory; Ansible quotes none of those of an async task."""
    venv, programs = directory / "venv", directory / "programs"
    programs.mkdir(parents=True)
    venv.symlink_to(core.programs.parent)
    for name in ("ansible-playbook", "ansible-inventory"):
        # The program's own first line names the interpreter as it was installed.
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {venv}/bin/python {venv}/bin/{name} "$@"\n')
        program.chmod(0o700)
    return Core(core.version, programs)


def _pythons(wanted: tuple[str, ...]) -> Iterator[str]:
    """Interpreters of those versions that do run: version managers leave commands that do not."""
    directories = [Path(text) for text in os.environ.get(_SEARCHED, "").split(os.pathsep) if text]
    for version in wanted:
        for candidate in (f"python{version}", *(str(d / f"python{version}") for d in directories)):
            test = [candidate, "-c", "import ensurepip"]
            try:
                if subprocess.run(test, capture_output=True, check=False).returncode == 0:
                    yield candidate
            except OSError:
                continue
