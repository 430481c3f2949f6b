# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do what the guides say, page by page: python -m guides [PAGE ...], inside a sandbox.

A page is the name of a guide, or the path of a Markdown file. The collection comes from the built
artifact. The page that sets up a controller does that in a home without anything; the others find
Ansible and the collection there.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import certifi

from guides.blocks import GuideError, Step, steps_of
from guides.markdown import ELSEWHERE, commands_of
from guides.session import base_python, run
from sandbox.client import SandboxClient
from tools.build import build
from tools.workspace import BUILD, CHECKOUT, checkout_files
from tools.workspace import run as call

GUIDES = CHECKOUT / "docs" / "docsite" / "rst"
FROM_SCRATCH = "first_project"
_WORK = BUILD / "guides-work"


def main(names: list[str]) -> int:
    markdown = [CHECKOUT / name for name in checkout_files() if name.endswith(".md")]
    pages = [_path(name) for name in names] or [*sorted(GUIDES.glob("*.rst")), *markdown]
    sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    shutil.rmtree(_WORK, ignore_errors=True)
    scratch, prepared = _variables(sandbox)
    try:
        for page in pages:
            if steps := _steps(page):
                sandbox.reset()
                started = time.monotonic()
                variables = scratch if page.stem == FROM_SCRATCH else prepared
                name = page.relative_to(CHECKOUT).as_posix()
                run(name, steps, _WORK / name.replace("/", "-"), variables)
                print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    except GuideError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def _path(name: str) -> Path:
    return CHECKOUT / name if name.endswith(".md") else GUIDES / f"{name}.rst"


def _steps(page: Path) -> list[Step]:
    if page.suffix == ".rst":
        return steps_of(page)
    return [step for step in commands_of(page) if step.command not in ELSEWHERE]


def _constraints() -> Path:
    """The versions that are locked, without hashes, which pip would want for all packages."""
    lines = (CHECKOUT / "requirements" / "lock.txt").read_text("utf-8").splitlines()
    file = _WORK / "constraints.txt"
    pinned = [line.removesuffix(" \\") for line in lines if "==" in line and line[0].isalnum()]
    file.write_text("\n".join(pinned), "utf-8")
    return file


def _variables(sandbox: SandboxClient) -> tuple[dict[str, str], dict[str, str]]:
    """The environment of a controller with nothing, and of one with Ansible and the collection."""
    artifact = build()
    collections = _WORK / "collections"
    install = ("ansible-galaxy", "collection", "install", "--offline", "-p", str(collections))
    if call(*install, str(artifact), env={"ANSIBLE_COLLECTIONS_PATH": str(collections)}):
        sys.exit("The artifact does not install.")
    programs = _WORK / "bin"
    programs.mkdir()
    (programs / "python3").symlink_to(base_python())
    path = os.pathsep.join((str(programs), os.defpath))
    authorities = _WORK / "authorities.pem"
    # For pip, which the sandbox's would keep from the package index.
    files = (sandbox.state.bundle, certifi.where(), os.environ.get("PIP_CERT", os.devnull))
    authorities.write_text("\n".join(Path(file).read_text("utf-8") for file in files), "utf-8")
    scratch = {
        "PATH": path,
        # A URL, since pip takes a blank for the end of a path.
        "PIP_CONSTRAINT": _constraints().as_uri(),
        # What is imported is compiled then, which is a tenth of it.
        "PIP_NO_COMPILE": "1",
        "REQUESTS_CA_BUNDLE": str(authorities),
        "GUIDE_ARTIFACT": str(artifact),
        "GUIDE_KEYS": str(Path(next(iter(sandbox.state.keys.values()))).parent),
        "GUIDE_PYTHON": sys.executable,
        "GUIDE_TESTS": str(CHECKOUT / "tests"),
    }
    return scratch, {
        **scratch,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), path)),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
