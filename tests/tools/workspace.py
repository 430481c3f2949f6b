# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clean copy of the checkout, at the path that Ansible's tools insist on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / ".build"

# ansible-test downloads this script to put pip into its virtual environments; here Python's own
# copy of pip does, so that no host beside the package index is needed.
GET_PIP = """\
import subprocess, sys
sys.exit(subprocess.call([sys.executable, "-m", "ensurepip", "--default-pip"]))
"""


def run(*command: str, cwd: Path = CHECKOUT, env: dict[str, str] | None = None) -> int:
    """Run a command in the open and return its exit status."""
    print("+", *command, flush=True)
    return subprocess.call(command, cwd=cwd, env={**os.environ, **(env or {})})


def checkout_files() -> list[str]:
    """The files that belong to the collection: tracked, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    names = sorted(set(listing.split("\0")) - {""})
    return [name for name in names if (CHECKOUT / name).is_file()]


def fresh_copy(purpose: str) -> Path:
    """Copy those files anew and return where to; one place per purpose, so that none is in use."""
    copy = BUILD / f"copy-for-{purpose}" / "ansible_collections" / "maia" / "stripe_query"
    shutil.rmtree(copy, ignore_errors=True)
    for name in checkout_files():
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, target)
    # ansible-test asks git for the files; without this it would find the checkout around the copy,
    # which ignores .build.
    subprocess.run(
        ["git", "-c", "init.defaultBranch=main", "init", "--quiet"], cwd=copy, check=True
    )
    return copy


def run_ansible_test(
    copy: Path, command: str, *arguments: str, prefix: Path = Path(sys.prefix)
) -> int:
    """Run ansible-test in the copy; prefix: the virtual environment that has it."""
    installed = _ansible_test(prefix)
    python = installed.parents[1].name.removeprefix("python")
    home = _home(installed, copy.parents[2].name)
    with tempfile.TemporaryDirectory(prefix="stripe-query-") as directory:
        venv = prefix
        # ansible-test writes the interpreter into #! lines, which cannot hold a space; a checkout
        # may lie in a directory with one. Under another name all is compiled anew.
        if " " in str(prefix):
            venv = Path(directory) / "venv"
            venv.symlink_to(prefix)
        return run(
            *(str(venv / "bin" / "python"), str(venv / "bin" / "ansible-test"), command),
            *("--python", python, *arguments),
            cwd=copy,
            env={"HOME": home, "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        )


def _ansible_test(prefix: Path) -> Path:
    """The package in a virtual environment: lib/python3.11/site-packages/ansible_test."""
    (package,) = prefix.glob("lib/python3.*/site-packages/ansible_test")
    return package


def _home(installed: Path, purpose: str) -> str:
    """A home directory of ansible-test's own, that shares pip's settings and cache.

    One for each copy: what ansible-test makes there must not be made twice at once.
    """
    home = BUILD / "ansible-test" / purpose
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / f"get_pip_{_pip_version(installed).replace('.', '_')}.py").write_text(GET_PIP)
    for name in (".config/pip", ".cache/pip", ".pip"):
        real, link = Path.home() / name, home / name
        if real.is_dir() and not link.is_symlink():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(real)
    return str(home)


def _pip_version(installed: Path) -> str:
    """The pip that this version of ansible-test asks for; it offers no other way to learn it."""
    source = installed / "_internal" / "python_requirements.py"
    found = re.search(r"pip='([\d.]+)'", source.read_text())
    if not found:
        raise LookupError("ansible-test no longer names its version of pip where it did")
    return found[1]
