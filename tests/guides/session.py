# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the steps of a guide as one shell session, in a new home, against the sandbox."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from guides.blocks import GuideError, Step

_SECONDS = 600
# Nothing that make or the user set for Ansible and Python is a new user's.
_OTHERS = ("ANSIBLE_", "PYTHONPATH", "VIRTUAL_ENV", "XDG_")
# Separates what the steps print; no program prints it.
_MARK = "\x1e"
_PRELUDE = """\
# A key of the sandbox's Stripe, into a private file: copy_key NAME FILE
copy_key() { install -m 600 "$GUIDE_KEYS/$1.key" "$2"; }
# A new value for it: rotate_key NAME
rotate_key() { PYTHONPATH="$GUIDE_TESTS" "$GUIDE_PYTHON" -m guides.rotate "$1"; }
# What somebody made before us: by_hand
by_hand() { PYTHONPATH="$GUIDE_TESTS:$ANSIBLE_COLLECTIONS_PATH" "$GUIDE_PYTHON" -m guides.by_hand; }
# A file that another guide shows: page_file PAGE FILE
page_file() { PYTHONPATH="$GUIDE_TESTS" "$GUIDE_PYTHON" -m guides.page_file "$1" "$2"; }
"""


def run(page: str, steps: Sequence[Step], files: Path, variables: Mapping[str, str]) -> None:
    """Run them and compare what they print with what the guide shows; GuideError if it differs.

    files: a directory for the script and for what it prints.
    """
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True, mode=0o700)
    # Not below the checkout: people's homes have no space in their path, a checkout may.
    with TemporaryDirectory(prefix="stripe-query-home-") as home:
        _run(page, steps, files, {**_environment(), "HOME": home, **variables})


def _run(page: str, steps: Sequence[Step], files: Path, environment: Mapping[str, str]) -> None:
    script = files / "session.sh"
    script.write_text(_PRELUDE + "".join(_shell(steps, files)), encoding="utf-8")
    done = subprocess.run(
        ["bash", str(script)],
        cwd=environment["HOME"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    # For whoever wants to see what a reader sees.
    (files / "output.txt").write_text(done.stdout, encoding="utf-8")
    outputs = re.split(rf"{_MARK}(\d+) (\d+)\n", done.stdout)
    for step, output, status in zip(steps, outputs[0::3], outputs[2::3], strict=False):
        _compare(page, step, output, int(status))
    ended = len(outputs[2::3])
    if ended != len(steps):
        raise GuideError(f"{page}, line {steps[ended].line}: the session ended.\n{outputs[-1]}")


def _environment() -> dict[str, str]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(_OTHERS)}
    # Packages come from where they always come from, all else from the sandbox.
    index = "pypi.org,files.pythonhosted.org"
    return {**inherited, "NO_PROXY": index, "no_proxy": index, "PIP_QUIET": "1"}


def _shell(steps: Sequence[Step], files: Path) -> Iterator[str]:
    for number, step in enumerate(steps):
        if step.file:
            (files / str(number)).write_text(step.text, encoding="utf-8")
            target = shlex.quote(step.file)
            source = shlex.quote(str(files / str(number)))
            yield f'mkdir -p "$(dirname {target})" && cp {source} {target}\n'
        else:
            yield f"{step.command}\n"
        good = "-ne" if step.fails else "-eq"
        yield f"status=$?; printf '{_MARK}%d %d\\n' {number} $status\n"
        yield f"[ $status {good} 0 ] || exit\n"


def _compare(page: str, step: Step, output: str, status: int) -> None:
    where = f"{page}, line {step.line}: {step.command or step.file}"
    print(f"  {where}", flush=True)
    if (status != 0) is not step.fails:
        raise GuideError(f"{where}\nended with {status}:\n{output}")
    # Text below the table of a playbook is wrapped.
    rest = re.sub(r'",\n +"    ', " ", output)
    for line in step.expected:
        pattern = r"[^\n]*".join(map(re.escape, line.split("...")))
        # Ansible fills a recap and a banner with blanks and stars; a guide need not.
        found = re.search(re.sub(r"(\\ )+", r"[ ]+", pattern), rest)
        if not found:
            raise GuideError(f"{where}\ndid not print (here or any more): {line}\n{output}")
        rest = rest[found.end() :]


def base_python() -> str:
    """The Python that virtual environments are made of."""
    return str(getattr(sys, "_base_executable", sys.executable))
