# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation: the plugins' manuals, the guides, and Markdown files around them."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from tools.workspace import BUILD, fresh_copy, run

NAME = "maia.stripe_query"
# In the checkout the guides are where Ansible looks for them, in the site where antsibull-docs
# puts them.
_GUIDE_LINK = re.compile(r"\]\((?:\.\./)*docs/docsite/rst/(\w+)\.rst")


def build(output: Path) -> int:
    """Build the site into the directory; return the exit status of what failed, or 0."""
    source = fresh_copy("site")
    pages = source / "collection"
    pages.mkdir(mode=0o700)
    command = ("antsibull-docs", "collection", "--use-current", "--squash-hierarchy")
    options = ("--fail-on-error", "--dest-dir", str(pages), NAME)
    if status := run(*command, *options, env={"ANSIBLE_COLLECTIONS_PATH": str(source.parents[2])}):
        return status
    for path in source.rglob("*.md"):
        up = "../" * (len(path.relative_to(source).parents) - 1)
        text = path.read_text(encoding="utf-8")
        path.write_text(
            _GUIDE_LINK.sub(rf"]({up}collection/docsite/\1.rst", text), encoding="utf-8"
        )
    site = source / "docs" / "site"
    shutil.copy(site / "index.rst", source)
    shutil.rmtree(output, ignore_errors=True)
    strict = ("-W", "--keep-going", "-q", "-c", str(site), "-d", str(BUILD / "doctrees"))
    return run("sphinx-build", "-b", "html", *strict, str(source), str(output))


if __name__ == "__main__":
    html = BUILD / "docs"
    status = build(html)
    print(f"Look at {html / 'index.html'}" if not status else "The site could not be built.")
    sys.exit(status)
