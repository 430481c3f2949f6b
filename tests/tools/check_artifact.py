# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the built collection: it is the same each time, has what users need, installs and loads."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from fnmatch import fnmatchcase
from pathlib import Path

from tools.build import build
from tools.workspace import BUILD, CHECKOUT, fresh_copy, run

NAME = "maia.stripe_query"
REQUIRED = (
    "MANIFEST.json",
    "FILES.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "SECURITY.md",
    "meta/runtime.yml",
    "meta/execution-environment.yml",
    "meta/ee-requirements.txt",
)
OPTIONAL = (
    "changelogs/changelog.yaml",
    "plugins/*.py",
    "roles/*.yml",
    "roles/*.j2",
    "roles/*/README.md",
    "playbooks/*.yml",
    "extensions/eda/rulebooks/*.yml",
    "docs/*.md",
    "docs/docsite/extra-docs.yml",
    "docs/docsite/rst/*.rst",
    "docs/images/*",
    "docs/policies/*",
)
# Of Markdown, without those that lead elsewhere.
_LINK = re.compile(r"\]\((?P<path>[^):#]+)(?:#[^)]*)?\)")


def files_in(artifact: Path) -> list[str]:
    with tarfile.open(artifact) as archive:
        return sorted(member.name for member in archive if not member.isdir())


def unexpected(names: list[str]) -> list[str]:
    patterns = REQUIRED + OPTIONAL
    return [name for name in names if not any(fnmatchcase(name, p) for p in patterns)]


def broken_links(root: Path) -> list[str]:
    """Relative links of the installed Markdown files that lead to no installed file."""
    return [
        f"{page.relative_to(root)} to {link['path']}"
        for page in sorted(root.rglob("*.md"))
        for link in _LINK.finditer(page.read_text(encoding="utf-8"))
        if not (page.parent / link["path"]).exists()
    ]


def documented_modules(collections: Path) -> dict[str, str]:
    """Module names of the installed collection, with their short descriptions."""
    done = subprocess.run(
        ["ansible-doc", "--type", "module", "--list", "--json", NAME],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    modules: dict[str, str] = json.loads(done.stdout)
    return modules


def expect(problems: list[str], what: str) -> None:
    if problems:
        sys.exit(f"{what}: {', '.join(problems)}")


def differs_elsewhere(artifact: Path) -> bool:
    """Whether another build is not the same: in another directory, of files of another time."""
    copy = fresh_copy("building again")
    for path in copy.rglob("*"):
        os.utime(path)
    return build(BUILD / "dist-again", copy).read_bytes() != artifact.read_bytes()


def main() -> None:
    artifact = build()
    if differs_elsewhere(artifact):
        sys.exit("Two builds differ.")
    names = files_in(artifact)
    expect(unexpected(names), "Not meant to be in the artifact")
    expect(sorted(set(REQUIRED) - set(names)), "Missing in the artifact")

    collections = BUILD / "installed"
    shutil.rmtree(collections, ignore_errors=True)
    env = {"ANSIBLE_COLLECTIONS_PATH": str(collections)}
    install = ("ansible-galaxy", "collection", "install", "--offline", "-p", str(collections))
    if run(*install, str(artifact), env=env):
        sys.exit("The artifact does not install.")
    if run("ansible-galaxy", "collection", "verify", "--offline", NAME, env=env):
        sys.exit("What was installed is not what the artifact's manifests say.")

    root = collections / "ansible_collections" / NAME.replace(".", "/")
    expect(broken_links(root), "Links that lead nowhere in an installed collection")

    modules = documented_modules(collections)
    for module, description in modules.items():
        print(f"{module}: {description}")
    expected = {f"{NAME}.{path.stem}" for path in (CHECKOUT / "plugins" / "modules").glob("*.py")}
    expect(sorted(expected ^ set(modules)), "Modules that differ from those of the checkout")

    for playbook in sorted((CHECKOUT / "playbooks").glob("*.yml")):
        if run("ansible-playbook", "--syntax-check", f"{NAME}.{playbook.stem}", env=env):
            sys.exit(f"The playbook {playbook.stem} does not load from the installed collection.")


if __name__ == "__main__":
    main()
